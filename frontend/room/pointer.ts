// Pointer capture: a press counts where it began, even if the page has moved under the finger since.

const PRESSABLE = "button, a[href], summary, [role=option]";
const SLACK_PX = 8;

let began: { on: HTMLElement; x: number; y: number } | null = null;
let slid = false;

addEventListener("pointerdown", (event) => {
  const on = event.isPrimary && event.button === 0 ? (event.target as Element).closest<HTMLElement>(PRESSABLE) : null;
  began = on && { on, x: event.clientX, y: event.clientY };
  slid = false;
  on?.setPointerCapture(event.pointerId);
}, true);

addEventListener("pointerup", ({ clientX: x, clientY: y }) => {
  if (!began) return;
  const { left, right, top, bottom } = began.on.getBoundingClientRect();
  const stillThere = x >= left && x <= right && y >= top && y <= bottom;
  slid = !stillThere && Math.hypot(x - began.x, y - began.y) > SLACK_PX;
  began = null;
}, true);

// Whoever slides off before letting go has thought better of it.
addEventListener("click", (event) => {
  if (!slid || !event.detail) return;
  slid = false;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);
