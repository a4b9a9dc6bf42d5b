// Dragging cards between the columns of a board; the menu on each card does the same by keyboard.
let carried: HTMLElement | null = null;

const cardOf = (target: EventTarget | null) => (target as Element | null)?.closest?.<HTMLElement>(".board-card") ?? null;
const columnOf = (target: EventTarget | null) => (target as Element | null)?.closest?.<HTMLElement>(".board-column") ?? null;
const takes = (column: HTMLElement) => (carried?.dataset.to ?? "").split(" ").includes(column.dataset.state ?? "");

document.addEventListener("pointerdown", (event) => {
  const card = cardOf(event.target);
  if (card) card.draggable = !(event.target as Element).closest("a, select, button");
});

document.addEventListener("dragstart", (event) => {
  carried = cardOf(event.target);
  carried?.classList.add("dragged");
});

document.addEventListener("dragover", (event) => {
  const column = columnOf(event.target);
  if (!carried || !column || !takes(column)) return;
  event.preventDefault();
  column.classList.add("may-drop");
});

document.addEventListener("dragleave", (event) => {
  const column = columnOf(event.target);
  if (column && !column.contains(event.relatedTarget as Node | null)) column.classList.remove("may-drop");
});

document.addEventListener("drop", (event) => {
  const column = columnOf(event.target);
  const form = carried?.querySelector<HTMLFormElement>("form");
  const menu = form?.querySelector<HTMLSelectElement>("select");
  if (!column || !form || !menu || !takes(column)) return;
  event.preventDefault();
  menu.value = column.dataset.state ?? "";
  form.requestSubmit();
});

document.addEventListener("dragend", () => {
  carried?.classList.remove("dragged");
  carried = null;
  for (const column of document.querySelectorAll(".may-drop")) column.classList.remove("may-drop");
});
