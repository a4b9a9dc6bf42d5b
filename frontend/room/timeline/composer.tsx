// The line at the foot of the timeline in which everybody writes what they saw.
import { computed, signal, useComputed, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { sayWriting } from "../agenda";
import { WordingHint } from "../wording_hint";
import { page } from "../page";
import { recordsOf, run } from "../store";
import { mayBeDated, readTime, type Read } from "../typed_time";
import { askWhileTyping } from "../wording";
import { clock, day } from "../zones";
import { lastMine } from "./entry";
import { uploadAll } from "./evidence";
import { openPaste } from "./paste";
import { editing, entries, inDays, latest, spansDays, start, timeClock, zone } from "./rows";
import { newKey } from "./secrets";
import { kindsOf } from "./labels";

const DRAFT = `followthrough draft ${page.number}`;
const draft = signal(localStorage.getItem(DRAFT) ?? "");
const anonymous = signal(false);
const kind = signal("observation");
const files = signal<File[]>([]);
/** The lines written here; those that the server refuses are no longer among the entries. */
const added = signal<string[]>([]);

function setDraft(text: string): void {
  draft.value = text;
  if (text) localStorage.setItem(DRAFT, text);
  else localStorage.removeItem(DRAFT);
}

/** The time of the line written before, as it stands now. */
const previous = computed(() => {
  const standing = recordsOf("timeline.entry");
  return added.value.map((id) => standing.get(id)).findLast((entry) => entry && !entry.removed)?.happened_at ?? null;
});
const anchor = () => previous.value ?? latest.value ?? start.value;
/** The line being written; letting a hint on it be says nothing of the next. */
const spot = () => `new entry ${added.value.length}`;
const read = (): Read => readTime(draft.value, timeClock(anchor()));

/** Whether the line names no time, so that the person is asked whether the one before is meant. */
const asking = signal(false);
const isTimed = () => read().given || mayBeDated(draft.value);

/** Adds the line; one that names no time is asked for it first, and `when` is the answer. */
function add(secretly: boolean, when = ""): void {
  const said = draft.value.trim();
  if (said && !when && !isTimed() && !read().problem) return void (asking.value = true);
  const line = when ? `${when} ${said}` : said || (files.value[0]?.name ?? "");
  if (!line || read().problem || (!read().text && !files.value.length)) return;
  asking.value = false;
  const id = crypto.randomUUID();
  const key = secretly ? { anonymous: true, key: newKey(id) } : {};
  const saved = run("entry.add", { id, line, previous: anchor(), kind: kind.value, ...key });
  uploadAll(id, files.value, saved);
  added.value = [...added.value, id];
  setDraft("");
  [files.value, kind.value] = [[], "observation"];
  requestAnimationFrame(() => document.getElementById(`entry-${id}`)?.scrollIntoView({ block: "nearest" }));
}

export function Composer() {
  const field = useRef<HTMLTextAreaElement>(null);
  const onSubmit = (event: Event) => {
    event.preventDefault();
    add(anonymous.value);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (event.key === "Enter") add(event.shiftKey || anonymous.value);
    else if (event.key === "ArrowUp" && !draft.value) editLast();
    else if (event.key === "Escape") field.current?.blur();
    else return;
    event.preventDefault();
  };
  const onInput = (event: InputEvent) => {
    asking.value = false;
    setDraft((event.currentTarget as HTMLTextAreaElement).value);
    askWhileTyping("said", spot(), read().text, "");
    if (!anonymous.value && draft.value) sayWriting(`timeline ${read().at}`);
  };
  useEffect(() => field.current?.focus({ preventScroll: true }), []);
  return (
    <form class="compose" id="compose" onSubmit={onSubmit} onDragOver={(event) => event.preventDefault()} onDrop={onDrop}>
      <TimeChip />
      <textarea ref={field} id="compose-line" rows={1} aria-label="What you saw" aria-describedby="compose-help compose-time" placeholder={placeholder()} value={draft} onInput={onInput} onKeyDown={onKeyDown} onPaste={onPaste} enterkeyhint="send" />
      <Tools />
      {asking.value ? <AskWhen onDone={() => field.current?.focus()} /> : <TimeHint />}
      {draft.value.trim() && <WordingHint id={spot()} stands="" />}
      <WaitingFiles />
    </form>
  );
}

const placeholder = () => (inDays.value ? `${day(anchor() ?? Date.now(), zone.value)} what was decided, and what showed it…` : `${clock(anchor() ?? Date.now(), zone.value)} what you saw, and what showed it…`);

const TimeChip = () => {
  const moment = useComputed(read).value;
  const elsewhere = spansDays.value || (latest.value && day(moment.at, zone.value) !== day(latest.value, zone.value));
  return (
    <output class={(moment.given && !moment.problem) || !draft.value ? "t" : "t assumed"} title={moment.given ? "The time you wrote" : "No time written: the entry before’s is taken"}>
      {(inDays.value || elsewhere) && `${day(moment.at, zone.value)} `}{!inDays.value && clock(moment.at, zone.value)}
    </output>
  );
};

/** Where a line will stand that names no time, or why its time cannot be. */
function TimeHint() {
  const { at, given, problem } = useComputed(read).value;
  if (problem) return <small id="compose-time" class="due" role="alert">{problem}</small>;
  if (given || !draft.value.trim() || mayBeDated(draft.value)) return null;
  const time = inDays.value ? day(at, zone.value) : clock(at, zone.value);
  return <small id="compose-time" class="meta">No time read yet: Enter asks whether it was {time}, {previous.value || latest.value ? "as the entry before" : "when it began"}.</small>;
}

/** Asks for the time that a line does not name; Enter keeps the one offered. */
function AskWhen({ onDone }: { onDone: () => void }) {
  const field = useRef<HTMLInputElement>(null);
  const problem = useSignal("");
  const offered = inDays.value ? day(read().at, zone.value).replace(/^\w+,? /, "") : clock(read().at, zone.value);
  useEffect(() => field.current?.select(), []);
  const keep = () => {
    const when = field.current?.value.trim() ?? "";
    const said = readTime(`${when} x`, timeClock(anchor()));
    if (!when || said.problem || (!said.given && !mayBeDated(`${when} x`))) return void (problem.value = said.problem ?? "This is not a time. Write it such as 14:11, +8 min or yesterday 23:50.");
    add(anonymous.value, when === offered ? momentOf(read().at) : when);
    onDone();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    event.stopPropagation();
    if (event.key === "Enter") keep();
    else if (event.key === "Escape") (asking.value = false), onDone();
    else return;
    event.preventDefault();
  };
  return (
    <div class="ask-when" role="group" aria-label="When was that?">
      <label>No time read. <input ref={field} class="time-field" aria-label="When was that?" aria-invalid={Boolean(problem.value)} defaultValue={offered} onKeyDown={onKeyDown} /></label>
      <button type="button" class="btn small primary" onClick={keep}>That is when</button>
      <button type="button" class="btn small quiet" onClick={() => ((asking.value = false), onDone())}>Back to the line</button>
      {problem.value && <small class="due" role="alert">{problem.value}</small>}
    </div>
  );
}

/** A moment as a line would say it, on the incident’s clock: `2026-11-20 14:11:30`, or the day alone. */
function momentOf(at: string): string {
  const said = new Date(at).toLocaleString("sv-SE", { timeZone: zone.value });
  return inDays.value ? said.slice(0, 10) : said;
}

const Tools = () => (
  <div class="compose-tools">
    <select aria-label="Kind" class="quiet-select" value={kind} onChange={(event) => (kind.value = event.currentTarget.value)}>
      {kindsOf().map(([name, words]) => <option key={name} value={name}>{words}</option>)}
    </select>
    <span class="meta" id="compose-help">
      <button class="link"><kbd>↵</kbd> add</button> · <button type="button" class="link" aria-pressed={anonymous.value} title="While this is on, nobody sees that you write" onClick={() => (anonymous.value = !anonymous.value)}><kbd>⇧↵</kbd> {anonymous.value ? "anonymous: on" : "anonymously"}</button>
    </span>
  </div>
);

const WaitingFiles = () =>
  files.value.length ? (
    <p class="waiting-files">{files.value.map((file) => <span key={file.name} class="chip">{file.name}</span>)}<button type="button" class="link" onClick={() => (files.value = [])}>without</button></p>
  ) : null;

function editLast(): void {
  const last = lastMine(entries.value, added.value);
  if (last) editing.value = last.id;
}

function onDrop(event: DragEvent): void {
  const dropped = [...(event.dataTransfer?.files ?? [])];
  if (!dropped.length) return;
  event.preventDefault();
  event.stopPropagation();
  files.value = [...files.value, ...dropped];
}

const LOG_LINES = 4;

/** Pictures wait for the line; several lines at once are a log, which gets its preview. */
function onPaste(event: ClipboardEvent): void {
  const pasted = [...(event.clipboardData?.files ?? [])];
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (pasted.length) files.value = [...files.value, ...pasted];
  else if (text.trim().split("\n").length >= LOG_LINES) openPaste(text);
  else return;
  event.preventDefault();
}
