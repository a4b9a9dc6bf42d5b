// The room's frame: bar above, the step in the middle, what helps the room beside it.
import { useEffect, useRef } from "preact/hooks";
import { current, facilitates, follow, go, live, look, looking, nameOf, place, raiseHand, steps } from "./agenda";
import { Bar } from "./bar";
import { ConfirmClose } from "./closing";
import { ConfirmStart } from "./starting";
import { Conflicts } from "./conflicts";
import { overReason } from "./connection";
import { Help, helpOpen } from "./help";
import { useKeys, type KeyCommand } from "./keys";
import { Notices } from "./notices";
import { Side, sideOpen, toggleSide } from "./side";
import { you } from "./store";
import { stages } from "./steps";
import { Toasts } from "./toasts";
import { presenting, togglePresenting } from "./presentation";
import { replaying } from "./replay";
import "./undo";

const jumps = (): KeyCommand[] => steps.value.map((step, at) => ({ key: String(at + 1), does: step.name, run: () => look(step.key) }));

const commands = (): KeyCommand[] => [
  ...jumps(),
  { key: "f", does: "Back to where the meeting is", run: follow },
  { key: "h", alt: true, does: "Raise or lower your hand", run: () => raiseHand() },
  { key: "s", does: "Show or hide the side column (small screens)", run: toggleSide },
  { key: "b", does: "Present on a big screen, and back", run: togglePresenting },
  { key: "?", does: "This list", run: () => (helpOpen.value = true) },
];

export function Shell() {
  useKeys(commands);
  if (!you.value) return <p class="arriving" role="status">{overReason.value || "Joining the room…"}</p>;
  return (
    <div class={["frame", sideOpen.value && "side-open", presenting.value && "presenting", replaying.value && "replaying"].filter(Boolean).join(" ")}>
      <Bar />
      <Notices />
      <div class="room">
        <Stage />
        <aside class="side" id="side" aria-label="Beside the step"><Side /></aside>
      </div>
      <Conflicts />
      <ConfirmClose />
      <ConfirmStart />
      {helpOpen.value && <Help />}
      <Toasts />
    </div>
  );
}

function Stage() {
  const stage = useRef<HTMLElement>(null);
  const key = place.value;
  useEffect(() => stage.current?.scrollTo(0, 0), [key]);
  const { Stage: Step } = stages[key];
  return (
    <section class={`stage at-${key}`} id="content" ref={stage} tabIndex={-1} aria-label={nameOf(key)}>
      {live.value && looking.value && looking.value !== current.value && <LookingAround />}
      <Step />
    </section>
  );
}

const LookingAround = () => (
  <p class="looking">
    You are looking around · <button type="button" class="link" onClick={follow}>Back to {nameOf(current.value)}</button> <kbd>F</kbd>
    <BringEveryone />
  </p>
);

function BringEveryone() {
  if (!facilitates.value) return null;
  return <> · <button type="button" class="link" onClick={() => go(place.value)}>Bring everyone here</button></>;
}
