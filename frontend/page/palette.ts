// The palette (Ctrl K, or / where nobody types): an editable combobox over everything that can be found.
const WAIT_MS = 90;
const TYPING = "input, textarea, select, [contenteditable='true'], [contenteditable=''], [role=textbox]";

let dialog: HTMLDialogElement | undefined;
let asked: AbortController | undefined;
let timer = 0;

function part<T extends Element>(selector: string): T {
  return dialog!.querySelector<T>(selector)!;
}

const field = () => part<HTMLInputElement>("input");
const list = () => part<HTMLElement>("[role=listbox]");
const options = () => [...list().querySelectorAll<HTMLAnchorElement>("[role=option]:not([aria-disabled])")];

function make(): HTMLDialogElement {
  const made = document.createElement("dialog");
  made.className = "palette";
  made.setAttribute("aria-label", "Find anything");
  made.innerHTML = `
    <input type="text" role="combobox" aria-label="Find anything" aria-controls="palette-list" aria-expanded="true"
      aria-autocomplete="list" autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="2000"
      placeholder="Words, a line of a log, ACT-3">
    <div role="listbox" id="palette-list" aria-label="Found" tabindex="-1"></div>
    <p class="palette-keys" aria-hidden="true"><span>↑ ↓ choose</span><span>Enter open</span><span>Ctrl Enter new tab</span><span>Esc close</span></p>
    <p class="visually-hidden" role="status"></p>`;
  document.body.append(made);
  dialog = made;
  field().addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void look(), WAIT_MS);
  });
  made.addEventListener("keydown", choose);
  made.addEventListener("click", (event) => {
    if (event.target === made) made.close();
    if ((event.target as Element).closest("[role=option]")) made.close();
  });
  return made;
}

async function look(): Promise<void> {
  clearTimeout(timer);
  timer = 0;
  asked?.abort();
  const own = (asked = new AbortController());
  const text = field().value.trim();
  try {
    const answer = await fetch(`/search/?palette=1&q=${encodeURIComponent(text)}`, { signal: own.signal });
    if (answer.redirected || !answer.ok) throw new Error(String(answer.status));
    list().innerHTML = await answer.text();
  } catch (problem) {
    if (own.signal.aborted) return;
    const said = document.createElement("p");
    said.className = "found-none";
    said.setAttribute("role", "option");
    said.setAttribute("aria-disabled", "true");
    said.textContent = "The server could not be asked just now. What you typed is kept: change a letter to ask again.";
    list().replaceChildren(said);
  }
  point(text ? 0 : -1);
  const count = options().length;
  part("[role=status]").textContent = text ? (count === 1 ? "1 found" : `${count || "Nothing"} found`) : "";
}

function pointed(): number {
  return options().findIndex((option) => option.getAttribute("aria-selected") === "true");
}

function point(at: number): void {
  const all = options();
  all.forEach((option, index) => option.setAttribute("aria-selected", String(index === at)));
  const option = all[at];
  if (!option) return field().removeAttribute("aria-activedescendant");
  field().setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function choose(event: KeyboardEvent): void {
  const count = options().length;
  if (event.isComposing) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const from = pointed();
    const step = event.key === "ArrowDown" ? 1 : -1;
    if (count) point(from < 0 ? (step > 0 ? 0 : count - 1) : (from + step + count) % count);
  } else if (event.key === "Enter") {
    event.preventDefault();
    void open(event.ctrlKey || event.metaKey);
  }
}

/** Opens what is pointed at; who typed faster than the answer came gets the answer to what stands there now. */
async function open(elsewhere: boolean): Promise<void> {
  if (timer) await look();
  const option = options()[Math.max(0, pointed())];
  if (!option) return;
  if (elsewhere) return void window.open(option.href, "_blank");
  dialog!.close();
  location.assign(option.href);
}

function show(): void {
  const made = dialog ?? make();
  if (made.open) return field().select();
  made.showModal();
  field().select();
  void look();
}

document.addEventListener("keydown", (event) => {
  const isFind = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k";
  const isSlash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey;
  if ((!isFind && !isSlash) || event.defaultPrevented) return;
  if (!document.querySelector("[data-finds], #room")) return;
  const target = event.target as Element;
  if (isSlash && (target.closest(TYPING) || document.querySelector("dialog[open]"))) return;
  event.preventDefault();
  show();
});

document.addEventListener("click", (event) => {
  const opener = (event.target as Element).closest("[data-finds]");
  if (!opener || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show();
});
