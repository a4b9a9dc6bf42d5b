// A list to choose from behind a button: type to filter, arrows move, Enter chooses, Escape leaves.
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";

export interface Choice {
  id: string;
  label: string;
  aside?: string;
  /** A face or a mark before the label. */
  lead?: ComponentChildren;
  warning?: boolean;
}

interface PickerProps {
  /** What is chosen here, for those who cannot see it. */
  label: string;
  choices: Choice[];
  chosen: string[];
  onChoose: (id: string) => void;
  /** Several may be chosen; the list stays open. */
  many?: boolean;
  empty?: string;
  class?: string;
  tabIndex?: number;
  children: ComponentChildren;
}

/** The button shows `children`. */
export function Picker({ children, class: look = "btn small", tabIndex, ...list }: PickerProps) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = (returning: boolean) => {
    setOpen(false);
    if (returning) button.current?.focus();
  };
  return (
    <>
      <button type="button" ref={button} class={look} tabIndex={tabIndex} aria-haspopup="listbox" aria-expanded={open} onClick={() => setOpen(!open)}>{children}</button>
      {open && <List {...list} beside={button.current!} onClose={close} />}
    </>
  );
}

interface ListProps extends Omit<PickerProps, "children" | "class" | "tabIndex"> {
  beside: HTMLElement;
  onClose: (returning: boolean) => void;
}

function List({ label, choices, chosen, onChoose, many, empty = "Nothing matches.", beside, onClose }: ListProps) {
  const [words, setWords] = useState("");
  const [at, setAt] = useState(Math.max(0, choices.findIndex((choice) => choice.id === chosen[0])));
  const base = useId();
  const panel = usePlace(beside, onClose);
  const shown = matching(choices, words);
  const active = shown[Math.min(at, shown.length - 1)];
  const choose = (choice: Choice | undefined) => {
    if (!choice) return;
    if (!many) onClose(true);
    onChoose(choice.id);
  };
  const keys = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.isComposing) return;
    if (event.key === "Escape" || event.key === "Tab") onClose(true);
    else if (event.key === "Enter") choose(active);
    else if (event.key === "ArrowDown") setAt((Math.min(at, shown.length - 1) + 1) % shown.length);
    else if (event.key === "ArrowUp") setAt((Math.min(at, shown.length - 1) - 1 + shown.length) % shown.length);
    else return;
    event.preventDefault();
  };
  const type = (text: string) => {
    setWords(text);
    setAt(0);
  };
  return (
    <div class="picker card" ref={panel} popover="manual" onKeyDown={keys} onFocusOut={(event) => !event.currentTarget.contains(event.relatedTarget as Node | null) && event.relatedTarget !== beside && onClose(false)}>
      <input type="text" role="combobox" aria-label={label} aria-expanded="true" aria-controls={base} aria-activedescendant={active && `${base}-${active.id}`} aria-autocomplete="list" autoComplete="off" placeholder={label} value={words} onInput={(event) => type(event.currentTarget.value)} />
      <ul role="listbox" id={base} aria-label={label} aria-multiselectable={many}>
        {shown.map((choice) => (
          <Option key={choice.id} id={`${base}-${choice.id}`} choice={choice} active={choice === active} chosen={chosen.includes(choice.id)} onChoose={() => choose(choice)} />
        ))}
      </ul>
      {shown.length === 0 && <p class="meta" role="status">{empty}</p>}
    </div>
  );
}

interface OptionProps {
  id: string;
  choice: Choice;
  active: boolean;
  chosen: boolean;
  onChoose: () => void;
}

function Option({ id, choice, active, chosen, onChoose }: OptionProps) {
  const option = useRef<HTMLLIElement>(null);
  useLayoutEffect(() => {
    if (active) option.current?.scrollIntoView({ block: "nearest" });
  }, [active]);
  return (
    <li id={id} ref={option} role="option" aria-selected={chosen} class={active ? "active" : undefined} onMouseDown={(event) => event.preventDefault()} onClick={onChoose}>
      <span class="tick" aria-hidden="true">{chosen && "✓"}</span>
      {choice.lead}
      <span>{choice.label}</span>
      {choice.aside && <small class={choice.warning ? "due" : undefined}>{choice.aside}</small>}
    </li>
  );
}

function matching(choices: Choice[], words: string): Choice[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return choices.filter(({ label, aside }) => wanted.every((word) => `${label} ${aside ?? ""}`.toLowerCase().includes(word)));
}

const EDGE = 8;

/** Puts the panel over everything, below its button or above where there is more room. */
function usePlace(beside: HTMLElement, onClose: (returning: boolean) => void) {
  const panel = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const shown = panel.current!;
    shown.showPopover();
    const button = beside.getBoundingClientRect();
    const below = innerHeight - button.bottom - EDGE;
    const above = button.top - EDGE;
    const under = below >= Math.min(shown.offsetHeight, 320) || below >= above;
    shown.style.maxBlockSize = `${Math.min(400, Math.max(under ? below : above, 160))}px`;
    shown.style.left = `${Math.max(EDGE, Math.min(button.left, innerWidth - shown.offsetWidth - EDGE))}px`;
    shown.style.top = `${under ? button.bottom + 4 : button.top - shown.offsetHeight - 4}px`;
    shown.querySelector("input")?.focus({ preventScroll: true });
    const scrolled = (event: Event) => !shown.contains(event.target as Node) && onClose(false);
    addEventListener("scroll", scrolled, true);
    return () => removeEventListener("scroll", scrolled, true);
  }, []);
  return panel;
}
