// What the server noticed: incidents like this one, hints for the facilitator.
import { closed, current, facilitates, indexOf, live, look, meeting, second, steps } from "../agenda";
import { write } from "../causes/tree";
import { firstName } from "../ui/elements";
import type { Blame, StepKey } from "../protocol";
import { sideOpen } from "../side";
import { derived, here } from "../store";
import { ago } from "../zones";

export function SimilarIncidents() {
  const similar = derived.value?.similar ?? [];
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

function heard(others: number, quiet: (string | undefined)[]): string {
  if (quiet.length) return `Not heard yet: ${quiet.join(", ")}.`;
  return others ? "Everyone else here has written something." : "Nobody else is here yet.";
}

/** What only those who facilitate are shown. */
export function FacilitatorView() {
  const seen = derived.value?.facilitator;
  if (!seen || !facilitates.value || closed.value) return null;
  return (
    <section class="facilitator">
      <h2>For the facilitator</h2>
      <TimeLeft />
      <Hands />
      <p class="meta">{heard(seen.others, seen.not_spoken.map(firstName))}</p>
      <OpenBranches />
      {seen.blame.length > 0 && (
        <details class="blame">
          <summary>{seen.blame.length === 1 ? "One sentence names" : `${seen.blame.length} sentences name`} a person where a cause would help. Only those who lead see this.</summary>
          <ul>{seen.blame.map((hint) => <WordingHint key={`${hint.id} ${hint.quoted}`} hint={hint} />)}</ul>
        </details>
      )}
    </section>
  );
}

/** What is left of the whole meeting, beside what the steps still ahead want. */
function TimeLeft() {
  const began = meeting.value?.started_at;
  if (!began || !live.value) return null;
  const minutes = Math.round(meeting.value!.minutes - (second.value - Date.parse(began)) / 60_000);
  const ahead = steps.value.slice(indexOf(current.value) + 1).reduce((sum, step) => sum + step.minutes, 0);
  const tight = minutes < ahead;
  return <p class={tight ? "meta due" : "meta"}>{minutes >= 0 ? `${minutes} min left` : `${-minutes} min over`}{ahead > 0 && `; the steps ahead want ${ahead}`}.</p>;
}

function Hands() {
  const up = here.value.filter((person) => person.hand).sort((a, b) => a.hand! - b.hand!);
  return up.length ? <p class="meta">Hands: {up.map((person, at) => `${at + 1}. ${firstName(person)}`).join(", ")}.</p> : null;
}

/** Chains of causes that the checks would go on with. */
function OpenBranches() {
  const open = [...new Set(derived.value?.checks?.filter((check) => check.level === "due" && check.cause).map((check) => check.cause!))];
  if (!open.length) return null;
  return <button type="button" class="plainly" onClick={() => lead("causes", () => write(open[0]!))}><small class="due">{open.length === 1 ? "One branch is" : `${open.length} branches are`} left open</small></button>;
}

/** Goes to a step, on small screens out of this column, and does something there once it stands. */
function lead(step: StepKey, then: () => void): void {
  sideOpen.value = false;
  look(step);
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(then)));
}

const showCause = (id: string) => lead("causes", () => write(id));
const showEntry = (id: string) => lead("timeline", () => document.getElementById(`entry-${id}`)?.focus());

const WordingHint = ({ hint }: { hint: Blame }) => (
  <li class="prompt">
    <p><q>{hint.quoted}</q> <button type="button" class="link" aria-label={`Show: ${hint.quoted}`} onClick={() => (hint.kind === "causes.cause" ? showCause : showEntry)(hint.id)}>show</button></p>
    <small>{hint.question}</small>
    {hint.rewrite && <small>Try: “{hint.rewrite}”</small>}
  </li>
);
