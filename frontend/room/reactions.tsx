// A nod without taking the floor: seen by all for a moment, kept nowhere.
import { send } from "./connection";
import { firstName } from "./ui/elements";
import { saying } from "./store";

const REACTIONS = ["Agree", "Thank you", "Well done", "Not sure"];

export const React = () => (
  <div class="react" role="group" aria-label="React">
    {REACTIONS.map((words) => <button key={words} type="button" class="btn quiet small" onClick={() => send({ t: "say", kind: "reaction", on: words })}>{words}</button>)}
  </div>
);

export const Reactions = () => (
  <ul class="reactions" aria-label="Reactions" aria-live="polite">
    {saying.value.filter(({ kind, on }) => kind === "reaction" && REACTIONS.includes(on)).map(({ by, on }) => <li key={by.id}>{firstName(by)}: {on}</li>)}
  </ul>
);
