// Accounts: proposes the browser's own time zone, and copies links and tokens that are shown once.
for (const select of document.querySelectorAll<HTMLSelectElement>("select[data-guess-zone]")) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const untouched = !select.querySelector("option[selected]:not([value=UTC])");
  if (untouched && [...select.options].some((option) => option.value === zone)) select.value = zone;
}

document.addEventListener("click", async (event) => {
  const button = (event.target as Element).closest<HTMLElement>("[data-copies]");
  const field = button && document.querySelector<HTMLInputElement>(button.dataset.copies ?? "");
  if (!button || !field) return;
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Press Ctrl+C to copy";
  }
});
