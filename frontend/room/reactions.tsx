// A thumb up without a word: seen by all for a moment, kept nowhere.
import { send } from "./connection";
import { firstName } from "./pieces";
import { saying } from "./store";

const REACTIONS: [string, string][] = [["👍", "Agree"], ["❤️", "Thank you"], ["👏", "Well done"], ["🤔", "Not sure"], ["😮", "Surprised"]];

export const React = () => (
  <div class="react" role="group" aria-label="React">
    {REACTIONS.map(([sign, words]) => (
      <button key={sign} type="button" class="btn quiet small" aria-label={words} title={words} onClick={() => send({ t: "say", kind: "reaction", on: sign })}>{sign}</button>
    ))}
  </div>
);

const known = new Set(REACTIONS.map(([sign]) => sign));

export const Reactions = () => (
  <ul class="reactions" aria-label="Reactions" aria-live="polite">
    {saying.value.filter(({ kind, on }) => kind === "reaction" && known.has(on)).map(({ by, on }) => (
      <li key={by.id}><span aria-hidden="true">{on}</span> {firstName(by)}<span class="visually-hidden">: {REACTIONS.find(([sign]) => sign === on)?.[1]}</span></li>
    ))}
  </ul>
);
