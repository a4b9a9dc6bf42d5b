// What the room holds to be so.
import { useEffect, useRef, useState } from "preact/hooks";
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
  const [kind, setKind] = useState("");
  const [text, setText] = useState("");
  const [asked, setAsked] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const add = (chosen: string) => {
    if (!text.trim()) return;
    if (!chosen) return setAsked(true);
    void run("finding.add", { id: crypto.randomUUID(), cause: null, kind: chosen, text: text.trim() });
    setText("");
    setKind("");
    setAsked(false);
    field.current?.focus();
  };
  const submit = (event: Event) => {
    event.preventDefault();
    add(kind);
  };
  const choose = (chosen: string) => (asked ? add(chosen) : setKind(chosen));
  return (
    <form class="finding-row new" onSubmit={submit}>
      <Picker label="What kind of finding" choices={choicesOf(FINDINGS, MEANINGS)} chosen={kind ? [kind] : []} onChoose={choose} class={LOOKS[kind] ?? "chip"}>{FINDINGS[kind] ?? "which kind?"} ▾</Picker>
      <input ref={field} type="text" aria-label="Another finding" placeholder="Another finding…" maxLength={4000} value={text} onInput={(event) => setText(event.currentTarget.value)} />
      <button type="submit" class="btn small" disabled={!text.trim()}>Add</button>
      {asked && <AskKind onChoose={choose} onLeave={() => { setAsked(false); field.current?.focus(); }} />}
    </form>
  );
}

/** What it is decides whether an action must answer it: nobody else may say so than whoever writes it. */
function AskKind({ onChoose, onLeave }: { onChoose: (kind: string) => void; onLeave: () => void }) {
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => first.current?.focus(), []);
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Escape") onLeave();
  };
  return (
    <div class="finding-kinds" role="group" aria-label="What kind of finding is it?" onKeyDown={keys}>
      <span class="meta">What kind of finding is it?</span>
      {KINDS.map((kind, at) => <button key={kind} ref={at ? undefined : first} type="button" class="btn small" title={MEANINGS[kind]} onClick={() => onChoose(kind)}>{FINDINGS[kind]}</button>)}
    </div>
  );
}
