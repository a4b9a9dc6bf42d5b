// Short messages at the foot of the room, some with something to take back.
import { signal } from "@preact/signals";

interface Toast {
  id: number;
  text: string;
  undo?: () => void;
  redo?: () => void;
  at: number;
}

const STAYS_MS = 8_000;
const toasts = signal<Toast[]>([]);
let count = 0;

export function toast(text: string, undo?: () => void): void {
  const id = ++count;
  toasts.value = [...toasts.value.slice(-2), { id, text, undo, at: Date.now() }];
  setTimeout(() => dismiss(id), STAYS_MS);
}

/** Says what was taken back and offers to do it again. */
export function toastTakenBack(text: string, redo: () => void): void {
  toast(text);
  const last = toasts.value.at(-1)!;
  toasts.value = [...toasts.value.slice(0, -1), { ...last, redo: () => (dismiss(last.id), redo()) }];
}

const dismiss = (id: number) => (toasts.value = toasts.value.filter((each) => each.id !== id));

/** Whether what runs just now is what a message offered to take back. */
export let takingBack = false;

/** Takes back what the newest message offers to; false if none does, or only some from before `since` (ms). */
export function undoLast(since: number): boolean {
  const last = toasts.value.findLast((each) => each.undo && each.at >= since);
  if (last) undo(last);
  return Boolean(last);
}

function undo(last: Toast): void {
  takingBack = true;
  last.undo?.();
  takingBack = false;
  dismiss(last.id);
}

export function Toasts() {
  return (
    <div class="toasts" role="status">
      {toasts.value.map((each) => (
        <p key={each.id} class="toast">
          {each.text}
          {each.undo && <button type="button" class="link" onClick={() => undo(each)}>Undo</button>}
          {each.redo && <button type="button" class="link" onClick={each.redo}>Redo</button>}
        </p>
      ))}
    </div>
  );
}
