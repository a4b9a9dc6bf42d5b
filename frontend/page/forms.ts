// Forms: addresses without empty parameters, and rows that can be added.

document.addEventListener("formdata", (event) => {
  if (!(event.target as HTMLFormElement).matches("[data-tidy]")) return;
  for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
});

document.addEventListener("htmx:configRequest", (event) => {
  const detail = (event as CustomEvent).detail;
  if (!detail.elt.matches?.("[data-tidy]")) return;
  for (const [name, value] of Object.entries(detail.parameters)) if (value === "") delete detail.parameters[name];
});

for (const button of document.querySelectorAll<HTMLButtonElement>("[data-adds]")) {
  button.hidden = false;
  button.addEventListener("click", () => addRow(button));
}

function addRow(button: HTMLButtonElement): void {
  const group = button.closest("fieldset");
  const template = group?.querySelector<HTMLTemplateElement>("template[data-row]");
  const total = group?.querySelector<HTMLInputElement>(`#id_${button.dataset.adds}-TOTAL_FORMS`);
  if (!group || !template || !total) return;
  template.insertAdjacentHTML("beforebegin", template.innerHTML.replaceAll("__prefix__", total.value));
  total.value = String(Number(total.value) + 1);
  template.previousElementSibling?.querySelector<HTMLElement>("select")?.focus();
}
