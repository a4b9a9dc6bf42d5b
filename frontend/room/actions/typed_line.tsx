// What a typed action says besides the deed: who, by when, how urgent. The server reads it between two keys.
import { useEffect, useRef, useState } from "preact/hooks";
import { line as connection } from "../connection";
import { page } from "../page";
import { dueWords } from "./due";
import { PRIORITIES } from "./list";

type Part = "owner" | "due_on" | "priority";
interface Named { id: number; name: string; call: string }
interface Said { part: Part; words: string; people: Named[] }
interface Meant { text: string; owner?: number | null; due_on?: string | null; priority?: string | null }
interface Typed extends Meant { line: string; said: Said[] }

const PAUSE_MS = 40;
const words = (line: string): Typed => ({ line, text: line.trim(), said: [] });

/** Null when a newer line was typed meanwhile. Without a connection the line is words throughout. */
async function read(line: string, asWords: Part[], wanted?: AbortSignal): Promise<Typed | null> {
  if (!line.trim() || connection.value !== "open") return words(line);
  const body = new URLSearchParams([["line", line], ...asWords.map((part): [string, string] => ["as_words", part])]);
  try {
    const found = await fetch(`${page.home}action-line/`, { method: "POST", body, signal: wanted, headers: { "X-CSRFToken": page.csrf } });
    return found.ok ? { line, ...((await found.json()) as Omit<Typed, "line">) } : words(line);
  } catch {
    return wanted?.aborted ? null : words(line);
  }
}

const meantBy = ({ text, owner, due_on, priority }: Typed): Meant => ({
  text, ...(owner && { owner }), ...(due_on && { due_on }), ...(priority && { priority }),
});

/** The line, what was read in it so far, and how to hand it on. */
export function useTypedLine() {
  const [line, setLine] = useState("");
  const [typed, setTyped] = useState<Typed>(words(""));
  const [kept, setKept] = useState<Said[]>([]);
  const standing = kept.filter((said) => line.includes(said.words)).map((said) => said.part);
  const current = typed.line === line;
  const asking = useRef(new AbortController());

  useEffect(() => {
    asking.current.abort();
    const { signal } = (asking.current = new AbortController());
    const timer = setTimeout(() => void read(line, standing, signal).then((found) => found && setTyped(found)), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [line, standing.join()]);

  /** Leaves a part as the words it is: the one named, or the one that the line ends with. True if there was one. */
  const keepAsWords = (part?: Part): boolean => {
    const end = line.replace(/[\s.,;]+$/, "");
    const found = typed.said.find((said) => (part ? said.part === part : current && end.endsWith(said.words)));
    if (found) setKept([...kept, found]);
    return Boolean(found);
  };
  /** Hands on what the line means, and begins anew. */
  const settle = (add: (meant: Meant) => void) => {
    if (current) add(meantBy(typed));
    else void read(line, standing).then((found) => found && add(meantBy(found)));
    setLine("");
    setTyped(words(""));
    setKept([]);
  };
  return { line, typed, write: setLine, keepAsWords, settle };
}

/** Whether a name means several people, of whom one has to be chosen. */
export const asksWho = (typed: Typed): boolean => typed.said.some((said) => said.people.length > 1);

interface PartsProps {
  line: string;
  typed: Typed;
  onKeep: (part: Part) => void;
  onChoose: (line: string) => void;
}

export function SaidParts({ line, typed, onKeep, onChoose }: PartsProps) {
  const last = typed.said.findLast((said) => line.replace(/[\s.,;]+$/, "").endsWith(said.words));
  return (
    <div class="said-parts" aria-live="polite">
      {typed.said.map((said) =>
        said.part === "owner" && said.people.length !== 1
          ? <Who key={said.part} said={said} onKeep={onKeep} onChoose={(call) => onChoose(line.replace(said.words, call))} />
          : <button key={said.part} type="button" class="chip note" title={`Keep “${said.words}” as words`} aria-label={`${meaning(said, typed)}. Keep “${said.words}” as words`} onClick={() => onKeep(said.part)}>{meaning(said, typed)} ✕</button>)}
      {last && <small><kbd>⌫</kbd> keeps “{last.words}” as words</small>}
    </div>
  );
}

function meaning(said: Said, typed: Typed): string {
  if (said.part === "owner") return said.people[0]?.name ?? "";
  return (said.part === "due_on" ? typed.due_on && dueWords(typed.due_on) : PRIORITIES[typed.priority ?? ""]) || said.words;
}

/** A name of several, or of nobody. */
function Who({ said, onKeep, onChoose }: { said: Said; onKeep: (part: Part) => void; onChoose: (call: string) => void }) {
  if (!said.people.length) return <span class="chip due">Nobody who may own it is called {said.words}</span>;
  return (
    <>
      <span class="chip due">“{said.words}”: who is meant?</span>
      {said.people.map((person, at) => <button key={person.id} type="button" class={at ? "chip" : "chip asks"} onClick={() => onChoose(person.call)}>{person.name}</button>)}
      <button type="button" class="chip" onClick={() => onKeep("owner")}>nobody yet</button>
    </>
  );
}
