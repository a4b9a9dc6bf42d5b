// The timeline's rows in order: days, moments with their accounts, silences, and who is writing where.
import { computed, signal } from "@preact/signals";
import { incident, sayingAt } from "../agenda";
import type { Entry, Person } from "../protocol";
import { derived, recordsOf, you } from "../store";
import { within, type Clock } from "../typed_time";
import { day, today, year } from "../zones";

export type TimelineRow =
  | { type: "day"; key: string; words: string }
  | { type: "moment"; key: string; at: string; accounts: Entry[] }
  | { type: "gap"; key: string; words: string }
  | { type: "writing"; key: string; at: string; person: Person };

const DAY_MS = 24 * 3600_000;

/** The incident's clock, so that the whole room speaks of the same times. */
export const zone = computed(() => incident.value?.zone ?? you.value?.zone ?? "UTC");
export const start = computed(() => incident.value?.began_at ?? null);

const byTime = (a: Entry, b: Entry) => (a.happened_at < b.happened_at ? -1 : a.happened_at > b.happened_at ? 1 : 0);

/** The entry being edited. It stays while it is, even if somebody removes it meanwhile. */
export const editing = signal<string | null>(null);

export const entries = computed(() => [...recordsOf("timeline.entry").values()].filter((entry) => !entry.removed || entry.id === editing.value).sort(byTime));

/** Changes of the 24 hours before the start, which stand in front. */
export const changesBefore = computed(() => entries.value.filter(isChangeBefore));

function isChangeBefore(entry: Entry): boolean {
  if (!start.value || entry.kind !== "change" || entry.milestone) return false;
  const before = Date.parse(start.value) - Date.parse(entry.happened_at);
  return before > 0 && before <= DAY_MS;
}

/** Entries grouped by the moment they tell of, at the time of its first account. */
const moments = computed(() => {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries.value) {
    const key = entry.moment ?? entry.id;
    const group = groups.get(key);
    if (group) group.push(entry);
    else groups.set(key, [entry]);
  }
  return [...groups.values()];
});

export const rows = computed<TimelineRow[]>(() => {
  const gaps = new Map((derived.value?.silences ?? []).map((silence) => [silence.after, silence.words]));
  const writers = sayingAt("timeline").map(({ by, on }) => ({ person: by, at: on.split(" ")[1] ?? "" }));
  const made: TimelineRow[] = [];
  for (const accounts of moments.value) {
    const at = accounts[0]!.happened_at;
    if (accounts.length === 1 && isChangeBefore(accounts[0]!)) continue;
    while (writers[0]?.at && writers[0].at < at) made.push(writingRow(writers.shift()!));
    made.push({ type: "moment", key: accounts[0]!.moment ?? accounts[0]!.id, at, accounts });
    const words = accounts.map((entry) => gaps.get(entry.id)).find(Boolean);
    if (words) made.push({ type: "gap", key: `gap ${accounts[0]!.id}`, words });
  }
  made.push(...writers.map(writingRow));
  return withDays(made);
});

const writingRow = ({ person, at }: { person: Person; at: string }): TimelineRow => ({ type: "writing", key: `writing ${person.id}`, at, person });

/** Whether a clock time alone does not say which moment is meant. */
export const spansDays = computed(() => {
  const [first, last] = [entries.value[0], entries.value.at(-1)];
  return Boolean(first && last) && day(first!.happened_at, zone.value) !== day(last!.happened_at, zone.value);
});

/** Headings where the entries span more than one day; years, where they are told in days. */
function withDays(plain: TimelineRow[]): TimelineRow[] {
  const heading = inDays.value ? year : day;
  const dayOf = (row: TimelineRow) => ("at" in row && row.at ? heading(row.at, zone.value) : "");
  if (new Set(plain.map(dayOf).filter(Boolean)).size < 2) return plain;
  let last = "";
  return plain.flatMap((row) => {
    const words = dayOf(row);
    if (!words || words === last) return [row];
    last = words;
    return [{ type: "day", key: `day ${words}`, words }, row];
  });
}

/** The last time of the incident that anybody named, to which a line without a time belongs. */
export const latest = computed(() => {
  const clock = timeClock(null);
  return entries.value.findLast((entry) => within(Date.parse(entry.happened_at), clock))?.happened_at ?? null;
});

export const inDays = computed(() => incident.value?.is_outage === false);

/** How typed times are read here. */
export const timeClock = (previous: string | null): Clock => ({
  previous,
  start: incident.value?.began_at ?? null,
  end: incident.value?.ended_at ?? null,
  zone: zone.value,
  today: today(you.value?.zone ?? zone.value),
  days: inDays.value,
});
