// Inline editing: a text that can be changed where it stands and grows with its words.
import type { Ref } from "preact";
import { closed, sayWriting, writingAt } from "./agenda";
import { useDraft } from "./draft";
import { firstName } from "./ui/elements";

interface InPlaceProps {
  text: string;
  version: number;
  label: string;
  save: (text: string, base: number) => void;
  /** Is told what stands in the field after each key. */
  onTyped?: (text: string) => void;
  /** Where others read that this person writes. */
  spot: string;
  id?: string;
  class?: string;
  placeholder?: string;
  limit?: number;
  tabIndex?: number;
  fieldRef?: Ref<HTMLTextAreaElement>;
  /** Runs before the field's own keys; `flush` sends what was typed. */
  onKeyDown?: (event: KeyboardEvent, field: HTMLTextAreaElement, flush: () => void) => void;
}

/** Enter and Escape leave the field; what was typed is saved on the way out, or after a pause. */
export function InlineEdit({ text, version, label, save, spot, limit = 1000, onTyped, onKeyDown, fieldRef, ...rest }: InPlaceProps) {
  const draft = useDraft(text, version, save);
  const keys = (event: KeyboardEvent & { currentTarget: HTMLTextAreaElement }) => {
    if (event.isComposing) return;
    onKeyDown?.(event, event.currentTarget, draft.flush);
    if (event.defaultPrevented || (event.key !== "Escape" && (event.key !== "Enter" || event.shiftKey))) return;
    event.preventDefault();
    event.currentTarget.blur();
  };
  const write = (event: { currentTarget: HTMLTextAreaElement }) => {
    sayWriting(spot);
    const typed = event.currentTarget.value.replace(/\n/g, " ");
    draft.write(typed);
    onTyped?.(typed);
  };
  return (
    <span class={`grow ${rest.class ?? ""}`} data-text={draft.shown || rest.placeholder}>
      <textarea {...rest} class={undefined} ref={fieldRef} rows={1} aria-label={label} value={draft.shown} maxLength={limit} readOnly={closed.value} onInput={write} onBlur={draft.flush} onKeyDown={keys} />
    </span>
  );
}

/** Who else writes here now. */
export const WritingHere = ({ spot }: { spot: string }) => (
  <>{writingAt(spot).map((person) => <small key={person.id} class="writing-here">{firstName(person)} is writing…</small>)}</>
);
