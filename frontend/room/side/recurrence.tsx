// What this incident may be the return of, and what to ask of the earlier actions.
import { place } from "../agenda";
import type { Returning as Back, StepKey } from "../protocol";
import { derived, questions } from "../store";
import { QuestionAnswers } from "./questions";

const STEPS: StepKey[] = ["causes", "prevention", "actions"];

export function Recurrences() {
  const backs = derived.value?.recurrences ?? [];
  if (!backs.length || !STEPS.includes(place.value)) return null;
  const asked = questions.value.filter((question) => question.phase === "returning");
  return (
    <section>
      <h2>Is it back?</h2>
      {backs.map((back) => <Known key={back.url} back={back} />)}
      {asked.map((question) => <QuestionAnswers key={question.id} question={question} />)}
    </section>
  );
}

const Known = ({ back: { name, url, words, actions, more } }: { back: Back }) => (
  <div class="prompt">
    <p><a href={url} target="_blank">{name}</a></p>
    <small>{words}</small>
    {actions.map(({ key, url: address, text, owner, state, open }) => (
      <small key={key}><a href={address} target="_blank">{key}</a> {text} · {owner && `${owner} · `}<span class={open ? "due" : "forward"}>{state}</span></small>
    ))}
    {more > 0 && <small>{more === 1 ? "1 more earlier action" : `${more} more earlier actions`}</small>}
  </div>
);
