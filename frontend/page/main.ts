// Behaviour shared by the server-drawn pages: partial updates by htmx, dialogs, confirmation of what cannot be undone.
import htmx from "htmx.org";
import "./account";
import "./board";
import "./forms";
import "./wording_hints";
import "./milestone_kinds";
import "./palette";
import "./typed_action";
import "./typed_report";
import "./reading";

htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
htmx.config.selfRequestsOnly = true;

document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector<HTMLMetaElement>("meta[name=csrf-token]")?.content;
  if (token) (event as CustomEvent).detail.headers["X-CSRFToken"] = token;
});

// Answers of 4xx carry a message for the person, so they are shown where the answer would have been.
document.addEventListener("htmx:beforeSwap", (event) => {
  const detail = (event as CustomEvent).detail;
  if (detail.xhr.status >= 400 && detail.xhr.status < 500) detail.shouldSwap = true;
});

document.addEventListener("click", (event) => {
  const opener = (event.target as Element).closest<HTMLElement>("[data-opens]");
  if (opener) document.querySelector<HTMLDialogElement>(opener.dataset.opens ?? "")?.showModal();
  if ((event.target as Element).closest("[data-prints]")) window.print();
  if ((event.target as Element).closest("[data-closes]")) (event.target as Element).closest("dialog")?.close();
});

document.addEventListener("submit", (event) => {
  const question = (event.target as HTMLFormElement).dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});
