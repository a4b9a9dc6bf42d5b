// The day of a milestone is mostly that of the one before: an empty time begins there, and is empty again if left so.

const TIMES = ".incident-form .moment-row input[type=datetime-local]";
let offered: { field: HTMLInputElement; value: string } | null = null;

function offer(field: HTMLInputElement): void {
  const group = [...(field.closest(".moment-rows")?.querySelectorAll<HTMLInputElement>("input[type=datetime-local]") ?? [])];
  const before = group.slice(0, group.indexOf(field)).findLast((other) => other.value);
  const nearest = before ?? group.find((other) => other.value);
  if (field.value || !nearest) return;
  offered = { field, value: nearest.value };
  field.value = nearest.value;
}

function takeBack(): void {
  if (offered && offered.field.value === offered.value) offered.field.value = "";
  offered = null;
}

document.addEventListener("focusin", (event) => {
  const field = event.target as HTMLInputElement;
  if (field.matches(TIMES)) offer(field);
});
document.addEventListener("focusout", takeBack);
document.querySelector(".incident-form")?.addEventListener("submit", takeBack);
