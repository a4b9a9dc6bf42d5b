// Taking back one's own changes, one after the other, and doing them again.
import type { Args, Kind } from "./protocol";
import { beforeRun, recordsOf, run, you } from "./store";
import { takingBack, toast, toastTakenBack, undoLast } from "./toasts";
import { clock } from "./zones";

interface Deed {
  do: string;
  args: Args;
}

/** What a person did at once: one command, or the many of a paste. */
interface Step {
  did: Deed[];
  undoes: Deed[];
  at: number;
  words: string;
}

const MAX_UNDO_STEPS = 100;
const TOGETHER_MS = 5_000;
const LONGEST_SHOWN = 60;
const KINDS: Record<string, Kind> = { entry: "timeline.entry", cause: "causes.cause", finding: "causes.finding", action: "actions.actionitem", impact: "incidents.impact" };
const OPPOSITES: Record<string, string> = {
  add: "remove", remove: "restore", restore: "remove", cite: "uncite", uncite: "cite", leave: "take_up", decline: "reopen",
};
/** Set by a command under another name than the record has it. */
const FIELD: Record<string, string> = { when: "happened_at" };
const NOT_FIELDS = new Set(["id", "key"]);

let done: Step[] = [];
let undone: Step[] = [];
let own = false;
let together: Step | null = null;

beforeRun((what, args) => {
  if (own) return;
  const deed = { do: what, args };
  if (takingBack) return takeOut(deed);
  const undoes = opposite(deed);
  if (!undoes) return;
  if (together) together = { ...together, did: [...together.did, deed], undoes: [undoes, ...together.undoes] };
  else keep({ did: [deed], undoes: [undoes], at: Date.now(), words: wordsOf(deed) });
});

function keep(step: Step): void {
  const last = done.at(-1);
  if (last && continues(last, step)) done = [...done.slice(0, -1), { ...step, undoes: last.undoes }];
  else done = [...done.slice(1 - MAX_UNDO_STEPS), step];
  undone = [];
}

/** Has all that `act` does taken back at once, under the name `words`. */
export function asOne(words: string, act: () => void): void {
  together = { did: [], undoes: [], at: Date.now(), words };
  act();
  const step = together;
  together = null;
  if (step.did.length) keep(step);
}

/** A message's button takes back its own step, wherever that stands. */
function takeOut(deed: Deed): void {
  const step = done.findLast(({ undoes }) => undoes.some((each) => each.do === deed.do && each.args.id === deed.args.id));
  if (!step) return;
  done = done.filter((each) => each !== step);
  undone = [...undone, step];
  say(step);
}

function rowOf({ do: what, args }: Deed): Record<string, unknown> | undefined {
  const kind = KINDS[what.split(".")[0]!];
  if (!kind) return undefined;
  const rows = recordsOf(kind) as ReadonlyMap<string, unknown>;
  return (kind === "incidents.impact" ? [...rows.values()][0] : rows.get(String(args.id))) as Record<string, unknown> | undefined;
}

const plain = (value: unknown) => (value && typeof value === "object" && "id" in value ? value.id : value);
const fieldsOf = (args: Args) => Object.keys(args).filter((name) => !NOT_FIELDS.has(name));

/** What takes a deed back, as the records stand before it; null for what cannot be. */
function opposite(deed: Deed): Deed | null {
  const [noun, verb] = deed.do.split(".") as [string, string];
  if (!KINDS[noun]) return null;
  if (verb === "take_over") return untaken(deed.args.rows as { id: string; key: string }[]);
  const { id, key, ...rest } = deed.args;
  const kept = { ...(id !== undefined && { id }), ...(key !== undefined && { key }) };
  const other = OPPOSITES[verb];
  if (other) return { do: `${noun}.${other}`, args: verb.endsWith("cite") ? deed.args : kept };
  const row = rowOf(deed);
  if (!row || !["change", "move", "mark"].includes(verb)) return null;
  const before = Object.keys(rest).map((name) => [name, plain(row[FIELD[name] ?? name])]);
  return { do: deed.do, args: { ...kept, ...Object.fromEntries(before) } };
}

const untaken = (rows: { id: string; key: string }[]): Deed => ({ do: "entry.take_back", args: { keys: rows.map(({ key }) => key), ids: rows.map(({ id }) => id) } });

/** Whether a step goes on with the sentence of the one before. */
function continues(last: Step, next: Step): boolean {
  const [one, other] = [last.did.at(-1)!, next.did[0]!];
  const isSame = other.do.endsWith(".change") && one.do === other.do && one.args.id === other.args.id;
  return isSame && next.did.length === 1 && next.at - last.at < TOGETHER_MS && fieldsOf(one.args).join() === fieldsOf(other.args).join();
}

/** Whether what the person did still stands, so that taking it back takes nothing of somebody else's. */
function stillStands({ do: what, args }: Deed): boolean {
  if (what.endsWith(".take_over")) return true;
  const row = rowOf({ do: what, args });
  if (!row) return false;
  if (!what.endsWith(".change") && !what.endsWith(".mark")) return true;
  return fieldsOf(args).every((name) => name === "when" || JSON.stringify(plain(row[name])) === JSON.stringify(args[name]));
}

const again = ({ do: what, args }: Deed): Deed => (what.endsWith(".add") ? { do: what.replace(".add", ".restore"), args: { id: args.id, ...("key" in args && { key: args.key }) } } : { do: what, args });

/** The beginning of a text, for a message. */
export const shortened = (text: string): string => (text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN - 1).trimEnd()}…` : text);

/** What a deed is about, as the records show it now: `14:03 alert fired`. */
function wordsOf(deed: Deed): string {
  const row = rowOf(deed);
  if (!row) return "";
  const incident = [...recordsOf("incidents.incident").values()][0];
  const at = typeof row.happened_at === "string" ? `${clock(row.happened_at, incident?.zone ?? you.value?.zone ?? "UTC")} ` : "";
  return `${at}${shortened(String(row.text ?? "").split("\n")[0]!)}`;
}

function say(step: Step): void {
  const [deed] = step.did;
  const words = step.words || wordsOf(deed!);
  const verb = deed!.do.split(".")[1];
  const about = verb === "remove" ? "the removal of " : verb === "add" || verb === "take_over" ? "" : "the change to ";
  toastTakenBack(words ? `Taken back: ${about}${words}` : "Taken back.", redo);
}

function carryOut(deeds: Deed[]): void {
  own = true;
  for (const { do: what, args } of deeds) void run(what, args);
  own = false;
}

export function undo(): void {
  const step = done.at(-1);
  if (undoLast(step?.at ?? 0)) return;
  if (!step) return toast("There is nothing of yours to take back.");
  done = done.slice(0, -1);
  if (!step.did.every(stillStands)) return toast("Somebody changed this after you, so it was left as it is.");
  const named = { ...step, words: step.words || wordsOf(step.did[0]!) };
  carryOut(step.undoes);
  undone = [...undone, named];
  say(named);
}

export function redo(): void {
  const step = undone.at(-1);
  if (!step) return toast("There is nothing to do again.");
  undone = undone.slice(0, -1);
  const did = step.did.map(again);
  carryOut(did);
  done = [...done, { ...step, did, at: Date.now() }];
}

addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.defaultPrevented) return;
  const key = event.key.toLowerCase();
  const wanted = key === "z" ? (event.shiftKey ? redo : undo) : key === "y" ? redo : null;
  const target = event.target as Element;
  if (!wanted || document.querySelector("dialog[open]") || target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
  event.preventDefault();
  wanted();
});
