// Close: what has been decided, what is left, and what happens next.
import { closed, incident, leads, postmortem, started } from "../agenda";
import { actionsFor, withoutFinding } from "../actions/list";
import { dueWords } from "../actions/due";
import { findings } from "../causes/findings";
import { FINDINGS, LOOKS } from "../causes/labels";
import { CloseButton } from "../closing";
import { page } from "../page";
import { Who, firstName } from "../ui/elements";
import type { Action, Finding } from "../protocol";
import { After, Gate, at } from "../side/gate";
import { derived, past } from "../store";
import { ClosingRound } from "./closing_round";

export const Close = () => (past.value ? <Taken /> : closed.value ? <Closed /> : <Closing />);

/** While the meeting is replayed: what was decided by then. */
const Taken = () => (
  <>
    <header class="stage-head"><h1>What we take along</h1></header>
    <Decided />
  </>
);

const Closing = () => (
  <>
    <header class="stage-head">
      <div><h1>What we take along</h1><p class="meta">Read it once more, together. What is missing stands under “Ready to close?”.</p></div>
      <Button />
    </header>
    <Decided />
    <ClosingRound />
  </>
);

function Button() {
  const facilitator = postmortem.value?.facilitator;
  if (leads.value && started.value) return <Reasoned />;
  return <p class="meta">{started.value ? `${facilitator ? firstName(facilitator) : "The facilitator"} closes the meeting` : "The meeting has not begun"}</p>;
}

const Reasoned = () => (
  <div class="closing-button">
    <CloseButton />
    {!derived.value?.gate?.ready && <small class="due">{derived.value?.gate ? "First do what is left under “Ready to close?”" : "Looking at what is left…"}</small>}
  </div>
);

function Closed() {
  const { summary } = postmortem.value?.promises ?? {};
  const checkIn = postmortem.value?.check_in;
  return (
    <>
      <section class="closed-screen">
        <h1>Closed. Thank you, everyone.</h1>
        <p>What was decided is on its way. Two things come next for {incident.value?.key}:</p>
        <div class="next">
          <a class="card" href={`${page.home}summary/`}><b>The summary</b><span>It has written itself from the record; read it, give it your words, share it.</span><small>{summary ? `due ${at(summary)}` : "due within 24 hours"}</small></a>
          <a class="card" href={`${page.home}check-in/`}><b>The two-week check-in</b><span>Each action: done, verified, or in need of a new date.</span><small>{checkIn ? at(checkIn.starts_at) : "being planned"}</small></a>
        </div>
      </section>
      <ClosingRound />
      <Decided />
    </>
  );
}

function Decided() {
  const loose = withoutFinding();
  return (
    <section class="decided" aria-label="Decided">
      {findings().map((finding) => <Outcome key={finding.id} finding={finding} />)}
      {loose.length > 0 && <div class="outcome"><h3>Without a finding</h3><Decisions rows={loose} /></div>}
      {findings().length + loose.length === 0 && <p class="meta">{closed.value && !past.value ? "Nothing was found or decided." : "Nothing has been found or decided yet."}</p>}
    </section>
  );
}

function Outcome({ finding }: { finding: Finding }) {
  const rows = actionsFor(finding.id);
  const { no_action_reason: reason } = finding;
  return (
    <div class="outcome">
      <h3>{finding.text} <span class={LOOKS[finding.kind] ?? "chip"}>{FINDINGS[finding.kind]}</span></h3>
      {rows.length > 0 && <Decisions rows={rows} />}
      {reason && <p class="meta">No action: {reason}</p>}
      {!rows.length && !reason && finding.needs_action && <p><small class="due">no action yet, and no reason for none</small></p>}
    </div>
  );
}

const Decisions = ({ rows }: { rows: Action[] }) => (
  <ul>
    {rows.map((action) => (
      <li key={action.id}>
        <span>{action.text}</span>
        {action.owner ? <Who person={action.owner} /> : <small class="due">no owner</small>}
        {action.due_on ? <time dateTime={action.due_on}>{dueWords(action.due_on)}</time> : <small class="due">no date</small>}
      </li>
    ))}
  </ul>
);

export const CloseSide = () => (closed.value ? null : <><Gate /><After /></>);
