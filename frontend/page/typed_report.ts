// A report typed as one line: what the server understood stands below it, and goes back to being words by a click or Backspace.

const line = document.querySelector<HTMLInputElement>("#id_line");
const place = document.querySelector<HTMLElement>("#id_line_said");

function keep(chip: HTMLElement): void {
  const part = Object.assign(document.createElement("input"), { type: "hidden", name: "as_words", value: chip.dataset.part });
  line!.form!.append(part);
  chip.remove();
  line!.focus();
  line!.dispatchEvent(new Event("kept"));
}

place?.addEventListener("click", (event) => {
  const chip = (event.target as Element).closest<HTMLElement>("[data-part]");
  if (chip) keep(chip);
});
line?.addEventListener("keydown", (event) => {
  const end = line.value.replace(/[\s.,;]+$/, "");
  const last = [...place!.querySelectorAll<HTMLElement>("[data-part]")].findLast((chip) => end.endsWith(chip.dataset.words!));
  if (event.key !== "Backspace" || !last || line.selectionStart !== line.value.length || line.selectionEnd !== line.value.length) return;
  event.preventDefault();
  keep(last);
});
line?.addEventListener("input", () => {
  if (!line.value) line.form!.querySelectorAll("input[name=as_words]").forEach((part) => part.remove());
});

export {};
