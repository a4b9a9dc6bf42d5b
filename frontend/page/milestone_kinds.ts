// Times of the kind that is not chosen are out of sight: they must not hold up the form either.

const form = document.querySelector<HTMLFormElement>(".incident-form");

function settle(): void {
  for (const part of form?.querySelectorAll<HTMLElement>(".for-outages, .for-others") ?? []) {
    const hidden = getComputedStyle(part).display === "none";
    for (const control of part.querySelectorAll<HTMLInputElement | HTMLSelectElement>("input, select")) control.disabled = hidden;
  }
}

form?.querySelector("#id_kind")?.addEventListener("change", settle);
if (form) addEventListener("pageshow", settle);
