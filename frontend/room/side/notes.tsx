// The step's notes: a text that all write together, and one that only its writer sees.
import { useRef, useState } from "preact/hooks";
import { closed, incident, nameOf, place, sayWriting, writingAt } from "../agenda";
import { RichText, firstName } from "../ui/elements";
import type { Note, StepKey } from "../protocol";
import { recordsOf, run } from "../store";
import { CollaborativeText } from "../collaborative_text";

const SAVE_AFTER_MS = 1_000;

const noteOf = (step: StepKey, isPrivate: boolean): Note | undefined =>
  [...recordsOf("meetings.note").values()].find((note) => note.step === step && note.private === isPrivate && !note.removed);

export function Notes() {
  const step = place.value;
  if (closed.value && !noteOf(step, false)?.text && !noteOf(step, true)?.text) return null;
  return (
    <section>
      <h2>Notes</h2>
      <SharedNotes key={`${step} ${closed.value}`} step={step} />
      <details class="private-notes">
        <summary>Only for you</summary>
        <PrivateNotes key={step} step={step} label={`Your own notes on ${nameOf(step).toLowerCase()}`} />
      </details>
    </section>
  );
}

function SharedNotes({ step }: { step: StepKey }) {
  const spot = `note:${step}`;
  const room = incident.value?.key ?? "";
  return (
    <>
      <CollaborativeText of={spot} html={noteOf(step, false)?.html ?? ""} label={`Shared notes on ${nameOf(step).toLowerCase()}`} placeholder="Everybody sees and writes these"
        room={room} history={`/incidents/${room}/texts/${spot}/`} onWriting={() => sayWriting(spot)} />
      {writingAt(spot).map((person) => <small key={person.id}>{firstName(person)} is writing…</small>)}
    </>
  );
}

interface Props {
  step: StepKey;
  label: string;
}

/** Saves a moment after the last keystroke, on the version that was shown when the writing began. */
function PrivateNotes({ step, label }: Props) {
  const note = noteOf(step, true);
  const [mine, setMine] = useState<{ text: string; base: number } | null>(null);
  const timer = useRef(0);
  const save = (text: string, base: number) => {
    clearTimeout(timer.current);
    setMine(null);
    if (text !== (note?.text ?? "")) void run("note.write", { step, text, private: true }, base);
  };
  const onInput = (event: InputEvent) => {
    const text = (event.currentTarget as HTMLTextAreaElement).value;
    const base = mine?.base ?? note?.version ?? 0;
    setMine({ text, base });
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => save(text, base), SAVE_AFTER_MS);
  };
  if (closed.value) return note?.text ? <p class="note-text"><RichText text={note.text} /></p> : null;
  return (
    <textarea class="writing" rows={2} aria-label={label} placeholder="Nobody else sees these"
      value={mine?.text ?? note?.text ?? ""} onInput={onInput} onBlur={() => mine && save(mine.text, mine.base)} onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()} />
  );
}
