// The live protocol, version 1: what goes over the socket, and the records it carries.

export interface Person {
  id: number;
  name: string;
  initials: string;
  hue: number;
}

/** Somebody who may own actions, with what they had open when the room was joined. */
export interface Owner extends Person {
  open: number;
  late: number;
}

export interface Row {
  id: string;
  version: number;
  removed: boolean;
}

export type EntryKind = "observation" | "action" | "alert" | "change" | "communication" | "handoff" | "milestone";

export interface Evidence {
  id: string;
  title: string;
  url: string;
  file_url: string;
  media_type: string;
}

export interface Entry extends Row {
  text: string;
  kind: EntryKind;
  happened_at: string;
  /** Only the day was said, and no time of it. */
  whole_day?: boolean;
  zone: string;
  milestone: string | null;
  author: Person | null;
  anonymous: boolean;
  source: string;
  moment: string | null;
  evidence: Evidence[];
}

export interface Cause extends Row {
  parent: string | null;
  position: number;
  text: string;
  category: string;
  author?: Person | null;
  evidence: string[];
}

export interface Finding extends Row {
  cause: string | null;
  kind: string;
  text: string;
  position: number;
  needs_action: boolean;
  no_action_reason: string;
}

export interface Impact extends Row {
  [field: string]: unknown;
}

export interface Incident extends Row {
  key: string;
  title: string;
  severity: string;
  kind: string;
  status: string;
  began_at: string | null;
  ended_at: string | null;
  zone: string;
  is_outage: boolean;
  /** What this kind of event is called, and what its timeline is made of. */
  words: { event: string; meeting: string; milestones: Record<string, string>; unit: string; line_example: string; log: string; entry_kinds: EntryKind[] };
  milestones: Record<string, { state: string; at: string | null }>;
  services: string[];
  /** What each person did in the incident, by person. */
  roles: Record<string, string[]>;
}

export interface Action extends Row {
  number: number;
  key: string;
  finding: string | null;
  text: string;
  kind: string;
  priority: string;
  state: string;
  /** Its owner was not there: it becomes a promise when they accept it. */
  asked: boolean;
  /** Its owner has said yes. */
  accepted: boolean;
  /** The date that its owner would rather have. */
  proposed_due_on: string | null;
  /** Somebody else committed to it for its owner. */
  on_behalf: boolean;
  owner: Person | null;
  due_on: string | null;
  wording_accepted: boolean;
  decline_reason: string;
  links: { id: string; title: string; url: string }[];
}

export interface Answer extends Row {
  question: number;
  /** Empty for others while `hidden`. */
  text: string;
  author: Person | null;
  hidden: boolean;
}

export interface Vote extends Row {
  /** A cause or a parked item. */
  about: string;
  author: Person | null;
}

export interface Parked extends Row {
  text: string;
  author: Person | null;
  settled: boolean;
}

export interface Note extends Row {
  step: StepKey;
  text: string;
  /** Of shared notes, for showing them. */
  html?: string;
  private: boolean;
}

/** A Yjs update, in base64, of a text that several write. */
export interface TextUpdate {
  id: string;
  of: string;
  update: string;
}

/** The answer to "open": what was missing, or why not. */
export interface Prose {
  t: "prose";
  of: string;
  update?: string;
  locked?: string;
  refused?: string;
}

export type StepKey = "welcome" | "timeline" | "causes" | "impact" | "prevention" | "actions" | "close";

export interface AgendaStep {
  key: StepKey;
  name: string;
  minutes: number;
}

export interface Meeting extends Row {
  state: "scheduled" | "live" | "held" | "cancelled";
  starts_at: string;
  minutes: number;
  zone: string;
  step: StepKey | "";
  step_ends_at: string | null;
  /** What it was planned for, once it has begun. */
  planned_at: string | null;
  started_at: string | null;
  ended_at: string | null;
  answers_hidden: boolean;
  co_facilitator: Person | null;
  scribe: Person | null;
  present: Person[];
  steps: AgendaStep[];
}

export interface PostMortem extends Row {
  state: string;
  facilitator: Person | null;
  closed_at: string | null;
  /** Until when the closed room may be written in again. */
  reopened_until: string | null;
  participants: (Person & { required: boolean })[];
  promises: Record<string, string>;
  check_in: { starts_at: string; zone: string } | null;
}

export interface Observation extends Row {
  text: string;
  author: Person | null;
}

export interface Kinds {
  "timeline.entry": Entry;
  "causes.cause": Cause;
  "causes.finding": Finding;
  "incidents.impact": Impact;
  "incidents.incident": Incident;
  "actions.actionitem": Action;
  "meetings.answer": Answer;
  "meetings.parkeditem": Parked;
  "meetings.note": Note;
  "meetings.meeting": Meeting;
  "postmortems.postmortem": PostMortem;
  "meetings.observation": Observation;
  "meetings.vote": Vote;
}
export type Kind = keyof Kinds;
export type Records = { [K in Kind]?: Kinds[K][] } & { "writing.update"?: TextUpdate[] };

export interface You extends Person {
  zone: string;
  facilitator: boolean;
  administrator: boolean;
  /** Whether the closing round has this person's answers. */
  round_answered: boolean;
}

export interface Question {
  id: number;
  phase: "timeline" | "root_cause" | "impact" | "prevention" | "looking_back" | "returning";
  text: string;
}

export interface Present extends Person {
  step: string;
  /** When it went up, in milliseconds since 1970. */
  hand: number | null;
  attention: "here" | "idle" | "away";
}

export interface Check {
  cause: string | null;
  level: "ok" | "hint" | "due";
  text: string;
  /** Another wording of the cause, to be taken as it is. */
  rewrite?: string | null;
}

export interface GateItem {
  text: string;
  finding?: string | null;
  action?: string | null;
  /** What the post-mortem closes without unless somebody says why, or "". */
  missing?: string;
}

/** Something that every post-mortem has and this one has not; `reason` is "" until somebody says why. */
export interface Missing {
  what: string;
  text: string;
  reason: string;
}

export interface Similar {
  key: string;
  title: string;
  url: string;
  began_at: string;
  reason: string;
}

/** Something that keeps coming back, of which this may be one more, with the actions of earlier times. */
export interface Returning {
  name: string;
  url: string;
  words: string;
  actions: { key: string; text: string; url: string; owner: string; state: string; open: boolean }[];
  /** How many more actions there are. */
  more: number;
}

/** A sentence that blames, with what to ask instead; only the facilitator sees it. */
export interface Blame {
  kind: Kind;
  id: string;
  quoted: string;
  reason: string;
  question: string;
  rewrite: string;
}

/** The cost by its formula, and what the services' objectives and revenue say. */
export interface WorkedOut {
  cost: number | null;
  formula: string;
  minutes: number | null;
  objective_minutes: number | null;
  objective: string[];
  revenue_lost: number | null;
  revenue: string[];
  currency: string;
}

/** The closing round; counts from 1 (no) to 5 (very much), null until they may be shown. */
export interface Round {
  answered: number;
  fewest: number;
  /** No answer is taken any more, and counts may be shown. */
  over: boolean;
  questions: { key: string; text: string; counts: number[] | null; before: number[] }[];
}

/** What the server works out from the records; a part is missing until it has been. */
export interface Derived {
  seq: number;
  strip?: string;
  fishbone?: string;
  silences?: { after: string; minutes: number; words: string }[];
  stages?: { name: string; minutes: number | null; words: string }[];
  checks?: Check[];
  gate?: { ready: boolean; covered: number; total: number; left: GateItem[]; missing?: Missing[] };
  wording?: Record<string, { specific: boolean; missing: string[]; suggestion: string }>;
  load?: { person: Person; open: number; late: number }[];
  impact?: WorkedOut;
  prompts?: Record<string, string>;
  similar?: Similar[];
  recurrences?: Returning[];
  round?: Round;
  facilitator?: { others: number; not_spoken: Person[]; blame: Blame[] };
}

export interface Welcome {
  t: "welcome";
  v: number;
  room: string;
  you: You;
  now: number;
  seq: number;
  full: boolean;
  /** What did not come in pieces before. */
  records: Records;
  people: Owner[];
  questions: Question[];
  here: Present[];
}

/** A part of the records of the welcome that follows. */
export interface Piece {
  t: "piece";
  piece: number;
  pieces: number;
  records: Records;
}

export interface Frame {
  t: "frame";
  after: number;
  seq: number;
  records: Records;
  said: { seq: number; op: string | null; verb: string; kind: string; id: string; by: Person | null; at: string }[];
}

export interface Ack {
  t: "ack";
  op: string;
  seq: number | null;
}

export interface No {
  t: "no";
  op: string;
  status: number;
  message: string;
  field?: string | null;
  current?: Record<string, unknown> | null;
}

export interface Said {
  t: "said";
  kind: "writing" | "hand" | "looking" | "attention" | "reaction" | "cursor";
  on: string;
  by: Person;
  until: number;
}

export type FromServer =
  | Welcome
  | Piece
  | Frame
  | Ack
  | No
  | Said
  | Prose
  | ({ t: "derived" } & Derived)
  | { t: "here"; people: Present[] }
  | { t: "pong"; at: number; now: number }
  | { t: "over"; reason: string };

export interface Do {
  t: "do";
  op: string;
  do: string;
  args: Args;
  base: number | null;
}

export type Args = Record<string, unknown>;

export type ToServer =
  | Do
  | { t: "hello"; v: 1; seq: number | null; pieces: true }
  | { t: "open"; of: string; vector?: string }
  | { t: "say"; kind: Said["kind"]; on: string }
  | { t: "ping"; at: number };
