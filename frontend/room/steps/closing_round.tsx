// The closing round: three questions that nobody can be tied to.
import { signal } from "@preact/signals";
import { closed, started } from "../agenda";
import type { Round } from "../protocol";
import { derived, run, waiting, you } from "../store";
import { toast } from "../toasts";

const VALUES = [1, 2, 3, 4, 5];
const ENDS = ["no", "very much"];
/** Outlives the change of the page when the meeting closes. */
const chosen = signal<Record<string, number>>({});
const sent = signal(false);

const given = () => sent.value || Boolean(you.value?.round_answered) || waiting.value.some((command) => command.do === "round.answer");

export function ClosingRound() {
  const round = derived.value?.round;
  if (!round || !started.value) return null;
  const send = (values: Record<string, number>) => {
    sent.value = true;
    void run("round.answer", values).then((refusal) => refusal || toast("Thank you. Nobody can tell which answers are yours."));
  };
  return (
    <section class="closing-round" aria-label="Closing round">
      <h2>Before you go <small>anonymous · {round.answered === 1 ? "1 answer" : `${round.answered} answers`}</small></h2>
      {!given() && !round.over && <Asking round={round} onSend={send} />}
      {given() && !round.over && <p class="meta">You have answered. Counts are shown once everybody who was there has answered, or a day after the meeting.</p>}
      {closed.value && <Results round={round} />}
    </section>
  );
}

function Asking({ round, onSend }: { round: Round; onSend: (values: Record<string, number>) => void }) {
  const values = chosen.value;
  const complete = round.questions.every(({ key }) => values[key]);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (complete) onSend(values);
  };
  return (
    <form onSubmit={submit}>
      {round.questions.map(({ key, text }) => (
        <fieldset key={key}>
          <legend>{text}</legend>
          <small>{ENDS[0]}</small>
          {VALUES.map((value) => (
            <label key={value}><input type="radio" name={key} value={value} checked={values[key] === value} onChange={() => (chosen.value = { ...values, [key]: value })} /> {value}</label>
          ))}
          <small>{ENDS[1]}</small>
        </fieldset>
      ))}
      <button type="submit" class="btn" disabled={!complete}>Send without my name</button>
    </form>
  );
}

const Results = ({ round }: { round: Round }) => (
  <dl>
    {round.questions.map(({ key, text, counts, before }) => (
      <div key={key}>
        <dt>{text}</dt>
        <dd>{counts ? <Spread counts={counts} label="this meeting" /> : <small>{round.over ? `Shown from ${round.fewest} answers on.` : "Shown once the round is over."}</small>}{before.some(Boolean) && <Spread counts={before} label="other meetings" />}</dd>
      </div>
    ))}
  </dl>
);

/** How often each value was given. */
function Spread({ counts, label }: { counts: number[]; label: string }) {
  const most = Math.max(...counts, 1);
  const words = counts.map((count, at) => `${at + 1}: ${count}`).join(", ");
  return (
    <figure class="spread-bars">
      <svg viewBox="0 0 100 32" role="img" aria-label={`${label}: ${words}`}>
        {counts.map((count, at) => <rect key={at} x={at * 20 + 2} width="16" y={30 - (count / most) * 28} height={(count / most) * 28 + 1} fill="var(--forward)" />)}
      </svg>
      <figcaption>{label}, 1 to 5</figcaption>
    </figure>
  );
}
