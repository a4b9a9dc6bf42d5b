// Closing the meeting: possible once the gate is open, and never by accident.
import { signal } from "@preact/signals";
import { leftToClose } from "./agenda";
import { Modal } from "./ui/elements";
import { derived, run } from "./store";
import { toast } from "./toasts";

const asking = signal(false);

export function CloseButton() {
  const count = leftToClose.value;
  const gate = derived.value?.gate;
  const ask = () => (gate?.ready ? (asking.value = true) : toast(gate ? `Still to do: ${gate.left.map((item) => item.text).join(" · ")}` : "Looking at what is left. Try again in a moment."));
  return <button type="button" class={gate?.ready ? "btn primary" : "btn"} aria-disabled={!gate?.ready} onClick={ask}>Close meeting{count ? ` · ${count} left` : ""}</button>;
}

/** Shown once in the room, for every button that asks. */
export function ConfirmClose() {
  if (!asking.value) return null;
  const close = () => {
    asking.value = false;
    void run("meeting.close", {});
  };
  return (
    <Modal title="Close the meeting?" onClose={() => (asking.value = false)}>
      <p>Everything stays readable here. The two-week check-in goes on calendars, and the summary is due in 24 hours.</p>
      <div class="buttons"><button type="button" class="btn primary" autoFocus onClick={close}>Close meeting</button></div>
    </Modal>
  );
}
