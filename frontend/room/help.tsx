// The list of keys.
import { signal } from "@preact/signals";
import { keyCommands } from "./keys";
import { Modal } from "./ui/elements";

export const helpOpen = signal(false);

const shownKey = (key: string) => (key.length === 1 ? key.toUpperCase() : key);

export const Help = () => (
  <Modal title="Keys" onClose={() => (helpOpen.value = false)}>
    <p class="meta">They work whenever you are not typing. Escape leaves a field.</p>
    <dl class="keys">
      {keyCommands().map(({ key, does }) => (
        <div key={key}><dt><kbd>{shownKey(key)}</kbd></dt><dd>{does}</dd></div>
      ))}
    </dl>
  </Modal>
);
