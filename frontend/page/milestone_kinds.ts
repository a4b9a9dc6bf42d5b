// Times and roles of the kind that is not chosen are out of sight: they must not hold up the form either.

const form = document.querySelector<HTMLFormElement>(".incident-form");

function settle(): void {
  for (const part of form?.querySelectorAll<HTMLElement>(".for-outages, .for-others") ?? []) {
    const hidden = getComputedStyle(part).display === "none";
    for (const control of part.querySelectorAll<HTMLInputElement | HTMLSelectElement>("input, select")) control.disabled = hidden;
  }
  offerRoles();
}

/** Only the roles of the chosen kind are offered; a role of the other gives way to the first of them. */
function offerRoles(): void {
  const shown = form?.querySelector<HTMLElement>(".for-outages");
  if (!shown) return;
  const at = getComputedStyle(shown).display === "none" ? 1 : 0;
  for (const list of form?.querySelectorAll<HTMLSelectElement>(".role-row select") ?? []) {
    const groups = [...list.querySelectorAll("optgroup")];
    groups.forEach((group, place) => (group.disabled = group.hidden = place !== at));
    const offered = [...(groups[at]?.querySelectorAll("option") ?? [])];
    const own = offered.find((option) => option.value === list.value) ?? offered[0];
    if (own) own.selected = true;
  }
}

form?.querySelector("#id_kind")?.addEventListener("change", settle);
if (form) addEventListener("pageshow", settle);
