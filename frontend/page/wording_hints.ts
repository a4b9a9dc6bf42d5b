// Hints on wording: one that the writer leaves be is remembered in the form and not said again.

document.addEventListener("click", (event) => {
  const button = (event.target as Element).closest<HTMLButtonElement>("[data-lets-be]");
  const form = button?.closest("form");
  if (!button || !form) return;
  const left = document.createElement("input");
  Object.assign(left, { type: "hidden", name: "let_be", value: button.dataset.letsBe ?? "" });
  form.append(left);
  button.closest("li")?.remove();
  form.querySelector<HTMLElement>("textarea, input:not([type=hidden])")?.focus();
});
