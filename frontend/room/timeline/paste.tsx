// Taking over a chat log or another export: paste or choose it, see what it would become, choose, take over.
import { computed, signal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { incident } from "../agenda";
import { page } from "../page";
import { Modal } from "../ui/elements";
import { run, you } from "../store";
import { toast } from "../toasts";
import { asOne } from "../undo";
import { clock, day } from "../zones";
import { zone } from "./rows";

interface Message {
  happened_at: string;
  text: string;
  author: string;
  kind: string;
  key: string;
  already: boolean;
  /** When an entry with the same words stands, if there is one. */
  alike: string | null;
}

interface Preview {
  shape: string;
  /** What the log did not say itself. */
  assumed: { day: boolean; zone: boolean; order: "" | "day" | "month" };
  messages: Message[];
  skipped: { line: number; text: string; reason: string }[];
}

const ROWS_AT_ONCE = 40;
const BYTES_AT_ONCE = 40_000;

const open = signal(false);
const log = signal("");
const preview = signal<Preview | null>(null);
const leftOut = signal<ReadonlySet<string>>(new Set());
const problem = signal("");
const reading = signal(false);
/** What is being read, so that it can be read again on another clock or day. */
const given = signal<{ text?: string; file?: File }>({});
const saidZone = signal("");
const saidDay = signal("");
const saidOrder = signal("");

const chosen = computed(() => (preview.value?.messages ?? []).filter((message) => !message.already && !leftOut.value.has(message.key)));

/** Opens the dialog; with a text it shows at once what that would become. */
export function openPaste(text = ""): void {
  [open.value, log.value, preview.value, problem.value, leftOut.value] = [true, text, null, "", new Set()];
  [saidZone.value, saidDay.value, saidOrder.value] = [zone.value, "", ""];
  if (text) void look({ text });
}

/** Lets the person choose an exported file: Slack's zip or JSON, CSV, an alert's payload, text. */
export function importFile(): void {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = ".zip,.json,.jsonl,.csv,.tsv,.txt,.log";
  input.onchange = () => {
    const file = input.files?.[0];
    if (!file) return;
    openPaste();
    void look({ file });
  };
  input.click();
}

async function look(what: { text?: string; file?: File }): Promise<void> {
  given.value = what;
  const body = new FormData();
  body.append("zone", saidZone.value);
  body.append("day", saidDay.value);
  body.append("order", saidOrder.value);
  if (what.file) body.append("file", what.file);
  else body.append("text", what.text ?? "");
  [reading.value, problem.value] = [true, ""];
  try {
    const answer = await fetch(page.paste, { method: "POST", body, headers: { "X-CSRFToken": page.csrf, Accept: "application/json" } });
    const said = (await answer.json()) as Preview & { message?: string };
    if (answer.ok) show(said);
    else problem.value = said.message ?? "The server could not read this.";
  } catch {
    problem.value = "The connection broke off. Your text is kept here; try again when you are back.";
  }
  reading.value = false;
}

/** What stands in the timeline in the same words is left out unless the person wants it. */
function show(found: Preview): void {
  preview.value = found;
  leftOut.value = new Set(found.messages.filter((message) => message.alike && !message.already).map((message) => message.key));
}

function* portions(messages: Message[]): Generator<Message[]> {
  let [portion, size]: [Message[], number] = [[], 0];
  for (const message of messages) {
    const bytes = JSON.stringify(message).length * 2;
    if (portion.length && (portion.length === ROWS_AT_ONCE || size + bytes > BYTES_AT_ONCE)) {
      yield portion;
      [portion, size] = [[], 0];
    }
    portion.push(message);
    size += bytes;
  }
  if (portion.length) yield portion;
}

function takeOver(): void {
  const messages = chosen.value;
  const words = `${count(messages.length, "message")} from ${preview.value?.shape}`;
  asOne(words, () => {
    for (const portion of portions(messages)) {
      const rows = portion.map(({ happened_at, text, author, kind, key }) => ({ id: crypto.randomUUID(), happened_at, text, author, kind, key }));
      void run("entry.take_over", { rows, source: preview.value?.shape ?? "" });
    }
  });
  open.value = false;
  toast(`Taken over: ${words}. Ctrl Z (⌘ Z) takes all of it back.`);
}

export function PasteDialog() {
  if (!open.value) return null;
  return (
    <Modal title={`Paste ${incident.value?.words.log ?? "a chat log"}`} wide onClose={() => (open.value = false)}>
      {problem.value && <p class="notice error" role="alert">{problem.value}</p>}
      {preview.value ? <Look found={preview.value} /> : <Ask />}
    </Modal>
  );
}

function Ask() {
  const field = useRef<HTMLTextAreaElement>(null);
  const read = (event: Event) => {
    event.preventDefault();
    log.value = field.current?.value ?? "";
    void look({ text: log.value });
  };
  return (
    <form class="form" onSubmit={read}>
      <label class="field">
        <span class="label">From a chat, a document’s timeline, an export, or lines such as “{incident.value?.words.line_example ?? "14:11 alert fired"}”</span>
        <textarea ref={field} class="log" rows={12} required autoFocus defaultValue={log.value} />
      </label>
      <p class="meta">You see what it becomes before anything is added. Messages that are there already are not added twice.</p>
      <div class="buttons">
        <button class="btn primary" disabled={reading.value}>{reading.value ? "Reading…" : "Show what it becomes"}</button>
        <button type="button" class="btn" onClick={importFile}>Choose a file instead</button>
      </div>
    </form>
  );
}

const count = (many: number, one: string, more = `${one}s`) => `${many} ${many === 1 ? one : more}`;

function Look({ found }: { found: Preview }) {
  const already = found.messages.filter((message) => message.already).length;
  const alike = found.messages.filter((message) => message.alike && !message.already).length;
  const why = whyNothing(found, already);
  const fresh = found.messages.length - already;
  const all = (event: Event) => (leftOut.value = (event.currentTarget as HTMLInputElement).checked ? new Set() : new Set(found.messages.map((message) => message.key)));
  return (
    <>
      <p class="meta">
        {found.messages.length ? `Read as ${found.shape}: ` : "Nothing of this was read as a message: "}{count(found.messages.length, "message")}
        {already > 0 && `, ${already} of them in the timeline already`}
        {alike > 0 && `, ${alike} in words that stand there already (not ticked)`}
        {found.skipped.length > 0 && `, ${count(found.skipped.length, "line")} left out`}.
      </p>
      <Clocks found={found} />
      {fresh > 0 && <label class="check"><input type="checkbox" checked={chosen.value.length === fresh} onChange={all} /> All of them</label>}
      {found.messages.length > 0 && <ul class="log-preview">{found.messages.map((message, at) => <Offered key={message.key} message={message} before={found.messages[at - 1]} />)}</ul>}
      {found.skipped.length > 0 && <Skipped lines={found.skipped} />}
      <div class="buttons">
        <button type="button" class="btn primary" disabled={!chosen.value.length || reading.value} aria-describedby={why ? "paste-why" : undefined} onClick={takeOver}>Take over {chosen.value.length ? count(chosen.value.length, "message") : "messages"}</button>
        <button type="button" class="btn" onClick={() => (preview.value = null)}>Back to the text</button>
        {why && <span id="paste-why" class="due" role="status">{why}</span>}
      </div>
    </>
  );
}

/** Why there is nothing to take over, "" where there is. */
function whyNothing(found: Preview, already: number): string {
  if (chosen.value.length) return "";
  if (!found.messages.length) return "No line begins with a time that could be read, so there is nothing to take over. Go back, and put a time such as 14:11 before each line.";
  return already === found.messages.length ? "All of it is in the timeline already." : "Tick what is to be taken over.";
}

const again = () => void look(given.value);

/** The zone and the day of times that do not say them, to choose: they may come from another clock than the incident’s. */
function Clocks({ found }: { found: Preview }) {
  const first = found.messages[0];
  if (!first && !saidDay.value) return null;
  const shownDay = saidDay.value || new Date(first!.happened_at).toLocaleDateString("sv-SE", { timeZone: saidZone.value });
  return (
    <div class="log-clocks">
      {found.assumed.zone ? <Zones /> : <p class="meta">The times name their zone themselves. They are shown in {zone.value.replaceAll("_", " ")}.</p>}
      {(found.assumed.day || saidDay.value) && (
        <label class="field"><span class="label">Day of the first message</span>
          <input type="date" value={shownDay} onChange={(event) => ((saidDay.value = event.currentTarget.value), again())} />
        </label>
      )}
      {(found.assumed.order || saidOrder.value) && (
        <label class="field"><span class="label">Dates such as 05/06</span>
          <select value={saidOrder.value || found.assumed.order} onChange={(event) => ((saidOrder.value = event.currentTarget.value), again())}>
            <option value="day">day first: 5 June</option><option value="month">month first: May 6</option>
          </select>
        </label>
      )}
    </div>
  );
}

function Zones() {
  const near = [...new Set([zone.value, you.value?.zone ?? "UTC", "UTC", saidZone.value])];
  const others = Intl.supportedValuesOf("timeZone").filter((name) => !near.includes(name));
  return (
    <label class="field"><span class="label">The log’s clock</span>
      <select value={saidZone.value} onChange={(event) => ((saidZone.value = event.currentTarget.value), again())}>
        {[...near, ...others].map((name) => <option key={name} value={name} selected={name === saidZone.value}>{name.replaceAll("_", " ")}</option>)}
      </select>
    </label>
  );
}

function Offered({ message, before }: { message: Message; before: Message | undefined }) {
  const toggle = () => {
    const next = new Set(leftOut.value);
    if (!next.delete(message.key)) next.add(message.key);
    leftOut.value = next;
  };
  return (
    <li class={message.already ? "already" : undefined}>
      <label>
        <input type="checkbox" disabled={message.already} checked={!message.already && !leftOut.value.has(message.key)} onChange={toggle} />
        <time dateTime={message.happened_at}>{day(message.happened_at, zone.value) !== (before && day(before.happened_at, zone.value)) && <b>{day(message.happened_at, zone.value)} </b>}{clock(message.happened_at, zone.value)}</time>
        <span><b>{message.author}</b> {message.text} {message.already ? <small>already in the timeline</small> : message.alike && <small class="due">the same words stand at {clock(message.alike, zone.value)}</small>}</span>
      </label>
    </li>
  );
}

const Skipped = ({ lines }: { lines: Preview["skipped"] }) => (
  <details>
    <summary>{count(lines.length, "line")} left out</summary>
    <ul class="log-preview">{lines.map((line) => <li key={line.line}><small>line {line.line}</small> <q>{line.text}</q> <small>{line.reason}</small></li>)}</ul>
  </details>
);
