// Small UI elements that every step uses.
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { unsaved } from "../store";
import type { Person } from "../protocol";

export const firstName = (person: Person) => person.name.split(" ")[0];

export const Avatar = ({ person, hand, away }: { person: Person; hand?: boolean; away?: boolean }) => (
  <span class={`avatar hue-${person.hue}${away ? " away" : ""}`} title={person.name} aria-hidden="true">
    {person.initials}
    {hand && <i class="hand" />}
  </span>
);

export const Who = ({ person }: { person: Person }) => (
  <span class="person"><Avatar person={person} /> {firstName(person)}</span>
);

/** Marks what this person did that has not reached the server. */
export const Unsaved = ({ id }: { id: string }) => (unsaved(id) ? <span class="unsaved">not saved yet</span> : null);

const PIECES = /(`[^`\n]+`|https?:\/\/[^\s<>"'`]+[^\s<>"'`.,;:!?)\]])/;

/** A person's words: backticks become code, addresses become links, everything else stays text. */
export const RichText = ({ text }: { text: string }) => (
  <>
    {text.split(PIECES).map((piece, at) => {
      if (at % 2 === 0) return piece;
      if (piece.startsWith("`")) return <code>{piece.slice(1, -1)}</code>;
      return <a href={piece} target="_blank" rel="noopener noreferrer">{shortAddress(piece)}</a>;
    })}
  </>
);

function shortAddress(address: string): string {
  const bare = address.replace(/^https?:\/\/(www\.)?/, "");
  return bare.length > 48 ? `${bare.slice(0, 45)}…` : bare;
}

/** A drawing made by our own server. */
export const Drawing = ({ svg, ...rest }: { svg: string; class?: string }) => <div {...rest} dangerouslySetInnerHTML={{ __html: svg }} />;

interface ModalProps {
  title: string;
  wide?: boolean;
  onClose: () => void;
  children: ComponentChildren;
}

export function Modal({ title, wide, onClose, children }: ModalProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class={wide ? "modal wide" : "modal"} aria-label={title} onClose={onClose} onClick={(event) => event.target === dialog.current && dialog.current?.close()}>
      <div class="modal-body">
        <header class="spread"><h2>{title}</h2><button type="button" class="btn quiet small" onClick={() => dialog.current?.close()} aria-label="Close">✕</button></header>
        {children}
      </div>
    </dialog>
  );
}

interface WritingProps {
  value?: string;
  label: string;
  placeholder?: string;
  rows?: number;
  /** Is told what stands in the field after each key. */
  onWriting?: (text: string) => void;
  onSave: (text: string) => void;
  onCancel?: () => void;
}

/** A text field that grows: Enter saves, Shift+Enter breaks the line, Escape leaves. */
export function Writing({ value = "", label, placeholder, rows = 1, onWriting, onSave, onCancel }: WritingProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    if (!onCancel) return;
    field.current?.focus();
    field.current?.setSelectionRange(value.length, value.length);
  }, []);
  const save = () => {
    const text = field.current?.value.trim();
    if (!text) return onCancel?.();
    onSave(text);
    if (field.current && !onCancel) field.current.value = "";
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && onCancel) onCancel();
    else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) save();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return <textarea ref={field} class="writing" rows={rows} aria-label={label} placeholder={placeholder} defaultValue={value} onInput={(event) => onWriting?.(event.currentTarget.value)} onKeyDown={onKeyDown} />;
}
