// How the meeting went: a slider over its log takes the record back to any moment of it.
import { computed, signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { follow, look, nameOf, steps } from "./agenda";
import { page } from "./page";
import type { Kind, Kinds, Records, StepKey } from "./protocol";
import { past, people, you } from "./store";
import { toast } from "./toasts";
import { dayAndClock } from "./zones";

interface Deed {
  seq: number;
  at: string;
  kind: Kind;
  record: string;
  verb: string;
  label: string;
  changes: Record<string, [unknown, unknown]>;
}

const STEP_MS = 350;
const course = signal<Deed[] | null>(null);
/** Records that were removed before the end; the room does not hold them. */
let lost: Records = {};
const moment = signal(0);
export const replaying = computed(() => course.value !== null);

/** Loads the course and begins at its start. */
export async function replay(): Promise<void> {
  const answer = await fetch(`${page.home}room/course/`).catch(() => null);
  if (!answer?.ok) return toast("The course of the meeting could not be loaded. Try again in a moment.");
  const { rows, removed } = (await answer.json()) as { rows: Deed[]; removed: Records };
  lost = removed;
  course.value = rows;
  goTo(0);
}

function stop(): void {
  course.value = null;
  past.value = null;
  follow();
}

function goTo(at: number): void {
  const deeds = course.value ?? [];
  moment.value = at;
  const later = deeds.slice(at + 1).reverse();
  past.value = (kind, rows) => before(later, kind, rows);
  look(stepAt(deeds.slice(0, at + 1)));
}

/** Where the meeting was; before it began, where what was done can be seen. */
function stepAt(deeds: Deed[]): StepKey {
  const step = deeds.findLast((deed) => deed.changes.step)?.changes.step?.[1];
  return (step as StepKey | undefined) ?? (deeds.at(-1)?.kind === "timeline.entry" ? "timeline" : steps.value[0]!.key);
}

/** What was done, in words. */
function inWords({ kind, label, verb, changes }: Deed): string {
  if (changes.step?.[1]) return `${nameOf(changes.step[1] as StepKey)} began`;
  return kind === "meetings.meeting" ? `${label} ${verb}` : `${verb}: ${label}`;
}

/** The rows as they stood before `later`, newest first, was done. */
function before<K extends Kind>(later: Deed[], kind: K, rows: ReadonlyMap<string, Kinds[K]>): ReadonlyMap<string, Kinds[K]> {
  const gone = (lost[kind] ?? []) as Kinds[K][];
  const undone = new Map([...gone.map((row): [string, Kinds[K]] => [String(row.id), row]), ...rows]);
  for (const { kind: of, record, verb, changes } of later) {
    const row = of === kind ? undone.get(record) : undefined;
    if (!row || kind === "meetings.meeting") continue;
    if (verb === "added") undone.delete(record);
    else undone.set(record, { ...row, ...earlier(changes) });
  }
  return undone;
}

function earlier(changes: Deed["changes"]): object {
  return Object.fromEntries(Object.entries(changes).map(([name, [was]]) => valueOf(name, was)));
}

function valueOf(name: string, was: unknown): [string, unknown] {
  if (name === "removed_at") return ["removed", was !== null];
  if (name === "settled_at") return ["settled", was !== null];
  if (name === "owner") return ["owner", people.value.find((person) => person.id === was) ?? null];
  return [name, typeof was === "string" ? was.replace(/\+00:00$/, "Z") : was];
}

export function Replay() {
  const [playing, setPlaying] = useState(false);
  const deeds = course.value;
  const last = (deeds?.length ?? 1) - 1;
  useEffect(() => {
    if (!playing) return;
    const timer = setInterval(() => (moment.value < last ? goTo(moment.value + 1) : setPlaying(false)), STEP_MS);
    return () => clearInterval(timer);
  }, [playing, last]);
  if (!deeds?.length) return null;
  const now = deeds[Math.min(moment.value, last)]!;
  const words = `${dayAndClock(now.at, you.value?.zone ?? "UTC")}: ${inWords(now)}`;
  return (
    <div class="notice replay" role="group" aria-label="Replay">
      <button type="button" class="btn small" onClick={() => setPlaying(!playing)}>{playing ? "Pause" : "Play"}</button>
      <input type="range" min={0} max={last} value={moment.value} aria-label="Moment of the meeting" aria-valuetext={words} onInput={(event) => goTo(event.currentTarget.valueAsNumber)} />
      <span class="meta">{words}</span>
      <button type="button" class="btn small" onClick={stop}>End the replay</button>
    </div>
  );
}
