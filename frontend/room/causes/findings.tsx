// What the room holds to be so.
import { useState } from "preact/hooks";
import { closed } from "../agenda";
import { InlineEdit, WritingHere } from "../inline_edit";
import { Picker } from "../picker";
import { Unsaved } from "../ui/elements";
import type { Finding } from "../protocol";
import { recordsOf, removeWithUndo, run } from "../store";
import { FINDINGS, LOOKS, MEANINGS, choicesOf } from "./labels";

const KINDS = Object.keys(FINDINGS);

/** Root causes first, then by kind, in the order they were found. */
export const findings = (): Finding[] =>
  [...recordsOf("causes.finding").values()]
    .filter((finding) => !finding.removed)
    .sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || a.position - b.position);

export function Findings() {
  const all = findings();
  return (
    <section class="findings" aria-labelledby="findings-head">
      <h2 id="findings-head">Findings</h2>
      {all.length === 0 && <p class="meta">None yet. Choose a cause above and make it a finding, or write one here: luck and what went well count too.</p>}
      <ul>{all.map((finding) => <Row key={finding.id} finding={finding} />)}</ul>
      {!closed.value && <NewFinding />}
    </section>
  );
}

function Row({ finding }: { finding: Finding }) {
  const { id, kind, text, version } = finding;
  const spot = `finding:${id}`;
  const save = (words: string, base: number) => void (words ? run("finding.change", { id, text: words }, base) : remove());
  const remove = () => removeWithUndo("finding", { id }, "Finding removed.");
  const name = FINDINGS[kind] ?? kind;
  return (
    <li class="finding-row" id={`finding-${id}`}>
      {closed.value ? <span class={LOOKS[kind] ?? "chip"}>{name}</span> : (
        <Picker label="What kind of finding" choices={choicesOf(FINDINGS, MEANINGS)} chosen={[kind]} onChoose={(next) => void run("finding.change", { id, kind: next })} class={LOOKS[kind] ?? "chip"}>{name}</Picker>
      )}
      <div class="said"><InlineEdit text={text} version={version} label={`Finding: ${name}`} save={save} spot={spot} limit={4000} /><WritingHere spot={spot} /> <Unsaved id={id} /></div>
      {!closed.value && <button type="button" class="btn quiet small" aria-label={`Remove the finding: ${text}`} onClick={remove}>✕</button>}
    </li>
  );
}

function NewFinding() {
  const [kind, setKind] = useState("went_well");
  const [text, setText] = useState("");
  const add = (event: Event) => {
    event.preventDefault();
    if (!text.trim()) return;
    void run("finding.add", { id: crypto.randomUUID(), cause: null, kind, text: text.trim() });
    setText("");
  };
  return (
    <form class="finding-row new" onSubmit={add}>
      <Picker label="What kind of finding" choices={choicesOf(FINDINGS, MEANINGS)} chosen={[kind]} onChoose={setKind} class={LOOKS[kind] ?? "chip"}>{FINDINGS[kind]} ▾</Picker>
      <input type="text" aria-label="Another finding" placeholder="Another finding…" maxLength={4000} value={text} onInput={(event) => setText(event.currentTarget.value)} />
      <button type="submit" class="btn small" disabled={!text.trim()}>Add</button>
    </form>
  );
}
