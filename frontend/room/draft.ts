// Debounced drafts: text shown at once, sent after a pause, under the version it was begun from.
import { useEffect, useReducer, useRef } from "preact/hooks";

const PAUSE_MS = 600;
const LEAVING = ["beforeunload", "pagehide"];
const BEFORE_THE_LINE_CLOSES = { capture: true };

export interface Draft {
  shown: string;
  write: (text: string) => void;
  /** Sends what is not yet sent, at once. */
  flush: () => void;
}

interface Unsent {
  text: string;
  /** What stood there when this person began, and its version. */
  from: string;
  base: number;
}

/** Is given the new text and the version that the person saw when they began to change it. False: it cannot be saved yet. */
type Save = (text: string, base: number) => boolean | void;

/** Shows what is typed until it is saved; what cannot be saved yet stays as it was typed, from `begun` on if there is that. */
export function useDraft(stands: string, version: number, save: Save, begun?: string): Draft {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const typed = useRef<string | null>(begun ?? null);
  const unsent = useRef<Unsent | null>(begun === undefined ? null : { text: begun, from: stands, base: version });
  const timer = useRef(0);
  const latest = useRef({ stands, version, save });
  latest.current = { stands, version, save };

  const flush = () => {
    clearTimeout(timer.current);
    const waiting = unsent.current;
    unsent.current = null;
    const now = latest.current;
    if (!waiting || waiting.text.trim() === now.stands) return;
    const taken = now.save(waiting.text.trim(), now.stands === waiting.from ? now.version : waiting.base);
    if (taken === false) unsent.current = waiting;
  };
  const write = (text: string) => {
    typed.current = text;
    unsent.current = { text, from: unsent.current?.from ?? stands, base: unsent.current?.base ?? version };
    clearTimeout(timer.current);
    timer.current = window.setTimeout(flush, PAUSE_MS);
    redraw(0);
  };
  useEffect(() => {
    const leaving = () => flush();
    for (const event of LEAVING) addEventListener(event, leaving, BEFORE_THE_LINE_CLOSES);
    return () => {
      for (const event of LEAVING) removeEventListener(event, leaving, BEFORE_THE_LINE_CLOSES);
      flush();
    };
  }, []);

  const mine = typed.current;
  const keep = mine !== null && (unsent.current || mine.trim() === stands);
  return { shown: keep ? mine : stands, write, flush };
}
