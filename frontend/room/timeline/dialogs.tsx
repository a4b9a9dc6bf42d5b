// Dialogs about one entry: a link that shows it, another account of its moment.
import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import { Modal, RichText, firstName } from "../ui/elements";
import type { Entry } from "../protocol";
import { run } from "../store";
import { clock } from "../zones";
import { attachLink } from "./evidence";
import { entries, zone } from "./rows";

const asked = signal<{ kind: "link" | "pair"; entry: Entry } | null>(null);

export const ask = (question: { kind: "link" | "pair"; entry: Entry }) => (asked.value = question);

function leave(): void {
  const entry = asked.value?.entry.id;
  asked.value = null;
  document.getElementById(`entry-${entry}`)?.focus();
}

export function EntryDialogs() {
  const question = asked.value;
  if (!question) return null;
  return question.kind === "link" ? <LinkDialog entry={question.entry} /> : <PairDialog entry={question.entry} />;
}

function LinkDialog({ entry }: { entry: Entry }) {
  const add = (event: SubmitEvent) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    attachLink(entry.id, String(fields.get("url")).trim(), String(fields.get("title")).trim());
    leave();
  };
  return (
    <Modal title="What showed it?" onClose={leave}>
      <p class="meta"><RichText text={entry.text} /></p>
      <form class="form" onSubmit={add}>
        <label class="field"><span class="label">Address</span><input name="url" type="url" required placeholder="https://…" autoFocus /></label>
        <label class="field"><span class="label">What it is</span><input name="title" placeholder="load balancer graph" maxLength={200} /></label>
        <div class="buttons"><button class="btn primary">Add the link</button></div>
      </form>
    </Modal>
  );
}

const OFFERED = 30;

/** The entries nearest in time, since two accounts of one moment are rarely far apart. */
function offered(entry: Entry, wanted: string): Entry[] {
  const distance = (other: Entry) => Math.abs(Date.parse(other.happened_at) - Date.parse(entry.happened_at));
  return entries.value
    .filter((other) => other.id !== entry.id && (!entry.moment || other.moment !== entry.moment) && other.text.toLowerCase().includes(wanted.toLowerCase()))
    .sort((a, b) => distance(a) - distance(b))
    .slice(0, OFFERED);
}

function PairDialog({ entry }: { entry: Entry }) {
  const [wanted, setWanted] = useState("");
  const pair = (other: Entry) => {
    void run("entry.pair", { id: entry.id, with: other.id });
    leave();
  };
  return (
    <Modal title="Which entry tells of the same moment?" wide onClose={leave}>
      <p class="meta">{clock(entry.happened_at, zone.value)} <RichText text={entry.text} /></p>
      <input type="search" aria-label="Search the timeline" placeholder="Search the timeline" autoFocus onInput={(event) => setWanted(event.currentTarget.value)} />
      <ul class="choices-list">
        {offered(entry, wanted).map((other) => (
          <li key={other.id}>
            <button type="button" onClick={() => pair(other)}>
              <time>{clock(other.happened_at, zone.value)}</time> <span><RichText text={other.text} /></span> <small>{other.author ? firstName(other.author) : other.source || "anonymous"}</small>
            </button>
          </li>
        ))}
      </ul>
    </Modal>
  );
}
