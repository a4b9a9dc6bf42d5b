// Hints on wording while it is typed: the server's own rules, asked at each pause between two keys.
import { signal } from "@preact/signals";
import { line } from "./connection";
import { page } from "./page";
import { derived } from "./store";

export type Worded = "action" | "cause" | "leaf" | "said";

export interface Advice {
  /** What it is about, and what stood there when it was typed. */
  text: string;
  stands: string;
  /** Empty where the words are fine. */
  words: string;
  rewrite: string;
}

const PAUSE_MS = 40;
const advices = signal<Record<string, Advice>>({});
const leftBe = signal<ReadonlySet<string>>(new Set());
const savedAt = new WeakMap<Advice, number>();
let timer = 0;
let asking = new AbortController();

/** Asks about what is typed; an older question that is not answered yet is given up. */
export function askWhileTyping(kind: Worded, id: string, text: string, stands: string): void {
  clearTimeout(timer);
  asking.abort();
  timer = window.setTimeout(() => void ask(kind, id, text.trim(), stands), PAUSE_MS);
}

async function ask(kind: Worded, id: string, text: string, stands: string): Promise<void> {
  asking = new AbortController();
  const body = new URLSearchParams({ kind, text });
  const given = text ? await answer(body, asking.signal) : { words: "", rewrite: "" };
  if (given) advices.value = { ...advices.value, [id]: { text, stands, ...given } };
}

/** What to ask of a reason that says nothing yet; "" where it says something, or where nobody can be asked. */
export async function askAboutReason(text: string): Promise<string> {
  const found = await answer(new URLSearchParams({ kind: "reason", text }), AbortSignal.timeout(3_000));
  return found?.words ?? "";
}

/** Null without a connection: the hint then comes once the text is saved. */
async function answer(body: URLSearchParams, wanted: AbortSignal): Promise<{ words: string; rewrite: string } | null> {
  if (line.value !== "open") return null;
  try {
    const found = await fetch(`${page.home}room/wording/`, { method: "POST", body, signal: wanted, headers: { "X-CSRFToken": page.csrf } });
    return found.ok ? ((await found.json()) as { words: string; rewrite: string }) : null;
  } catch {
    return null;
  }
}

/** What was said of the text that is being typed, or that was saved since the server last judged what stands. */
export function adviceOn(id: string, stands: string): Advice | undefined {
  const found = advices.value[id];
  if (!found || (found.text !== stands && found.stands !== stands)) return undefined;
  if (found.text === stands && isJudged(found)) return undefined;
  return found;
}

function isJudged(saved: Advice): boolean {
  const seq = derived.value?.seq ?? 0;
  if (!savedAt.has(saved)) savedAt.set(saved, seq);
  return seq > savedAt.get(saved)!;
}

/** A hint that somebody lets be is not shown to them again. */
export const letBe = (id: string, words: string) => (leftBe.value = new Set([...leftBe.value, `${id} ${words}`]));
export const isLeftBe = (id: string, words: string): boolean => leftBe.value.has(`${id} ${words}`);
