// The summary's page: its sections are written together, in place, over the room's socket.
import { effect } from "@preact/signals";
import { line, overReason } from "../room/connection";
import type { Kept } from "../room/outbox";
import { dismissRefused, followTexts, gathering, join, refused, waiting } from "../room/store";

const page = document.getElementById("written-together");
const shown = new Set<string>();

const boxOf = (of: string) => page?.querySelector<HTMLElement>(`[data-text="${CSS.escape(of)}"]`);

/** Puts the editor where the section's words are; without one the link leads to a plain form. */
async function open(of: string, focus: boolean): Promise<void> {
  const box = boxOf(of);
  if (!page || !box || shown.has(of)) return;
  shown.add(of);
  const { mount } = await import("../writing/editor");
  const room = page.dataset.room ?? "";
  const held = document.createElement("div");
  held.className = "together";
  const label = box.dataset.label ?? "";
  const onShown = () => {
    box.replaceWith(held);
    page.querySelector<HTMLElement>(`[data-edits="${CSS.escape(of)}"]`)?.remove();
  };
  const placeholder = "Left empty, it says what the record says";
  box.setAttribute("aria-busy", "true");
  mount(held, { of, label, placeholder, room, history: `/incidents/${room}/texts/${of}/`, focus: () => focus, onShown });
}

let written = false;

function state(): string {
  const count = waiting.value.length + gathering.value;
  written ||= count > 0;
  if (line.value === "over") return overReason.value;
  if (line.value === "offline") return count ? "Offline: go on writing. Your changes are kept on this machine and sent when you are back." : "Offline: go on writing.";
  if (count) return "Saving…";
  return written ? "Saved" : "";
}

function refusal(command: Kept): HTMLElement {
  const element = document.createElement("div");
  element.className = "notice error";
  element.setAttribute("role", "alert");
  const words = document.createElement("div");
  const reason = document.createElement("p");
  reason.textContent = command.refused?.message ?? "";
  const text = document.createElement("p");
  text.textContent = `You wrote: “${command.args.text ?? ""}”`;
  words.append(reason, text);
  const copy = button("Copy the text", () => void navigator.clipboard.writeText(String(command.args.text ?? "")));
  element.append(words, copy, button("Dismiss", () => dismissRefused(command.op)));
  return element;
}

function button(name: string, does: () => void): HTMLButtonElement {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "btn small";
  element.textContent = name;
  element.addEventListener("click", does);
  return element;
}

if (page) {
  const status = document.getElementById("writing-state")!;
  const notices = document.createElement("div");
  notices.className = "writing-state";
  status.before(notices);
  effect(() => void (status.textContent = state()));
  effect(() => notices.replaceChildren(...refused.value.filter(({ do: what }) => what === "prose.write").map(refusal)));
  effect(() => waiting.value.forEach(({ args }) => typeof args.of === "string" && void open(args.of, false)));
  followTexts({ heard: (updates) => updates.forEach(({ of }) => void open(of, false)) });
  page.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLElement>("[data-edits]");
    if (!link || event.ctrlKey || event.metaKey || line.value === "offline" || line.value === "over") return;
    event.preventDefault();
    void open(link.dataset.edits ?? "", true);
  });
  join(page.dataset.number ?? "", page.dataset.socket ?? "");
}
