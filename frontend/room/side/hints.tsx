// What the server noticed: incidents like this one, hints for the facilitator.
import { firstName } from "../pieces";
import type { Blame } from "../protocol";
import { drawn } from "../store";
import { ago } from "../zones";

export function SeenBefore() {
  const similar = drawn.value?.similar ?? [];
  if (!similar.length) return null;
  return (
    <section>
      <h2>Seen before</h2>
      {similar.map((incident) => (
        <div class="prompt" key={incident.key}>
          <p><a href={incident.url} target="_blank">{incident.key}</a> · {incident.title}</p>
          <small>{ago(incident.began_at)} · {incident.reason}</small>
        </div>
      ))}
    </section>
  );
}

/** What only the facilitator is shown. */
export function ForTheFacilitator() {
  const seen = drawn.value?.facilitator;
  if (!seen || (!seen.not_spoken.length && !seen.blame.length)) return null;
  return (
    <section>
      <h2>For the facilitator</h2>
      {seen.not_spoken.length > 0 && <p class="meta">Not heard yet: {seen.not_spoken.map(firstName).join(", ")}.</p>}
      {seen.blame.length > 0 && (
        <details class="blame">
          <summary>{seen.blame.length === 1 ? "One sentence names" : `${seen.blame.length} sentences name`} a person where a cause would help. Only you see this.</summary>
          <ul>{seen.blame.map((hint) => <Kinder key={`${hint.id} ${hint.quoted}`} hint={hint} />)}</ul>
        </details>
      )}
    </section>
  );
}

const Kinder = ({ hint }: { hint: Blame }) => (
  <li class="prompt">
    <p><q>{hint.quoted}</q></p>
    <small>{hint.question}</small>
    {hint.rewrite && <small>Try: “{hint.rewrite}”</small>}
  </li>
);
