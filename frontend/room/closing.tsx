// Closing the meeting: possible once the gate is open, and never by accident.
import { signal } from "@preact/signals";
import { leftToClose } from "./agenda";
import { MissingParts, missing } from "./side/missing";
import { UnsettledParked } from "./side/parking";
import { Modal } from "./ui/elements";
import { derived, run } from "./store";
import { toast } from "./toasts";

const asking = signal(false);

/** What is left beside reasons, which the dialog itself asks for. */
const toDo = () => derived.value?.gate?.left.filter((item) => !item.missing) ?? [];

export function CloseButton() {
  const count = leftToClose.value;
  const gate = derived.value?.gate;
  const ask = () => {
    if (gate && !toDo().length) return (asking.value = true);
    return toast(gate ? `Still to do: ${toDo().map((item) => item.text).join(" · ")}` : "Looking at what is left. Try again in a moment.");
  };
  return <button type="button" class={gate?.ready ? "btn primary" : "btn"} aria-disabled={!gate || toDo().length > 0} onClick={ask}>Close meeting{count ? ` · ${count} left` : ""}</button>;
}

/** Shown once in the room, for every button that asks. */
export function ConfirmClose() {
  if (!asking.value) return null;
  const ready = Boolean(derived.value?.gate?.ready);
  const close = () => {
    asking.value = false;
    void run("meeting.close", {});
  };
  return (
    <Modal title="Close the meeting?" onClose={() => (asking.value = false)}>
      {missing().length > 0 && <p>It closes without this. Each reason stands in the summary, and Insights counts it:</p>}
      <MissingParts />
      <UnsettledParked />
      <p>Everything stays readable here. The two-week check-in goes on calendars, and the summary is due in 24 hours.</p>
      <div class="buttons">
        <button type="button" class="btn primary" disabled={!ready} onClick={close}>{missing().length ? "Close meeting without these" : "Close meeting"}</button>
        <button type="button" class="btn quiet" autoFocus onClick={() => (asking.value = false)}>Go on with the meeting</button>
      </div>
    </Modal>
  );
}
