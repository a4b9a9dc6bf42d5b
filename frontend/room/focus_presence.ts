// Presence by focus: lets the others see whether this person is at the page.
import { effect, signal } from "@preact/signals";
import { line, send } from "./connection";

const IDLE_AFTER_MS = 180_000;
const SIGNS = ["pointermove", "pointerdown", "keydown", "scroll"];

const attention = signal<"here" | "idle" | "away">("here");
let timer = 0;

function noticed(): void {
  clearTimeout(timer);
  attention.value = document.visibilityState === "hidden" ? "away" : "here";
  timer = window.setTimeout(() => attention.value === "here" && (attention.value = "idle"), IDLE_AFTER_MS);
}

for (const sign of SIGNS) addEventListener(sign, noticed, { capture: true, passive: true });
document.addEventListener("visibilitychange", noticed);
noticed();

effect(() => {
  if (line.value === "open") send({ t: "say", kind: "attention", on: attention.value });
});
