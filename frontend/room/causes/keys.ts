// Building the tree without a mouse.
import { closed } from "../agenda";
import { addBelow, addBeside, moveNode, neighbour, refuseEmpty, removeNode, stand, write, PROBLEM, type Direction } from "./tree";

const MOVES: Record<string, Direction> = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "out", ArrowRight: "in" };

/** Keys while a node's text is being written. */
export function writingKeys(id: string, event: KeyboardEvent, field: HTMLTextAreaElement, flush: () => void): void {
  const act = writingAct(id, event, field);
  if (!act) return;
  event.preventDefault();
  event.stopPropagation();
  flush();
  act();
}

function writingAct(id: string, event: KeyboardEvent, field: HTMLTextAreaElement): (() => void) | null {
  const { key } = event;
  if (event.ctrlKey || event.metaKey) return null;
  if (key === "Escape") return () => stand(id);
  return closed.value ? null : (buildingAct(id, event, field) ?? leavingAct(id, event, field));
}

function buildingAct(id: string, event: KeyboardEvent, field: HTMLTextAreaElement): (() => void) | null {
  const { key } = event;
  if (event.altKey) return key in MOVES ? () => moveNode(id, MOVES[key]!) : null;
  if (key === "Enter" && !event.shiftKey) return field.value.trim() ? () => addBeside(id) : refuseEmpty;
  if (key === "Tab") return event.shiftKey ? () => moveNode(id, "out") : () => deeper(id, field);
  return key === "Backspace" && !field.value ? () => removeAndWrite(id) : null;
}

function leavingAct(id: string, event: KeyboardEvent, field: HTMLTextAreaElement): (() => void) | null {
  const next = !event.altKey && atTheEdge(event, field) ? neighbour(id, event.key) : null;
  return next ? () => (next === PROBLEM ? stand(next) : write(next, event.key === "ArrowRight" ? "start" : "end")) : null;
}

/** An empty node goes below the one before it; a written one is asked why. */
function deeper(id: string, field: HTMLTextAreaElement): void {
  if (field.value.trim()) addBelow(id);
  else if (!moveNode(id, "in")) refuseEmpty();
}

function removeAndWrite(id: string): void {
  const before = neighbour(id, "ArrowUp");
  removeNode(id);
  if (before && before !== PROBLEM) write(before);
}

/** Arrows leave the text only where they cannot move in it. */
function atTheEdge({ key, shiftKey }: KeyboardEvent, field: HTMLTextAreaElement): boolean {
  if (shiftKey || field.selectionStart !== field.selectionEnd) return false;
  if (key === "ArrowLeft") return field.selectionStart === 0;
  if (key === "ArrowRight") return field.selectionStart === field.value.length;
  const oneLine = field.clientHeight < 2 * parseFloat(getComputedStyle(field).lineHeight);
  if (key === "ArrowUp") return oneLine || field.selectionStart === 0;
  return key === "ArrowDown" && (oneLine || field.selectionStart === field.value.length);
}

/** Keys while a node as a whole has the focus; typing starts to write. */
export function standingKeys(id: string, event: KeyboardEvent): void {
  if (event.target !== event.currentTarget) return;
  const act = event.ctrlKey || event.metaKey ? removingAct(id, event) : standingAct(id, event);
  if (!act) return;
  event.preventDefault();
  event.stopPropagation();
  act();
}

function standingAct(id: string, { key, altKey }: KeyboardEvent): (() => unknown) | null {
  const next = key.startsWith("Arrow") && !altKey ? neighbour(id, key) : null;
  if (next) return () => stand(next);
  if (closed.value) return null;
  if (key === "Enter" || key === "F2") return () => (id === PROBLEM ? addBelow(id) : write(id));
  if (id === PROBLEM) return null;
  if (altKey && key in MOVES) return () => moveNode(id, MOVES[key]!, false);
  return null;
}

/** A node as a whole is removed with Ctrl or ⌘, as what changes something beside a field wants a modifier. */
function removingAct(id: string, { key }: KeyboardEvent): (() => void) | null {
  const wanted = (key === "Delete" || key === "Backspace") && id !== PROBLEM && !closed.value;
  return wanted ? () => removeNode(id) : null;
}
