// When two people changed the same thing: both texts, and the choice.
import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import { HIT, MISSED, NOTES, PEOPLE } from "./impact/fields";
import type { Kept } from "./outbox";
import { Modal, RichText } from "./ui/elements";
import type { Args } from "./protocol";
import { dismissRefused, isConflict, refused, run } from "./store";

const NAMES: Record<string, string> = {
  text: "Text", happened_at: "Time", when: "Time", kind: "Kind", category: "Category", due_on: "Due", owner: "Owner", priority: "Priority",
  ...Object.fromEntries([...HIT, ...MISSED, ...PEOPLE, NOTES].map((field) => [field.name, field.label])),
};

/** Conflicts left for later; a line under the bar keeps them in sight. */
export const setAside = signal<ReadonlySet<string>>(new Set());

/** One conflict at a time, oldest first. */
export function Conflicts() {
  const command = refused.value.find((each) => isConflict(each) && !setAside.value.has(each.op));
  return command ? <Conflict key={command.op} command={command} /> : null;
}

const plain = (value: unknown) => (value === null || value === undefined ? "" : typeof value === "object" && "name" in value ? String(value.name) : String(value));

function Conflict({ command }: { command: Kept }) {
  const theirs = command.refused?.current ?? {};
  const fields = Object.keys(command.args).filter((field) => field in NAMES);
  const [text, setText] = useState(plain(command.args.text));
  const keepTheirs = () => dismissRefused(command.op);
  const later = () => (setAside.value = new Set([...setAside.value, command.op]));
  const send = (args: Args) => {
    dismissRefused(command.op);
    void run(command.do, { ...command.args, ...args }, theirs.version as number);
  };
  return (
    <Modal title="Changed while you were writing" wide onClose={later}>
      <p class="meta">{command.refused?.message}</p>
      <div class="both">
        <section><h3>Now in the room</h3>{fields.map((field) => <Side key={field} field={field} value={plain(theirs[field === "when" ? "happened_at" : field])} />)}</section>
        <section>
          <h3>Yours</h3>
          {"text" in command.args && <textarea autoFocus aria-label="Your text" value={text} onInput={(event) => setText(event.currentTarget.value)} />}
          {fields.filter((field) => field !== "text").map((field) => <Side key={field} field={field} value={plain(command.args[field])} />)}
        </section>
      </div>
      <div class="buttons">
        <button type="button" class="btn primary" onClick={() => send("text" in command.args ? { text: text.trim() } : {})}>Keep mine</button>
        <button type="button" class="btn" onClick={keepTheirs}>Keep theirs</button>
      </div>
    </Modal>
  );
}

const Side = ({ field, value }: { field: string; value: string }) => (
  <p><small>{NAMES[field]}</small><br /><RichText text={value || "nothing"} /></p>
);
