// Taking back one's own changes, one after the other, and doing them again.
import type { Args, Kind } from "./protocol";
import { beforeRun, recordsOf, run } from "./store";
import { takingBack, toast, undoLast } from "./toasts";

interface Deed {
  do: string;
  args: Args;
}

interface Step {
  did: Deed;
  undoes: Deed;
  at: number;
}

const MAX_UNDO_STEPS = 100;
const TOGETHER_MS = 5_000;
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

beforeRun((what, args) => {
  if (own) return;
  if (takingBack) return takeOut({ do: what, args });
  const undoes = opposite({ do: what, args });
  if (!undoes) return;
  const step = { did: { do: what, args }, undoes, at: Date.now() };
  const last = done.at(-1);
  if (last && continues(last, step)) done = [...done.slice(0, -1), { ...step, undoes: last.undoes }];
  else done = [...done.slice(1 - MAX_UNDO_STEPS), step];
  undone = [];
});

/** A message's button takes back its own step, wherever that stands. */
function takeOut(deed: Deed): void {
  const step = done.findLast(({ undoes }) => undoes.do === deed.do && undoes.args.id === deed.args.id);
  if (!step) return;
  done = done.filter((each) => each !== step);
  undone = [...undone, step];
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
  const { id, key, ...rest } = deed.args;
  const kept = { ...(id !== undefined && { id }), ...(key !== undefined && { key }) };
  const other = OPPOSITES[verb];
  if (other) return { do: `${noun}.${other}`, args: verb.endsWith("cite") ? deed.args : kept };
  const row = rowOf(deed);
  if (!row || !["change", "move", "mark"].includes(verb)) return null;
  const before = Object.keys(rest).map((name) => [name, plain(row[FIELD[name] ?? name])]);
  return { do: deed.do, args: { ...kept, ...Object.fromEntries(before) } };
}

/** Whether a step goes on with the sentence of the one before. */
const continues = (last: Step, next: Step) =>
  next.did.do.endsWith(".change") && last.did.do === next.did.do && last.did.args.id === next.did.args.id &&
  next.at - last.at < TOGETHER_MS && fieldsOf(last.did.args).join() === fieldsOf(next.did.args).join();

/** Whether what the person did still stands, so that taking it back takes nothing of somebody else's. */
function stillStands({ do: what, args }: Deed): boolean {
  const row = rowOf({ do: what, args });
  if (!row) return false;
  if (!what.endsWith(".change") && !what.endsWith(".mark")) return true;
  return fieldsOf(args).every((name) => name === "when" || JSON.stringify(plain(row[name])) === JSON.stringify(args[name]));
}

const again = ({ do: what, args }: Deed): Deed => (what.endsWith(".add") ? { do: what.replace(".add", ".restore"), args: { id: args.id, ...("key" in args && { key: args.key }) } } : { do: what, args });

function carryOut({ do: what, args }: Deed): void {
  own = true;
  void run(what, args);
  own = false;
}

export function undo(): void {
  const step = done.at(-1);
  if (undoLast(step?.at ?? 0)) return;
  if (!step) return toast("There is nothing of yours to take back.");
  done = done.slice(0, -1);
  if (!stillStands(step.did)) return toast("Somebody changed this after you, so it was left as it is.");
  carryOut(step.undoes);
  undone = [...undone, step];
  toast("Taken back.");
}

export function redo(): void {
  const step = undone.at(-1);
  if (!step) return toast("There is nothing to do again.");
  undone = undone.slice(0, -1);
  carryOut(again(step.did));
  done = [...done, { ...step, did: again(step.did), at: Date.now() }];
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
