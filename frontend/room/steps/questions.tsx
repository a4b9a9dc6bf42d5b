// A step that consists of its questions.
import { nameOf, place } from "../agenda";
import { Asked, questionsOf } from "../side/ask";

export const Questions = () => (
  <>
    <header class="stage-head"><h1>{nameOf(place.value)}</h1></header>
    <div class="asked">{questionsOf(place.value).map((question) => <Asked key={question.id} question={question} />)}</div>
  </>
);
