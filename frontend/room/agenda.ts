// Where the meeting is, where this person looks, and how much time the step has left.
import { computed, effect, signal } from "@preact/signals";
import { send, serverNow, line } from "./connection";
import type { AgendaStep, Incident, Meeting, Person, PostMortem, Said, StepKey } from "./protocol";
import { derived, here, past, recordsOf, run, saying, you } from "./store";

const USUAL: AgendaStep[] = [
  { key: "welcome", name: "Welcome", minutes: 5 },
  { key: "timeline", name: "Timeline", minutes: 15 },
  { key: "causes", name: "Causes", minutes: 15 },
  { key: "impact", name: "Impact", minutes: 5 },
  { key: "prevention", name: "Prevention", minutes: 5 },
  { key: "actions", name: "Actions", minutes: 10 },
  { key: "close", name: "Close", minutes: 5 },
];

const first = <T>(rows: ReadonlyMap<string, T>): T | null => rows.values().next().value ?? null;

export const incident = computed<Incident | null>(() => first(recordsOf("incidents.incident")));
/** What the step of the timeline asks: minute by minute, or day by day. */
export const happened = () => {
  const unit = incident.value?.words.unit ?? "minute";
  return `What happened, ${unit} by ${unit}`;
};
export const postmortem = computed<PostMortem | null>(() => first(recordsOf("postmortems.postmortem")));
export const meeting = computed<Meeting | null>(() => first(recordsOf("meetings.meeting")));
export const steps = computed<AgendaStep[]>(() => (meeting.value?.steps.length ? meeting.value.steps : USUAL));
export const started = computed(() => meeting.value?.state === "live" || meeting.value?.state === "held");
export const live = computed(() => meeting.value?.state === "live");
/** The server's clock, once a second. */
export const second = signal(Date.now());
setInterval(() => (second.value = serverNow()), 1000);
const held = computed(() => meeting.value?.state === "held");
/** Whether the closed room is open again, for a day at most. */
export const reopened = computed(() => held.value && Date.parse(postmortem.value?.reopened_until ?? "1970-01-01") > second.value);
/** After closing, the room shows everything and changes nothing. */
export const closed = computed(() => (held.value && !reopened.value) || past.value !== null);
const isMe = (person: Person | null | undefined) => person?.id === you.value?.id;
export const isFacilitator = computed(() => isMe(postmortem.value?.facilitator));
/** Whether this person facilitates, alone or together with somebody. */
export const facilitates = computed(() => isFacilitator.value || isMe(meeting.value?.co_facilitator));
/** Facilitators and administrators lead; where nobody was chosen, anyone does. */
export const leads = computed(() => Boolean(facilitates.value || you.value?.administrator || !postmortem.value?.facilitator));

/** What somebody does in this meeting beside taking part, in words; "" for nothing. */
export function partOf(person: Person): string {
  const holds = (who: Person | null | undefined) => who?.id === person.id;
  const parts = [holds(postmortem.value?.facilitator) && "Facilitator", holds(meeting.value?.co_facilitator) && "Co-facilitator", holds(meeting.value?.scribe) && "Scribe"];
  return parts.filter(Boolean).join(", ");
}

/** The step the meeting is at. */
export const current = computed<StepKey>(() => meeting.value?.step || steps.value[0]!.key);
/** The step this person looks at on their own, or null while following. */
export const looking = signal<StepKey | null>(fromAddress());
export const place = computed<StepKey>(() => looking.value ?? current.value);

export const indexOf = (key: StepKey) => steps.value.findIndex((step) => step.key === key);
export const nameOf = (key: StepKey) => steps.value[indexOf(key)]?.name ?? key;
export const next = computed<AgendaStep | null>(() => steps.value[indexOf(current.value) + 1] ?? null);

export function look(key: StepKey): void {
  looking.value = key === current.value ? null : key;
  history.replaceState(null, "", looking.value ? `#${key}` : location.pathname + location.search);
}
export const follow = () => look(current.value);

// Once the meeting comes to where somebody looks, they go on with it.
effect(() => {
  if (looking.value === current.value) follow();
});

export function go(key: StepKey): void {
  void run("meeting.go", { step: key });
  looking.value = null;
  history.replaceState(null, "", location.pathname + location.search);
}

/** The entry that a link from elsewhere leads to, as its element is called; null without one. */
export const wantedEntry = /^#(entry-.+)$/.exec(location.hash)?.[1] ?? null;

function fromAddress(): StepKey | null {
  const wanted = location.hash.startsWith("#entry-") ? "timeline" : location.hash.slice(1);
  return USUAL.some((step) => step.key === wanted) ? (wanted as StepKey) : null;
}

effect(() => {
  if (line.value === "open") second.value = serverNow();
});

/** Seconds left in the step; below nought when it runs over; null without a clock. */
export const left = computed(() => {
  const ends = meeting.value?.step_ends_at;
  return ends && started.value && !closed.value ? Math.round((Date.parse(ends) - second.value) / 1000) : null;
});

/** How many things stand between the meeting and its end. */
export const leftToClose = computed(() => derived.value?.gate?.left.length ?? 0);

/** Those who write at a spot, such as "timeline" or an entry's id, with what they said beside it. */
export const sayingAt = (spot: string): Said[] =>
  saying.value.filter((each) => each.kind === "writing" && each.on.split(" ")[0] === spot && each.by.id !== you.value?.id);
export const writingAt = (spot: string): Person[] => sayingAt(spot).map((each) => each.by);

export const myHand = computed(() => Boolean(here.value.find((each) => each.id === you.value?.id)?.hand));
export const raiseHand = () => send({ t: "say", kind: "hand", on: myHand.value ? "down" : "up" });

const SAY_EVERY_MS = 2_500;
let saidAt = 0;
let saidOn = "";

/** Lets others see that this person writes at a spot; at most every few seconds. */
export function sayWriting(on: string): void {
  if (on === saidOn && Date.now() - saidAt < SAY_EVERY_MS) return;
  [saidAt, saidOn] = [Date.now(), on];
  send({ t: "say", kind: "writing", on });
}

effect(() => {
  if (line.value === "open") send({ t: "say", kind: "looking", on: place.value });
});
