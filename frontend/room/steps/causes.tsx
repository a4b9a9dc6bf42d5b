// Causes: one tree of whys, seen as it is built or as a fishbone, and the findings that come out of it.
import { signal } from "@preact/signals";
import { closed } from "../agenda";
import { Findings } from "../causes/findings";
import { Problem } from "../causes/node";
import { addBelow, PROBLEM, roots, stand, write } from "../causes/tree";
import { useKeys } from "../keys";
import { Drawing } from "../ui/elements";
import type { Check } from "../protocol";
import { derived, recordsOf } from "../store";

const VIEWS = { whys: "Five whys", fishbone: "Fishbone" };
type View = keyof typeof VIEWS;
const view = signal<View>("whys");

/** Goes to the first why, which is begun where there is none. */
function begin(): void {
  const first = roots.value[0];
  if (first) write(first.cause.id);
  else if (!closed.value) addBelow(PROBLEM);
}

export function Causes() {
  useKeys(() => [{ key: "n", does: "Write the first why", run: begin }]);
  return (
    <>
      <header class="stage-head">
        <div>
          <h1>How did it make sense at the time?</h1>
          <p class="meta">Go on until the answer is a property of the system. Branch freely: hardly anything has one cause.</p>
        </div>
        <div class="tabs" role="group" aria-label="View">
          {(Object.keys(VIEWS) as View[]).map((key) => (
            <button key={key} type="button" aria-pressed={view.value === key} onClick={() => (view.value = key)}>{VIEWS[key]}</button>
          ))}
        </div>
      </header>
      {view.value === "whys" ? <Whys /> : <Fishbone />}
      <Findings />
    </>
  );
}

const Whys = () => (
  <section aria-label="Why tree">
    <Problem />
    {!closed.value && (
      <p class="keys-line meta" aria-label="Keys while writing">
        <kbd>Enter</kbd> beside <kbd>Tab</kbd> why once more <kbd>Shift Tab</kbd> back out <kbd>Alt ↑ ↓ ← →</kbd> move <kbd>Esc</kbd> leave
      </p>
    )}
  </section>
);

function Fishbone() {
  const svg = derived.value?.fishbone;
  const written = [...recordsOf("causes.cause").values()].some((cause) => cause.text && !cause.removed);
  if (svg && written) return <div class="fishbone" role="group" aria-label="Fishbone" tabIndex={0}><Drawing svg={svg} /></div>;
  return <p class="empty">{written ? "The fishbone is being drawn…" : "The fishbone grows from the whys. Add the first answer under “Five whys”."}</p>;
}

export function BeforeYouMoveOn() {
  const checks = derived.value?.checks ?? [];
  if (closed.value) return null;
  return (
    <section aria-live="polite">
      <h2>Before you move on</h2>
      {checks.length === 0 && <p class="meta">Nothing stands out yet. Checks appear here as the tree grows; none of them blocks you.</p>}
      {checks.map((check) => <div class="prompt" key={`${check.cause} ${check.text}`}><Thought check={check} /></div>)}
    </section>
  );
}

const LOOKS = { ok: "forward", due: "due", hint: "" };

function Thought({ check: { cause, level, text } }: { check: Check }) {
  const words = <small class={LOOKS[level]}>{level === "ok" ? "✓" : "•"} {text}</small>;
  if (!cause) return words;
  const show = () => {
    view.value = "whys";
    setTimeout(() => (closed.value ? stand(cause) : write(cause)));
  };
  return <button type="button" class="plainly" onClick={show}>{words}</button>;
}
