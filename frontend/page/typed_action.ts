// An action typed on a page: its owner, date and priority go into their fields as the server reads them, and out of the words as it is sent.

interface Named { id: number; name: string; call: string }
interface Said { part: Part; words: string; people: Named[] }
interface Read { text: string; owner: number | null; due_on: string | null; priority: string | null; said: Said[] }
type Part = "owner" | "due_on" | "priority";

const PARTS: Part[] = ["owner", "due_on", "priority"];
const PAUSE_MS = 80;
const place = document.querySelector<HTMLElement>("[data-reads-line]");
const form = place?.closest("form");
const field = form?.querySelector<HTMLTextAreaElement>("#id_text");
const fields = Object.fromEntries(PARTS.map((part) => [part, form?.querySelector<HTMLInputElement | HTMLSelectElement>(`#id_${part}`)]));
const own = new Map<Part, { before: string; filled: string }>();
let kept: Said[] = [];
let read: { line: string; found: Read } | null = null;
let timer = 0;

async function ask(): Promise<void> {
  const line = field!.value;
  kept = kept.filter((said) => line.includes(said.words));
  const body = new URLSearchParams([["line", line], ...kept.map((said): [string, string] => ["as_words", said.part])]);
  const token = document.querySelector<HTMLMetaElement>("meta[name=csrf-token]")?.content ?? "";
  const answer = await fetch(place!.dataset.readsLine!, { method: "POST", body, headers: { "X-CSRFToken": token } }).catch(() => null);
  if (!answer?.ok || field!.value !== line) return;
  read = { line, found: (await answer.json()) as Read };
  for (const part of PARTS) fill(part, String(read.found[part] ?? ""));
  place!.replaceChildren(...read.found.said.flatMap(chips));
}

/** A field that the person set themselves is left alone; one that the line filled goes back with its words. */
function fill(part: Part, value: string): void {
  const control = fields[part];
  const filled = own.get(part);
  if (!control || (filled ? control.value !== filled.filled : false)) return;
  if (value) own.set(part, { before: filled?.before ?? control.value, filled: value });
  else own.delete(part);
  if (value || filled) control.value = value || filled!.before;
}

function chips(said: Said): HTMLElement[] {
  if (said.part !== "owner" || said.people.length === 1) return [button(`${said.people[0]?.name ?? said.words} ✕`, "chip note", () => keep(said), `Keep “${said.words}” as words`)];
  const asks = document.createElement("span");
  asks.className = "chip due";
  asks.textContent = said.people.length ? `“${said.words}”: who is meant?` : `Nobody who may own it is called ${said.words}`;
  return [asks, ...said.people.map((person) => button(person.name, "chip", () => say(field!.value.replace(said.words, person.call))))];
}

function button(words: string, look: string, press: () => void, title = ""): HTMLButtonElement {
  const made = Object.assign(document.createElement("button"), { type: "button", className: look, textContent: words, title });
  if (title) made.setAttribute("aria-label", `${words.replace(" ✕", "")}. ${title}`);
  made.addEventListener("click", press);
  return made;
}

function keep(said: Said): void {
  kept = [...kept, said];
  say(field!.value);
}

function say(line: string): void {
  field!.value = line;
  field!.focus();
  void ask();
}

field?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = window.setTimeout(() => void ask(), PAUSE_MS);
});
field?.addEventListener("keydown", (event) => {
  const end = field.value.replace(/[\s.,;]+$/, "");
  const last = read?.line === field.value ? read.found.said.findLast((said) => end.endsWith(said.words)) : undefined;
  if (event.key !== "Backspace" || !last || field.selectionStart !== field.value.length || field.selectionEnd !== field.value.length) return;
  event.preventDefault();
  keep(last);
});
form?.addEventListener("submit", () => {
  if (read && read.line === field?.value) field.value = read.found.text;
});

export {};
