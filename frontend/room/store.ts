// The room's records as signals: what the server has said, with this person's unanswered commands laid over it.
import { batch, computed, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { connect, line, send, serverNow } from "./connection";
import { optimisticEffects } from "./optimistic_updates";
import * as outbox from "./outbox";
import type { Kept } from "./outbox";
import { throttled } from "./throttle";
import type { Ack, Args, Derived, Frame, FromServer, Kind, Kinds, No, Owner, Present, Prose, Question, Records, Said, TextUpdate, Welcome, You } from "./protocol";
import { toast } from "./toasts";

const KINDS: Kind[] = [
  "timeline.entry", "causes.cause", "causes.finding", "incidents.impact", "incidents.incident", "actions.actionitem",
  "meetings.answer", "meetings.parkeditem", "meetings.note", "meetings.meeting", "postmortems.postmortem", "meetings.observation", "meetings.vote",
];
const MAX_IN_FLIGHT_COMMANDS = 20;
const MAX_FRAME_BYTES = 60_000;
const BUSY = 503;
const WRITE = "prose.write";
const BUSY_MS = 2_000;

export const you = signal<You | null>(null);
export const people = signal<Owner[]>([]);
export const questions = signal<Question[]>([]);
export const here = signal<Present[]>([]);
export const saying = signal<Said[]>([]);
export const derived = signal<Derived | null>(null);
/** Commands not yet in the server's log, oldest first. */
export const waiting = signal<Kept[]>([]);
/** How many texts hold words that are not commands yet: for a moment after each key. */
export const gathering = signal(0);
/** Commands that the server refused, until the person has dealt with each. */
export const refused = signal<Kept[]>([]);
/** False when the browser cannot keep commands over a reload. */
export const keeping = signal(true);

type Answered = (refusal: No | null) => void;
const answered = new Map<string, Answered>();
const sent = new Set<string>();
const acknowledged = new Map<string, number>();
let number = "";
let sequence: number | null = null;
let asking = false;
/** Records of the welcome that is on its way. */
let pieces: Records[] = [];
let order = 0;

const saved = Object.fromEntries(KINDS.map((kind) => [kind, signal(new Map())])) as unknown as {
  [K in Kind]: Signal<ReadonlyMap<string, Kinds[K]>>;
};

function overlaid<K extends Kind>(kind: K): ReadonlyMap<string, Kinds[K]> {
  const mine = waiting.value.filter((command) => optimisticEffects[command.do]?.kind === kind);
  const me = you.value;
  if (!mine.length || !me) return saved[kind].value;
  const rows = new Map(saved[kind].value);
  const scene = { you: me, incident: [...saved["incidents.incident"].value.values()][0], people: people.value };
  for (const command of mine) optimisticEffects[command.do]?.apply(rows as never, command.args, scene);
  return rows;
}

/** Changes records to how they once stood, while the meeting is replayed. */
export const past = signal<(<K extends Kind>(kind: K, rows: ReadonlyMap<string, Kinds[K]>) => ReadonlyMap<string, Kinds[K]>) | null>(null);

const asOf = <K extends Kind>(kind: K) => (past.value ? past.value(kind, overlaid(kind)) : overlaid(kind));

const shown = Object.fromEntries(KINDS.map((kind) => [kind, computed(() => asOf(kind))])) as unknown as {
  [K in Kind]: ReadonlySignal<ReadonlyMap<string, Kinds[K]>>;
};

/** All records of a kind by id, removed ones too, with own unanswered commands applied. */
export const recordsOf = <K extends Kind>(kind: K): ReadonlyMap<string, Kinds[K]> => shown[kind].value;

const unsavedIds = computed(() => new Set(waiting.value.flatMap(({ args }) => [String(args.id), String(args.entry ?? args.id)])));

/** Whether something this person did to the record has not yet reached the server. */
export const unsaved = (id: string): boolean => unsavedIds.value.has(id);

/** Joins the room: `room` is the incident's number, `path` its socket. */
export function join(room: string, path: string): void {
  number = room;
  connect(path, { opened: hello, received });
}

/** Who follows the texts that several write. */
interface Follower {
  /** The line is open, again or for the first time. */
  opened?: () => void;
  told?: (prose: Prose) => void;
  heard: (updates: TextUpdate[]) => void;
  /** Something written in the text was refused, so what was typed after it does not count either. */
  lost?: (of: string) => void;
}
const following = new Set<Follower>();

/** Tells `follower` of texts until the answer is called. */
export function followTexts(follower: Follower): () => void {
  following.add(follower);
  return () => void following.delete(follower);
}

type Watcher = (what: string, args: Args) => void;
let watcher: Watcher | null = null;

/** Has `watch` see each command before the records show it. */
export const beforeRun = (watch: Watcher) => void (watcher = watch);

/** Carries out a command: shown at once, kept until the server has it. Resolves with null, or with the refusal. */
export function run(what: string, args: Args, base: number | null = null): Promise<No | null> {
  const command: Kept = { op: crypto.randomUUID(), room: outboxRoom(), order: Date.now() + ++order / 1000, do: what, args, base };
  const answer = new Promise<No | null>((resolve) => answered.set(command.op, resolve));
  if (new Blob([JSON.stringify(command)]).size > MAX_FRAME_BYTES) {
    refuse(command, { t: "no", op: command.op, status: 413, message: "This is too long to send at once (60 KB at most). Split it in parts and add them one by one." });
    return answer;
  }
  watcher?.(what, args);
  waiting.value = [...waiting.value, command];
  void outbox.keep(command).then((kept) => (keeping.value &&= kept));
  pump();
  return answer;
}

/** Removes a record and offers to take that back: `noun` is a command's first half, such as "entry".
 * `again` brings back what has no command to restore it. */
export function removeWithUndo(noun: string, args: Args, words: string, again?: () => void): void {
  void run(`${noun}.remove`, args);
  toast(words, again ?? (() => void run(`${noun}.restore`, args)));
}

const outboxRoom = () => `${number}/${you.value?.id}`;

function hello(): void {
  asking = true;
  pieces = [];
  send({ t: "hello", v: 1, seq: sequence, pieces: true });
}

const frames = throttled<Frame>((some) => batch(() => some.forEach(frame)));

function received(message: FromServer): void {
  if (message.t === "welcome") welcome(message);
  else if (message.t === "piece") pieces.push(message.records);
  else if (message.t === "frame") frames.put(message);
  else if (message.t === "ack") ack(message);
  else if (message.t === "no") no(message);
  else if (message.t === "here") here.value = message.people;
  else if (message.t === "said") heard(message);
  else if (message.t === "prose") following.forEach((each) => each.told?.(message));
  else if (message.t === "derived") derived.value = { ...derived.value, ...message };
}

function welcome(message: Welcome): void {
  frames.flush();
  const first = you.value === null;
  asking = false;
  batch(() => {
    you.value = message.you;
    people.value = message.people;
    questions.value = message.questions;
    here.value = message.here;
    if (message.full) for (const kind of KINDS) saved[kind].value = new Map() as never;
    for (const records of [...pieces, message.records]) take(records);
    reach(message.seq);
  });
  pieces = [];
  sent.clear();
  following.forEach((each) => each.opened?.());
  if (first) void resume();
  else pump();
}

/** Commands of an earlier visit come before those of this one. */
async function resume(): Promise<void> {
  const kept = await outbox.unansweredFor(outboxRoom()).catch(() => []);
  const known = new Set(waiting.value.map((command) => command.op));
  const earlier = kept.filter((command) => !known.has(command.op));
  batch(() => {
    waiting.value = [...earlier.filter((command) => !command.refused), ...waiting.value];
    refused.value = earlier.filter((command) => command.refused);
  });
  pump();
}

function frame(message: Frame): void {
  if (sequence === null || message.seq <= sequence) return;
  if (message.after > sequence) {
    if (!asking) hello();
    return;
  }
  batch(() => {
    take(message.records);
    reach(message.seq);
    for (const { op } of message.said) if (op && isMine(op)) settle(op, null);
    unsay((each) => each.kind === "writing" && message.said.some(({ by }) => by?.id === each.by.id));
  });
  const written = message.records["writing.update"];
  if (written) following.forEach((each) => each.heard(written));
}

function take(records: Records): void {
  for (const kind of KINDS) {
    const rows = records[kind] ?? [];
    if (!rows.length) continue;
    const next = new Map(saved[kind].value as ReadonlyMap<string, unknown>);
    for (const row of rows) next.set(String(row.id), row);
    saved[kind].value = next as never;
  }
}

function reach(seq: number): void {
  sequence = seq;
  for (const [op, at] of acknowledged) if (at <= seq) settle(op, null);
}

function ack(message: Ack): void {
  outbox.forget(message.op);
  if (message.seq === null || message.seq <= (sequence ?? 0)) settle(message.op, null);
  else acknowledged.set(message.op, message.seq);
  pump();
}

const isMine = (op: string) => answered.has(op) || waiting.value.some((command) => command.op === op);

function settle(op: string, refusal: No | null): void {
  outbox.forget(op);
  acknowledged.delete(op);
  sent.delete(op);
  if (waiting.value.some((command) => command.op === op)) waiting.value = waiting.value.filter((command) => command.op !== op);
  answered.get(op)?.(refusal);
  answered.delete(op);
}

function no(message: No): void {
  if (message.status === BUSY) return tryAgainSoon(message.op);
  const command = waiting.value.find((each) => each.op === message.op);
  if (command?.do === WRITE) void giveBack(command, message);
  else if (command) refuse(message.status === 409 ? withLaterEdits(command) : command, message);
  pump();
}

/** The server could not save it just now (busy, disk full); it stays kept meanwhile. */
function tryAgainSoon(op: string): void {
  sent.delete(op);
  setTimeout(pump, BUSY_MS);
}

function refuse(command: Kept, message: No): void {
  const { status, message: reason, current } = message;
  batch(() => {
    settle(command.op, message);
    refused.value = [...refused.value, { ...command, op: `${command.op} refused`, refused: { status, message: reason, current } }];
  });
  void outbox.keep(refused.value.at(-1)!);
}

/** What was written after a refused change rests on it: all their words come back together. */
async function giveBack(command: Kept, message: No): Promise<void> {
  const { wordsOf } = await import("../writing/refused_words");
  const lost = waiting.value.filter((each) => each.do === WRITE && each.args.of === command.args.of);
  if (!lost.length) return;
  const text = wordsOf(lost.map((each) => String(each.args.update)));
  refuse({ ...command, args: { of: command.args.of, text } }, message);
  for (const { op } of lost) settle(op, null);
  following.forEach((each) => each.lost?.(String(command.args.of)));
  pump();
}

/** Edits of the same record made after a conflicting one rest on it, so they are asked about together. */
function withLaterEdits(command: Kept): Kept {
  const later = waiting.value.filter((each) => each !== command && each.do === command.do && targetOf(each) !== null && targetOf(each) === targetOf(command));
  for (const each of later) settle(each.op, null);
  return { ...command, args: Object.assign({}, command.args, ...later.map((each) => each.args)) };
}

/** Whether the command lost against somebody's newer version, which the person can read beside their own. */
export const isConflict = ({ refused: reason }: Kept) => reason?.status === 409 && typeof reason.current?.version === "number";

export function dismissRefused(op: string): void {
  refused.value = refused.value.filter((command) => command.op !== op);
  outbox.forget(op);
}

/** What a command is done to. */
const targetOf = ({ op, args }: Kept) => String(args.id ?? args.of ?? (args.step ? `${args.step} ${args.private}` : op));

/** Sends what is waiting, a bounded number at a time. What is done to one record keeps its order, and an edit waits for the one before. */
function pump(): void {
  if (line.value !== "open" || sequence === null) return;
  const editing = new Set<string>();
  const held = new Set<string>();
  for (const command of waiting.value) {
    if (acknowledged.has(command.op)) continue;
    const target = targetOf(command);
    const edits = command.base !== null;
    const mayGo = sent.size < MAX_IN_FLIGHT_COMMANDS && !held.has(target) && !(edits && editing.has(target));
    if (!sent.has(command.op)) {
      if (mayGo && send({ t: "do", op: command.op, do: command.do, args: command.args, base: command.base })) sent.add(command.op);
      else held.add(target);
    }
    if (edits) editing.add(target);
  }
}

/** What somebody said is forgotten a few seconds after they stop. */
function heard(message: Said): void {
  saying.value = [...saying.value.filter((each) => each.by.id !== message.by.id || each.kind !== message.kind), message];
  setTimeout(() => unsay((each) => each === message), Math.max(0, message.until - serverNow()));
}

function unsay(which: (said: Said) => boolean): void {
  if (saying.value.some(which)) saying.value = saying.value.filter((each) => !which(each));
}
