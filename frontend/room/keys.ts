// Single-key commands, active when nobody is typing.
import { useEffect } from "preact/hooks";

export interface KeyCommand {
  key: string;
  /** What changes something wants Alt held down, so that nothing happens to whoever types beside a field. */
  alt?: boolean;
  does: string;
  run: (event: KeyboardEvent) => void;
}

const TYPING = "input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable]";
const layers: (() => KeyCommand[])[] = [];

/** Commands in force now, outermost first, for the help dialog. */
export const keyCommands = (): KeyCommand[] => layers.flatMap((layer) => layer());

/** Puts keys in force while the component is shown; later layers win. */
export function useKeys(commands: () => KeyCommand[]): void {
  useEffect(() => {
    layers.push(commands);
    return () => void layers.splice(layers.indexOf(commands), 1);
  });
}

addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey) return;
  const target = event.target as Element;
  if (target.closest(TYPING) || document.querySelector("dialog[open]")) return;
  const isOf = ({ key, alt = false }: KeyCommand) =>
    alt === event.altKey && (key === event.key.toLowerCase() || key === event.key || (alt && event.code === `Key${key.toUpperCase()}`));
  const command = keyCommands().findLast(isOf);
  if (!command) return;
  event.preventDefault();
  command.run(event);
});
