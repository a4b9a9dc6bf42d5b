// The agenda, and changing it: minutes for each step, their order, and what a shorter meeting leaves out.
import { useState } from "preact/hooks";
import { closed, happened, indexOf, leads, look, meeting, steps } from "../agenda";
import type { AgendaStep, StepKey } from "../protocol";
import { run } from "../store";

const NAMES: Record<StepKey, string> = {
  welcome: "Welcome", timeline: "Timeline", causes: "Causes", impact: "Impact", prevention: "Prevention", actions: "Actions", close: "Close",
};
const KEYS = Object.keys(NAMES) as StepKey[];

const PURPOSE: Record<Exclude<StepKey, "timeline">, string> = {
  welcome: "Why we are here and how we talk",
  causes: "What made it possible",
  impact: "Whom it touched, and what it cost",
  prevention: "What would have stopped it or made it small",
  actions: "Who does what, by when",
  close: "What worked, and what we take along",
};

type Plan = [StepKey, number][];
const TEMPLATES: [string, Plan][] = [
  ["60 minutes", [["welcome", 4], ["timeline", 15], ["causes", 16], ["impact", 5], ["prevention", 7], ["actions", 10], ["close", 3]]],
  ["90 minutes", [["welcome", 6], ["timeline", 22], ["causes", 24], ["impact", 8], ["prevention", 10], ["actions", 15], ["close", 5]]],
  ["Short, 30 minutes", [["timeline", 9], ["causes", 10], ["actions", 8], ["close", 3]]],
];

const sum = (plan: Plan) => plan.reduce((total, [, minutes]) => total + (minutes || 0), 0);

export function Agenda() {
  const [editing, setEditing] = useState(false);
  const minutes = steps.value.reduce((total, step) => total + step.minutes, 0);
  if (editing) return <Editor onDone={() => setEditing(false)} />;
  return (
    <section>
      <div class="spread"><h2>Agenda <small>{minutes} minutes</small></h2>{leads.value && meeting.value && !closed.value && <button type="button" class="btn quiet small" onClick={() => setEditing(true)}>Change</button>}</div>
      <ol class="room-agenda">{steps.value.map((step) => <AgendaRow key={step.key} step={step} />)}</ol>
    </section>
  );
}

const AgendaRow = ({ step }: { step: AgendaStep }) => (
  <li>
    <span class="num">{indexOf(step.key) + 1}</span>
    <span><button type="button" class="link" onClick={() => look(step.key)}>{step.name}</button> <small>{step.key === "timeline" ? happened() : PURPOSE[step.key]}</small></span>
    <span class="num meta">{step.minutes} min</span>
  </li>
);

function Editor({ onDone }: { onDone: () => void }) {
  const [plan, setPlan] = useState<Plan>(steps.value.map((step) => [step.key, step.minutes]));
  const left = KEYS.filter((key) => !plan.some(([each]) => each === key));
  const save = (event: SubmitEvent) => {
    event.preventDefault();
    void run("meeting.agenda", { steps: plan.map(([key, minutes]) => ({ key, minutes })) });
    onDone();
  };
  const move = (at: number, by: number) => {
    const next = [...plan];
    [next[at], next[at + by]] = [next[at + by]!, next[at]!];
    setPlan(next);
  };
  return (
    <form class="agenda-editor" aria-label="Change the agenda" onSubmit={save}>
      <h2>Agenda <small>{sum(plan)} minutes</small></h2>
      <div class="inline">{TEMPLATES.map(([name, rows]) => <button key={name} type="button" class="btn small" onClick={() => setPlan(rows)}>{name}</button>)}</div>
      <ol>
        {plan.map(([key, minutes], at) => (
          <li key={key}>
            <span>{NAMES[key]}</span>
            <label class="inline"><input type="number" min={1} max={120} required value={minutes} aria-label={`Minutes of ${NAMES[key]}`} onInput={(event) => setPlan(plan.with(at, [key, event.currentTarget.valueAsNumber]))} /> min</label>
            <span class="moves">
              <button type="button" class="btn quiet small" aria-label={`${NAMES[key]} earlier`} disabled={at === 0} onClick={() => move(at, -1)}>↑</button>
              <button type="button" class="btn quiet small" aria-label={`${NAMES[key]} later`} disabled={at === plan.length - 1} onClick={() => move(at, 1)}>↓</button>
              <button type="button" class="btn quiet small" aria-label={`Leave out ${NAMES[key]}`} disabled={key === "close"} onClick={() => setPlan(plan.toSpliced(at, 1))}>✕</button>
            </span>
          </li>
        ))}
      </ol>
      {left.length > 0 && <div class="inline">{left.map((key) => <button key={key} type="button" class="btn quiet small" onClick={() => setPlan(plan.toSpliced(-1, 0, [key, 5]))}>+ {NAMES[key]}</button>)}</div>}
      <div class="buttons"><button type="submit" class="btn primary">Save the agenda</button><button type="button" class="btn" onClick={onDone}>Cancel</button></div>
    </form>
  );
}
