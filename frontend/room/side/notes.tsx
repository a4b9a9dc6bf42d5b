// The step's notes: one text that all share, and one that only its writer sees.
import { useRef, useState } from "preact/hooks";
import { closed, nameOf, place, sayWriting, writingAt } from "../agenda";
import { Words, firstName } from "../pieces";
import type { Note, StepKey } from "../protocol";
import { recordsOf, run } from "../store";

const SAVE_AFTER_MS = 1_000;

const noteOf = (step: StepKey, isPrivate: boolean): Note | undefined =>
  [...recordsOf("meetings.note").values()].find((note) => note.step === step && note.private === isPrivate && !note.removed);

export function Notes() {
  const step = place.value;
  if (closed.value && !noteOf(step, false)?.text && !noteOf(step, true)?.text) return null;
  return (
    <section>
      <h2>Notes</h2>
      <NoteField key={`${step} shared`} step={step} isPrivate={false} label={`Shared notes on ${nameOf(step).toLowerCase()}`} />
      <details class="private-notes">
        <summary>Only for you</summary>
        <NoteField key={`${step} private`} step={step} isPrivate label={`Your own notes on ${nameOf(step).toLowerCase()}`} />
      </details>
    </section>
  );
}

interface Props {
  step: StepKey;
  isPrivate: boolean;
  label: string;
}

/** Saves a moment after the last keystroke, on the version that was shown when the writing began. */
function NoteField({ step, isPrivate, label }: Props) {
  const note = noteOf(step, isPrivate);
  const [mine, setMine] = useState<{ text: string; base: number } | null>(null);
  const timer = useRef(0);
  const spot = `note:${step}`;
  const save = (text: string, base: number) => {
    clearTimeout(timer.current);
    setMine(null);
    if (text !== (note?.text ?? "")) void run("note.write", { step, text, private: isPrivate }, base);
  };
  const onInput = (event: InputEvent) => {
    const text = (event.currentTarget as HTMLTextAreaElement).value;
    const base = mine?.base ?? note?.version ?? 0;
    setMine({ text, base });
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => save(text, base), SAVE_AFTER_MS);
    if (!isPrivate) sayWriting(spot);
  };
  if (closed.value) return note?.text ? <p class="note-text"><Words text={note.text} /></p> : null;
  return (
    <>
      <textarea class="writing" rows={2} aria-label={label} placeholder={isPrivate ? "Nobody else sees these" : "Everybody sees and writes these"}
        value={mine?.text ?? note?.text ?? ""} onInput={onInput} onBlur={() => mine && save(mine.text, mine.base)} onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()} />
      {!isPrivate && writingAt(spot).map((person) => <small key={person.id}>{firstName(person)} is writing…</small>)}
    </>
  );
}
