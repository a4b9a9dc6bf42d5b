// A list to choose from behind a button: type to filter, arrows move, Enter chooses, Escape leaves.
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Popover } from "./popover";

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
export const Picker = ({ children, class: look, tabIndex, label, ...list }: PickerProps) => (
  <Popover class={look} tabIndex={tabIndex} label={label} popup="listbox" panel={(close) => <List {...list} label={label} onClose={close} />}>{children}</Popover>
);

interface ListProps extends Omit<PickerProps, "children" | "class" | "tabIndex"> {
  onClose: () => void;
}

function List({ label, choices, chosen, onChoose, many, empty = "Nothing matches.", onClose }: ListProps) {
  const [words, setWords] = useState("");
  const [at, setAt] = useState(Math.max(0, choices.findIndex((choice) => choice.id === chosen[0])));
  const base = useId();
  const shown = matching(choices, words);
  const active = shown[Math.min(at, shown.length - 1)];
  const choose = (choice: Choice | undefined) => {
    if (!choice) return;
    if (!many) onClose();
    onChoose(choice.id);
  };
  const keys = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (event.key === "Tab") onClose();
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
    <div class="picker" onKeyDown={keys}>
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
