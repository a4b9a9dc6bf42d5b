// Times and roles of the kind that is not chosen are out of sight: they must not hold up the form either.

type Words = Record<string, Record<string, string>>;
const form = document.querySelector<HTMLFormElement>(".incident-form");

const words = JSON.parse(form?.dataset.words ?? "{}") as Words;

/** What is said of another kind of event gives way to the words of the chosen one. */
function say(): void {
  const chosen = words[form?.querySelector<HTMLSelectElement>("#id_kind")?.value ?? ""] ?? {};
  for (const [id, text] of Object.entries(chosen)) {
    const shown = document.querySelector(`label[for="${id}"]`) ?? document.getElementById(id);
    const said = [...(shown?.childNodes ?? [])].find((node) => node.nodeType === Node.TEXT_NODE);
    if (said) said.nodeValue = shown?.querySelector(".meta") ? `${text} ` : text;
  }
}

/** What a severity means is said of what broke; as the weight of a launch or a project its name is enough. */
function weigh(): void {
  const severity = words["outage"]?.["id_severity"];
  const graded = words[form?.querySelector<HTMLSelectElement>("#id_kind")?.value ?? ""]?.["id_severity"] === severity;
  for (const option of form?.querySelectorAll<HTMLOptionElement>("#id_severity option") ?? []) {
    option.label = graded ? "" : (option.text.split(" · ")[0] ?? "");
  }
}

function settle(): void {
  say();
  weigh();
  for (const part of form?.querySelectorAll<HTMLElement>(".for-outages, .for-others") ?? []) {
    const hidden = getComputedStyle(part).display === "none";
    for (const control of part.querySelectorAll<HTMLInputElement | HTMLSelectElement>("input, select")) control.disabled = hidden;
  }
  offerRoles();
}

/** Only the roles of the chosen kind are offered; a role of the other gives way to the first of them. */
function offerRoles(): void {
  const at = form?.querySelector<HTMLSelectElement>("#id_kind")?.value === "outage" ? 0 : 1;
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
