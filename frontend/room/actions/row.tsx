// One action: what, who, by when.
import { useState } from "preact/hooks";
import { closed, leads } from "../agenda";
import { choicesOf } from "../causes/labels";
import { findings } from "../causes/findings";
import { InlineEdit, WritingHere } from "../inline_edit";
import { Picker } from "../picker";
import { Unsaved, Who } from "../ui/elements";
import type { Action } from "../protocol";
import { removeWithUndo, run, you } from "../store";
import { isWebAddress } from "../../writing/addresses";
import { toast } from "../toasts";
import { adviceOn, askWhileTyping, isLeftBe, letBe } from "../wording";
import { Due, dueWords } from "./due";
import { isHere, KINDS, KIND_MEANINGS, PRIORITIES, whyNotCommit, wordingOf } from "./list";
import { Owner } from "./owner";
import { Reason } from "./reason";

export function ActionRow({ action, onEnter }: { action: Action; onEnter: () => void }) {
  const { id, text, version, owner, due_on: due } = action;
  const [declining, setDeclining] = useState(false);
  const spot = `action:${id}`;
  const save = (words: string, base: number) => void (words ? run("action.change", { id, text: words }, base) : remove(action));
  const keys = (event: KeyboardEvent, field: HTMLTextAreaElement, flush: () => void) => {
    if (event.key !== "Enter" || event.shiftKey || closed.value || !field.value.trim()) return;
    event.preventDefault();
    flush();
    onEnter();
  };
  return (
    <li class={action.state === "declined" ? "act declined" : "act"} id={`action-${id}`}>
      <div class="said">
        <InlineEdit text={text} version={version} label={`Action ${action.key}`} save={save} spot={spot} onTyped={(words) => askWhileTyping("action", id, words, text)} onKeyDown={keys} />
        <Wording action={action} />
        <About action={action} onDecline={() => setDeclining(true)} />
        <small><WritingHere spot={spot} /> <Unsaved id={id} /></small>
      </div>
      <div class="owned">{closed.value ? owner && <Who person={owner} /> : <Owner action={action} />}</div>
      <div class="dated">{closed.value ? due && <time dateTime={due}>{dueWords(due)}</time> : <Due action={action} />}</div>
      <div class="end"><Links action={action} /><State action={action} /></div>
      {declining && <Reason asks="Why will this not be done?" onRecord={(reason) => void run("action.decline", { id, reason })} onLeave={() => setDeclining(false)} />}
    </li>
  );
}

const remove = (action: Action) => removeWithUndo("action", { id: action.id }, "Action removed.");

/** What is still missing to be specific, and a better form of it. */
function Wording({ action }: { action: Action }) {
  const { missing, suggestion } = missingIn(action);
  if (!missing || action.wording_accepted || closed.value || isLeftBe(action.id, missing)) return null;
  const take = () => {
    void run("action.change", { id: action.id, text: suggestion }, action.version);
    queueMicrotask(() => fillIn(action.id));
  };
  return (
    <small class="hint due" aria-live="polite">
      {missing} {suggestion && <>Try: “{suggestion}” <button type="button" class="link" onClick={take}>Use this wording</button></>}
      {suggestion && " · "}
      {leads.value
        ? <button type="button" class="link" onClick={() => void run("action.accept_wording", { id: action.id })}>Accept as it is</button>
        : <button type="button" class="link" onClick={() => letBe(action.id, missing)}>Keep as it is</button>}
    </small>
  );
}

/** Of what is typed now, or as it stands. */
function missingIn(action: Action): { missing: string; suggestion: string } {
  const typed = adviceOn(action.id, action.text);
  if (typed) return { missing: typed.words, suggestion: typed.rewrite };
  const wording = wordingOf(action);
  return { missing: wording?.missing[0] ?? "", suggestion: wording?.suggestion ?? "" };
}

/** Selects the first ‹…›, which is the writer's to say. */
function fillIn(id: string): void {
  const field = document.querySelector<HTMLTextAreaElement>(`#action-${CSS.escape(id)} textarea`);
  const gap = field && /‹[^›]*›/.exec(field.value);
  field?.focus();
  if (gap) field.setSelectionRange(gap.index, gap.index + gap[0].length);
}

const DECIDED = ["done", "verified", "declined"];

function About({ action, onDecline }: { action: Action; onDecline: () => void }) {
  const { id, kind, priority, wording_accepted: accepted } = action;
  const fine = accepted ? "accepted as it is" : wordingOf(action)?.specific && "specific";
  const change = (fields: object) => void run("action.change", { id, ...fields });
  return (
    <small class="about">
      {fine && <span class="forward">{fine} · </span>}
      <Choose label="Kind" names={KINDS} asides={KIND_MEANINGS} value={kind} onChoose={(next) => change({ kind: next })} look={fine ? "plainly forward" : "plainly"} />
      {" · "}
      <Choose label="Priority" names={PRIORITIES} value={priority} onChoose={(next) => change({ priority: next })} />
      {!closed.value && (
        <span class="nearby">
          <Belongs action={action} />
          {!DECIDED.includes(action.state) && <>{" · "}<button type="button" class="plainly" onClick={onDecline} aria-label={`Decline: ${action.text}`}>decline…</button></>}
          {" · "}<button type="button" class="plainly" onClick={() => remove(action)} aria-label={`Remove: ${action.text}`}>remove</button>
        </span>
      )}
    </small>
  );
}

interface ChooseProps {
  label: string;
  names: Record<string, string>;
  asides?: Record<string, string>;
  value: string;
  look?: string;
  onChoose: (id: string) => void;
}

const Choose = ({ label, names, asides, value, look = "plainly", onChoose }: ChooseProps) =>
  closed.value ? <>{names[value]}</> : <Picker label={label} choices={choicesOf(names, asides)} chosen={[value]} onChoose={onChoose} class={look}>{names[value]}</Picker>;

const NONE = "none";

/** Moves the action to another finding. */
function Belongs({ action: { id, finding } }: { action: Action }) {
  const choices = [...findings().map((each) => ({ id: each.id, label: each.text })), { id: NONE, label: "without a finding" }];
  if (choices.length === 1) return null;
  const choose = (next: string) => void run("action.change", { id, finding: next === NONE ? null : next });
  return <>{" · "}<Picker label="Finding that it answers" choices={choices} chosen={[finding ?? NONE]} onChoose={choose} class="plainly">{finding ? "move" : "give it a finding"}</Picker></>;
}

const Links = ({ action }: { action: Action }) => (
  <>{action.links.map((link) => <a key={link.id} class="chip note" href={isWebAddress(link.url) ? link.url : undefined} target="_blank" rel="noopener noreferrer">{link.title}</a>)}</>
);

const STATES: Record<string, string> = { committed: "committed", in_progress: "in progress", done: "done", verified: "verified", declined: "declined" };

function State({ action }: { action: Action }) {
  const { id, state, owner, accepted } = action;
  if (state === "declined") return <Declined action={action} />;
  const asksYou = !closed.value && owner?.id === you.value?.id && !accepted && Boolean(action.due_on) && (action.asked || action.on_behalf);
  if (action.proposed_due_on) return <ProposedDate action={action} day={action.proposed_due_on} />;
  if (asksYou) return <button type="button" class="btn small primary" title="Says that you take it on" onClick={() => void run("action.accept", { id })}>Accept</button>;
  if (action.asked) return <span class="chip due" title={`${owner?.name} was told and is asked to accept it. It becomes a promise then.`}>asked</span>;
  if (state !== "proposed") return <Promised action={action} />;
  if (closed.value) return <span class="chip">proposed</span>;
  return <Commit action={action} />;
}

/** The owner takes it on by another date: whoever changes it to that day has agreed. */
function ProposedDate({ action: { id, owner }, day }: { action: Action; day: string }) {
  const isTheirs = owner?.id === you.value?.id;
  const words = `${owner?.name} would rather have ${dueWords(day)}`;
  if (closed.value || isTheirs) return <span class="chip due" title={words}>proposed: {dueWords(day)}</span>;
  return <button type="button" class="btn small" title={`${words}. It is theirs once this is agreed; choose another date to ask for that.`} onClick={() => void run("action.change", { id, due_on: day })}>Agree to {dueWords(day)}</button>;
}

const Promised = ({ action: { state, owner, on_behalf: onBehalf } }: { action: Action }) => (
  <span class={onBehalf ? "chip" : "chip forward"} title={onBehalf ? `Committed on behalf of ${owner?.name}, who has not accepted it yet` : undefined}>✓ {STATES[state]}{onBehalf && " on their behalf"}</span>
);

function Commit({ action }: { action: Action }) {
  const { id, owner } = action;
  const reason = whyNotCommit(action);
  const commit = () => (reason ? toast(reason) : void run("action.commit", { id }));
  const away = owner && !isHere(owner);
  const meaning = away ? `${owner.name} is not here: they are told, and it becomes a promise when they accept it` : "Makes it a promise of its owner";
  return <button type="button" class="btn small" aria-disabled={Boolean(reason)} title={reason || meaning} onClick={commit}>{away ? `Ask ${owner.name.split(" ")[0]}` : "Commit to it"}</button>;
}

const Declined = ({ action: { id, text, decline_reason: reason } }: { action: Action }) => (
  <>
    <span class="chip" title={reason}>declined: {reason}</span>
    {!closed.value && <button type="button" class="btn quiet small" aria-label={`Take it up again: ${text}`} onClick={() => void run("action.reopen", { id })}>Take it up again</button>}
  </>
);
