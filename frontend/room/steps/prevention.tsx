// Prevention: the whole question bank with everyone's answers, and what was found so far.
import { look } from "../agenda";
import { actionsFor } from "../actions/list";
import { findings } from "../causes/findings";
import { FINDINGS, LOOKS } from "../causes/labels";
import type { Finding, Question } from "../protocol";
import { QuestionAnswers, HideAnswers } from "../side/questions";
import { questions } from "../store";

const PHASES: [Question["phase"], string][] = [
  ["prevention", "Prevention"],
  ["root_cause", "Root cause"],
  ["timeline", "Timeline"],
  ["impact", "Impact"],
  ["looking_back", "Looking back"],
];

export const Prevention = () => (
  <>
    <header class="stage-head">
      <div>
        <h1>What would have stopped it, or made it small?</h1>
        <p class="meta">Answers stay with the record. One click makes an answer an action, or puts it on the timeline.</p>
      </div>
      <HideAnswers />
    </header>
    <Found />
    <div class="room-bank">{PHASES.map(([phase, name]) => <Phase key={phase} phase={phase} name={name} />)}</div>
  </>
);

function Phase({ phase, name }: { phase: Question["phase"]; name: string }) {
  const asked = questions.value.filter((question) => question.phase === phase);
  if (!asked.length) return null;
  return <section><h2>{name}</h2>{asked.map((question) => <QuestionAnswers key={question.id} question={question} />)}</section>;
}

function Found() {
  const all = findings();
  if (!all.length) return null;
  return (
    <section class="found-so-far">
      <h2>Found so far</h2>
      <ul>{all.map((finding) => <li key={finding.id}><span class={LOOKS[finding.kind] ?? "chip"}>{FINDINGS[finding.kind]}</span><span>{finding.text}</span><Answered finding={finding} /></li>)}</ul>
    </section>
  );
}

function Answered({ finding }: { finding: Finding }) {
  const count = actionsFor(finding.id).length;
  if (!count && !finding.needs_action) return <small />;
  const words = count ? `${count} ${count === 1 ? "action" : "actions"}` : finding.no_action_reason ? "no action, with a reason" : "no action yet";
  return <button type="button" class={count || finding.no_action_reason ? "plainly" : "plainly due"} onClick={() => look("actions")}><small>{words}</small></button>;
}
