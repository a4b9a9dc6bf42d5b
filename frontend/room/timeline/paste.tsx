// Taking over a chat log or another export: paste or choose it, see what it would become, choose, take over.
import { computed, signal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { page } from "../page";
import { Modal } from "../ui/elements";
import { run } from "../store";
import { toast } from "../toasts";
import { clock, day } from "../zones";
import { zone } from "./rows";

interface Message {
  happened_at: string;
  text: string;
  author: string;
  kind: string;
  key: string;
  already: boolean;
}

interface Preview {
  shape: string;
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

const chosen = computed(() => (preview.value?.messages ?? []).filter((message) => !message.already && !leftOut.value.has(message.key)));

/** Opens the dialog; with a text it shows at once what that would become. */
export function openPaste(text = ""): void {
  [open.value, log.value, preview.value, problem.value, leftOut.value] = [true, text, null, "", new Set()];
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
  const body = new FormData();
  body.append("zone", zone.value);
  if (what.file) body.append("file", what.file);
  else body.append("text", what.text ?? "");
  [reading.value, problem.value] = [true, ""];
  try {
    const answer = await fetch(page.paste, { method: "POST", body, headers: { "X-CSRFToken": page.csrf, Accept: "application/json" } });
    const said = (await answer.json()) as Preview & { message?: string };
    if (answer.ok) preview.value = said;
    else problem.value = said.message ?? "The server could not read this.";
  } catch {
    problem.value = "The connection broke off. Your text is kept here; try again when you are back.";
  }
  reading.value = false;
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
  for (const portion of portions(messages)) {
    const rows = portion.map(({ happened_at, text, author, kind, key }) => ({ id: crypto.randomUUID(), happened_at, text, author, kind, key }));
    void run("entry.take_over", { rows, source: preview.value?.shape ?? "" });
  }
  open.value = false;
  toast(`${messages.length} ${messages.length === 1 ? "message" : "messages"} taken over.`);
}

export function PasteDialog() {
  if (!open.value) return null;
  return (
    <Modal title="Paste a chat log" wide onClose={() => (open.value = false)}>
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
        <span class="label">From Slack, IRC, an export, or lines such as “14:11 alert fired”</span>
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
  const fresh = found.messages.length - already;
  const all = (event: Event) => (leftOut.value = (event.currentTarget as HTMLInputElement).checked ? new Set() : new Set(found.messages.map((message) => message.key)));
  return (
    <>
      <p class="meta">
        Read as {found.shape}: {count(found.messages.length, "message")}
        {already > 0 && `, ${already} of them in the timeline already`}
        {found.skipped.length > 0 && `, ${count(found.skipped.length, "line")} left out`}.
      </p>
      {fresh > 0 && <label class="check"><input type="checkbox" checked={chosen.value.length === fresh} onChange={all} /> All of them</label>}
      <ul class="log-preview">{found.messages.map((message) => <Offered key={message.key} message={message} />)}</ul>
      {found.skipped.length > 0 && <Skipped lines={found.skipped} />}
      <div class="buttons">
        <button type="button" class="btn primary" disabled={!chosen.value.length} onClick={takeOver}>Take over {count(chosen.value.length, "message")}</button>
        <button type="button" class="btn" onClick={() => (preview.value = null)}>Back to the text</button>
      </div>
    </>
  );
}

function Offered({ message }: { message: Message }) {
  const toggle = () => {
    const next = new Set(leftOut.value);
    if (!next.delete(message.key)) next.add(message.key);
    leftOut.value = next;
  };
  return (
    <li class={message.already ? "already" : undefined}>
      <label>
        <input type="checkbox" disabled={message.already} checked={!message.already && !leftOut.value.has(message.key)} onChange={toggle} />
        <time title={day(message.happened_at, zone.value)}>{clock(message.happened_at, zone.value)}</time>
        <span><b>{message.author}</b> {message.text} {message.already && <small>already in the timeline</small>}</span>
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
