// Optimistic updates: what each command does to the records, before the server has answered.
import { readTime, type Clock } from "./typed_time";
import { today } from "./zones";
import type { Args, Evidence, Incident, Kind, Kinds, Person, You } from "./protocol";

const LAST = Number.MAX_SAFE_INTEGER;

type Rows<K extends Kind> = Map<string, Kinds[K]>;

/** Who acts, and on which incident. */
export interface Scene {
  you: You;
  incident: Incident | undefined;
  people: Person[];
}

interface Effect<K extends Kind = Kind> {
  kind: K;
  apply(rows: Rows<K>, args: Args, scene: Scene): void;
}

const author = ({ you: { id, name, initials, hue } }: Scene): Person => ({ id, name, initials, hue });

function effect<K extends Kind>(kind: K, apply: Effect<K>["apply"]): Effect {
  return { kind, apply } as unknown as Effect;
}

function adds<K extends Kind>(kind: K, make: (args: Args, scene: Scene) => Partial<Kinds[K]> | null): Effect {
  return effect(kind, (rows, args, scene) => {
    const id = String(args.id);
    const made = rows.has(id) ? null : make(args, scene);
    if (made) rows.set(id, { id, version: 1, removed: false, ...made } as Kinds[K]);
  });
}

function alters<K extends Kind>(kind: K, change: (row: Kinds[K], args: Args, scene: Scene) => object | null): Effect {
  return effect(kind, (rows, args, scene) => {
    const row = rows.get(String(args.id));
    const changed = row && change(row, args, scene);
    if (row && changed) rows.set(row.id, { ...row, version: row.version + 1, ...changed });
  });
}

const removes = (kind: Kind) => alters(kind, () => ({ removed: true }));
const restores = (kind: Kind) => alters(kind, () => ({ removed: false }));

const setsFields = (kind: Kind, ...fields: string[]) =>
  alters(kind, (_row, args) => Object.fromEntries(fields.filter((field) => field in args).map((field) => [field, args[field]])));

function inTheOnly<K extends Kind>(kind: K, change: (row: Kinds[K], args: Args) => object): Effect {
  return effect(kind, (rows, args) => {
    for (const row of rows.values()) rows.set(String(row.id), { ...row, ...change(row, args) });
  });
}

const laterBy = (time: string | null, minutes: number) =>
  time && new Date(Date.parse(time) + minutes * 60_000).toISOString();

const clockOf = ({ you, incident }: Scene, previous: string | null): Clock => ({
  previous,
  start: incident?.began_at ?? null,
  end: incident?.ended_at ?? null,
  zone: incident?.zone ?? you.zone,
  today: today(you.zone),
  days: incident?.is_outage === false,
});

function changedEntry(row: Kinds["timeline.entry"], args: Args, scene: Scene): object {
  const when = typeof args.when === "string" ? readTime(args.when, clockOf(scene, row.happened_at)) : null;
  return {
    text: args.text ?? row.text,
    kind: args.kind ?? row.kind,
    happened_at: when ? when.at : row.happened_at,
  };
}

function newEntry(args: Args, scene: Scene): Partial<Kinds["timeline.entry"]> {
  const read = readTime(String(args.line), clockOf(scene, args.previous as string | null));
  return {
    text: read.text,
    happened_at: read.at,
    kind: (args.kind ?? "observation") as Kinds["timeline.entry"]["kind"],
    zone: scene.incident?.zone ?? scene.you.zone,
    milestone: null,
    author: args.anonymous ? null : author(scene),
    anonymous: Boolean(args.anonymous),
    source: "",
    moment: null,
    evidence: [],
  };
}

const personIn = ({ people }: Scene, id: unknown): Person | null => people.find((person) => person.id === id) ?? null;

const newAction = (args: Args, scene: Scene): Partial<Kinds["actions.actionitem"]> => ({
  key: "",
  finding: (args.finding ?? null) as string | null,
  text: String(args.text),
  kind: String(args.kind ?? "prevent"),
  priority: String(args.priority ?? "medium"),
  state: "proposed",
  asked: false,
  accepted: false,
  proposed_due_on: null,
  on_behalf: false,
  owner: personIn(scene, args.owner),
  due_on: (args.due_on ?? null) as string | null,
  wording_accepted: false,
  decline_reason: "",
  links: [],
});

const newCause = (args: Args): Partial<Kinds["causes.cause"]> => ({
  parent: (args.parent ?? null) as string | null,
  position: (args.position ?? LAST) as number,
  text: String(args.text),
  category: "",
  evidence: [],
});

const newFinding = (args: Args): Partial<Kinds["causes.finding"]> => ({
  cause: (args.cause ?? null) as string | null,
  kind: String(args.kind),
  text: String(args.text),
  position: LAST,
  needs_action: !["luck", "went_well"].includes(String(args.kind)),
  no_action_reason: "",
});

const takeOver = effect("timeline.entry", (rows, args, scene) => {
  for (const row of args.rows as { id: string; happened_at: string; text: string; author?: string }[]) {
    if (rows.has(row.id)) continue;
    const base = newEntry({ line: row.text, previous: row.happened_at, anonymous: true }, scene);
    const source = row.author ? `${args.source} · ${row.author}` : String(args.source);
    rows.set(row.id, { ...base, id: row.id, version: 1, removed: false, text: row.text, happened_at: row.happened_at, anonymous: false, source } as Kinds["timeline.entry"]);
  }
});

const takeBack = effect("timeline.entry", (rows, args) => {
  for (const id of args.ids as string[]) {
    const row = rows.get(id);
    if (row) rows.set(id, { ...row, removed: true, version: row.version + 1 });
  }
});

const pair = effect("timeline.entry", (rows, args) => {
  const [one, other] = [rows.get(String(args.id)), rows.get(String(args.with))];
  if (one && args.with === null) rows.set(one.id, { ...one, moment: null, version: one.version + 1 });
  if (!one || !other) return;
  const moment = one.moment ?? other.moment ?? one.id;
  for (const row of [one, other]) rows.set(row.id, { ...row, moment, version: row.version + 1 });
});

const settle = effect("timeline.entry", (rows, args) => {
  const stays = rows.get(String(args.id));
  for (const row of stays?.moment ? [...rows.values()] : []) {
    if (row.moment === stays?.moment && row !== stays) rows.set(row.id, { ...row, removed: true, version: row.version + 1 });
  }
});

const link = effect("timeline.entry", (rows, args) => {
  const row = rows.get(String(args.entry));
  if (!row || row.evidence.some((piece) => piece.id === args.id)) return;
  const piece: Evidence = { id: String(args.id), title: String(args.title ?? ""), url: String(args.url), file_url: "", media_type: "" };
  rows.set(row.id, { ...row, evidence: [...row.evidence, piece] });
});

const unlink = effect("timeline.entry", (rows, args) => {
  for (const row of rows.values()) {
    if (!row.evidence.some((piece) => piece.id === args.id)) continue;
    rows.set(row.id, { ...row, evidence: row.evidence.filter((piece) => piece.id !== args.id) });
  }
});

const writeNote = effect("meetings.note", (rows, args) => {
  const known = [...rows.values()].find((note) => note.step === args.step && note.private === Boolean(args.private));
  const note = known ?? { id: `${args.step} ${args.private}`, version: 0, removed: false, step: args.step, private: Boolean(args.private) };
  rows.set(note.id, { ...note, version: note.version + 1, text: String(args.text) } as Kinds["meetings.note"]);
});

const without = (ids: string[], id: unknown) => ids.filter((each) => each !== id);

export const optimisticEffects: Record<string, Effect> = {
  "entry.add": adds("timeline.entry", newEntry),
  "entry.change": alters("timeline.entry", changedEntry),
  "entry.mark": alters("timeline.entry", (_row, args) => ({ milestone: args.milestone })),
  "entry.remove": removes("timeline.entry"),
  "entry.restore": restores("timeline.entry"),
  "entry.pair": pair,
  "entry.take_over": takeOver,
  "entry.take_back": takeBack,
  "evidence.link": link,
  "evidence.remove": unlink,
  "cause.add": adds("causes.cause", newCause),
  "cause.change": setsFields("causes.cause", "text", "category"),
  "cause.move": setsFields("causes.cause", "parent", "position"),
  "cause.remove": removes("causes.cause"),
  "cause.restore": restores("causes.cause"),
  "cause.cite": alters("causes.cause", (row, args) => ({ evidence: [...without(row.evidence, args.entry), args.entry] })),
  "cause.uncite": alters("causes.cause", (row, args) => ({ evidence: without(row.evidence, args.entry) })),
  "finding.add": adds("causes.finding", newFinding),
  "finding.change": setsFields("causes.finding", "kind", "text"),
  "finding.remove": removes("causes.finding"),
  "finding.restore": restores("causes.finding"),
  "finding.leave": alters("causes.finding", (_row, args) => ({ no_action_reason: args.reason })),
  "finding.take_up": alters("causes.finding", () => ({ no_action_reason: "" })),
  "impact.change": inTheOnly("incidents.impact", (row, args) => ({ version: row.version + 1, ...args })),
  "answer.give": adds("meetings.answer", (args, scene) => ({ question: args.question as number, text: String(args.text), author: author(scene), hidden: false })),
  "answer.change": setsFields("meetings.answer", "text"),
  "answer.remove": removes("meetings.answer"),
  "entry.settle": settle,
  "action.add": adds("actions.actionitem", newAction),
  "action.change": alters("actions.actionitem", (row, args, scene) => ({ ...args, owner: "owner" in args ? personIn(scene, args.owner) : row.owner })),
  "action.commit": alters("actions.actionitem", (row, _args, scene) => (row.owner?.id === scene.you.id ? { state: "committed", accepted: true } : {})),
  "action.accept": alters("actions.actionitem", () => ({ state: "committed", asked: false, accepted: true, on_behalf: false })),
  "action.accept_wording": alters("actions.actionitem", () => ({ wording_accepted: true })),
  "action.decline": alters("actions.actionitem", (_row, args) => ({ state: "declined", decline_reason: args.reason })),
  "action.reopen": alters("actions.actionitem", () => ({ state: "proposed", decline_reason: "" })),
  "action.remove": removes("actions.actionitem"),
  "action.restore": restores("actions.actionitem"),
  "park.add": adds("meetings.parkeditem", (args, scene) => ({ text: String(args.text), author: author(scene), settled: false })),
  "park.settle": alters("meetings.parkeditem", () => ({ settled: true })),
  "park.remove": removes("meetings.parkeditem"),
  "vote.cast": adds("meetings.vote", (args, scene) => ({ about: String(args.about), author: author(scene) })),
  "vote.take_back": removes("meetings.vote"),
  "note.write": writeNote,
  "meeting.go": inTheOnly("meetings.meeting", (_row, args) => ({ step: args.step, step_ends_at: null })),
  "meeting.hide_answers": inTheOnly("meetings.meeting", (_row, args) => ({ answers_hidden: args.hidden })),
  "meeting.extend": inTheOnly("meetings.meeting", (row, args) => ({ step_ends_at: laterBy(row.step_ends_at, Number(args.minutes)) })),
};
