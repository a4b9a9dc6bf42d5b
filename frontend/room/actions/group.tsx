// A finding and what answers it.
import { useEffect, useState } from "preact/hooks";
import { closed, incident } from "../agenda";
import { FINDINGS, LOOKS } from "../causes/labels";
import { Unsaved } from "../ui/elements";
import type { Action, Finding } from "../protocol";
import { run } from "../store";
import { actionsFor, addAction, usualKind } from "./list";
import { adviceOn, askWhileTyping } from "../wording";
import { Reason, useFocus } from "./reason";
import { ActionRow } from "./row";
import { asksWho, SaidParts, useTypedLine } from "./typed_line";

export function Group({ finding }: { finding: Finding }) {
  const rows = actionsFor(finding.id);
  return (
    <section class="finding" id={`covers-${finding.id}`} tabIndex={-1} aria-label={finding.text}>
      <h3>{finding.text} <span class={LOOKS[finding.kind] ?? "chip"}>{FINDINGS[finding.kind]}</span> <Unsaved id={finding.id} /></h3>
      <Rows rows={rows} finding={finding} />
    </section>
  );
}

/** Actions one below the other, and a place for the next. `finding` is null for those without one. */
export function Rows({ rows, finding }: { rows: Action[]; finding: Finding | null }) {
  const [adding, setAdding] = useState(false);
  const open = () => setAdding(true);
  const bare = rows.length === 0 && finding !== null && !adding;
  return (
    <>
      <ul class="acts">
        {rows.map((action) => <ActionRow key={action.id} action={action} onEnter={open} />)}
        {finding?.no_action_reason && <LeftAlone finding={finding} />}
        {bare && !finding.no_action_reason && <Uncovered finding={finding} onAdd={open} />}
        {adding && <NewAction finding={finding} onLeave={() => setAdding(false)} />}
      </ul>
      {!closed.value && !adding && !bare && <button type="button" class="btn quiet small add" onClick={open}>+ Add an action</button>}
    </>
  );
}

function NewAction({ finding, onLeave }: { finding: Finding | null; onLeave: () => void }) {
  const field = useFocus();
  const { line, typed, write, keepAsWords, settle } = useTypedLine();
  const spot = `new action:${finding?.id ?? ""}`;
  const advice = typed.text ? adviceOn(spot, "") : undefined;
  useEffect(() => askWhileTyping("action", spot, typed.text, ""), [typed.text]);
  const add = () => {
    if (line.trim()) settle(({ text, ...said }) => addAction(finding?.id ?? null, text, usualKind(finding), said));
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Backspace" && isAtEnd(event.currentTarget as HTMLInputElement) && keepAsWords()) event.preventDefault();
    if (event.key !== "Escape") return;
    event.preventDefault();
    onLeave();
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!line.trim()) onLeave();
    else if (asksWho(typed)) (event.currentTarget as HTMLElement).querySelector<HTMLElement>(".asks")?.focus();
    else add();
  };
  const left = (event: FocusEvent) => {
    if ((event.currentTarget as HTMLElement).contains(event.relatedTarget as Node | null)) return;
    add();
    onLeave();
  };
  const choose = (words: string) => {
    write(words);
    field.current?.focus();
  };
  return (
    <li class="act new">
      <form onSubmit={submit} onFocusOut={left}>
        <input type="text" ref={field} aria-label="New action" placeholder={incident.value?.is_outage === false ? "Write down what may be left out by Friday, owned by…" : "Add an alert on pool use by Friday, owned by…"} maxLength={1000} value={line} onInput={(event) => write(event.currentTarget.value)} onKeyDown={keys} />
        <SaidParts line={line} typed={typed} onKeep={(part) => { keepAsWords(part); field.current?.focus(); }} onChoose={choose} />
        {advice?.words && <small class="hint due" aria-live="polite">{advice.words}{advice.rewrite && <> Try: “{advice.rewrite}”</>}</small>}
        <small><kbd>Enter</kbd> adds it and goes on · <kbd>Esc</kbd> leaves</small>
      </form>
    </li>
  );
}

const isAtEnd = (field: HTMLInputElement) => field.selectionStart === field.value.length && field.selectionEnd === field.value.length;

function Uncovered({ finding, onAdd }: { finding: Finding; onAdd: () => void }) {
  const [leaving, setLeaving] = useState(false);
  if (closed.value) return <li class="act"><p class="meta">No action.</p></li>;
  if (leaving) return <WhyNone finding={finding} onLeave={() => setLeaving(false)} />;
  return (
    <li class="act">
      <p class="meta">No action yet. Add one, or record why none is worth taking.</p>
      <button type="button" class="btn" onClick={onAdd}>Add action</button>
      <button type="button" class="btn" onClick={() => setLeaving(true)}>No action…</button>
    </li>
  );
}

function WhyNone({ finding, onLeave }: { finding: Finding; onLeave: () => void }) {
  const record = (reason: string) => void run("finding.leave", { id: finding.id, reason });
  return <li class="act new"><Reason asks="Why is no action worth taking?" onRecord={record} onLeave={onLeave} /></li>;
}

const LeftAlone = ({ finding }: { finding: Finding }) => (
  <li class="act">
    <p><span class="meta">No action:</span> {finding.no_action_reason}</p>
    {!closed.value && <button type="button" class="btn quiet small" onClick={() => void run("finding.take_up", { id: finding.id })}>Take it up again</button>}
  </li>
);
