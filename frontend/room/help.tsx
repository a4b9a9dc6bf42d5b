// The list of keys.
import { signal } from "@preact/signals";
import { keyCommands } from "./keys";
import { Modal } from "./ui/elements";

export const helpOpen = signal(false);

const ARROWS: Record<string, string> = { ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→" };
const shownKey = (key: string) => ARROWS[key] ?? (key.length === 1 ? key.toUpperCase() : key);

export const Help = () => (
  <Modal title="Keys" onClose={() => (helpOpen.value = false)}>
    <p class="meta">They work whenever you are not typing. Single keys only move about; what changes something wants Ctrl, ⌘ or Alt. Escape leaves a field.</p>
    <dl class="keys">
      {keyCommands().map(({ key, does, alt }) => (
        <div key={key}><dt>{alt && <><kbd>Alt</kbd> </>}<kbd>{shownKey(key)}</kbd></dt><dd>{does}</dd></div>
      ))}
      <div><dt><kbd>Ctrl</kbd> <kbd>Z</kbd></dt><dd>Take back your last change (⌘ Z on a Mac)</dd></div>
      <div><dt><kbd>Ctrl</kbd> <kbd>Shift</kbd> <kbd>Z</kbd></dt><dd>Do it again</dd></div>
    </dl>
  </Modal>
);
