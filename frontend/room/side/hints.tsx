// What the server noticed: checks before moving on, incidents like this one, hints for the facilitator.
import { place } from "../agenda";
import { Words } from "../pieces";
import { drawn } from "../store";

const INK = { ok: "forward", hint: "", due: "due" };

export function Checks() {
  const checks = place.value === "causes" ? (drawn.value?.checks ?? []) : [];
  if (!checks.length) return null;
  return (
    <section>
      <h2>Before you move on</h2>
      <ul>{checks.map((check) => <li key={`${check.cause} ${check.text}`} class="prompt"><small class={INK[check.level]}>{check.level === "ok" ? "✓ " : ""}<Words text={check.text} /></small></li>)}</ul>
    </section>
  );
}

export function SeenBefore() {
  const similar = drawn.value?.similar ?? [];
  if (!similar.length) return null;
  return (
    <section>
      <h2>Seen before</h2>
      {similar.map((incident) => (
        <div class="prompt" key={incident.key}>
          <p><a href={incident.path} target="_blank">{incident.key}</a> · {incident.title}</p>
          <small>{incident.words}</small>
        </div>
      ))}
    </section>
  );
}

export function ForTheFacilitator() {
  const words = drawn.value?.facilitator?.words ?? [];
  if (!words.length) return null;
  return (
    <section>
      <h2>For the facilitator</h2>
      {words.map((sentence) => <p key={sentence} class="meta">{sentence}</p>)}
    </section>
  );
}
