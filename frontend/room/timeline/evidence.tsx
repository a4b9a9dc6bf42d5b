// What showed it: links, pictures and files at an entry, and their upload.
import { signal } from "@preact/signals";
import { closed } from "../agenda";
import { page } from "../page";
import { Modal } from "../ui/elements";
import type { Entry, Evidence } from "../protocol";
import { removeWithUndo, run } from "../store";
import { isWebAddress } from "../../writing/addresses";

interface Upload {
  id: string;
  entry: string;
  file: File;
  /** From 0 to 1. */
  done: number;
  failed?: string;
}

const uploads = signal<Upload[]>([]);
const shown = signal<Evidence | null>(null);

const titleOf = (piece: Evidence) => piece.title || hostOf(piece.url) || "file";
const isPicture = (piece: Evidence) => Boolean(piece.file_url) && piece.media_type.startsWith("image/");

function hostOf(address: string): string {
  try {
    return new URL(address).host;
  } catch {
    return "";
  }
}

/** Only web addresses become links; anything else a record might hold stays text. */
const safeAddress = (address: string) => (isWebAddress(address) ? address : undefined);

export const EvidenceList = ({ entry }: { entry: Entry }) => (
  <>
    {entry.evidence.map((piece) => <Piece key={piece.id} piece={piece} />)}
    {uploads.value.filter((upload) => upload.entry === entry.id).map((upload) => <Progress key={upload.id} upload={upload} />)}
  </>
);

function Piece({ piece }: { piece: Evidence }) {
  const remove = () => removeWithUndo("evidence", { id: piece.id }, "Evidence removed.");
  return (
    <span class={isPicture(piece) ? "piece is-picture" : "piece"}>
      {isPicture(piece) ? (
        <button type="button" class="thumb" onClick={() => (shown.value = piece)} aria-label={`Show the picture: ${titleOf(piece)}`}><img src={piece.file_url} alt={titleOf(piece)} loading="lazy" /></button>
      ) : (
        <a href={piece.file_url || safeAddress(piece.url)} target="_blank" rel="noopener noreferrer">{titleOf(piece)}</a>
      )}
      {!closed.value && <button type="button" class="piece-remove" aria-label={`Remove ${titleOf(piece)}`} onClick={remove}>✕</button>}
    </span>
  );
}

/** The picture somebody opened, large. */
export function ShownPicture() {
  const piece = shown.value;
  if (!piece) return null;
  return (
    <Modal title={titleOf(piece)} wide onClose={() => (shown.value = null)}>
      <img class="shown-picture" src={piece.file_url} alt={titleOf(piece)} />
      <p class="buttons"><a class="btn small" href={piece.file_url} target="_blank" rel="noopener">Open it alone</a></p>
    </Modal>
  );
}

const Progress = ({ upload }: { upload: Upload }) => (
  <span class="upload" role="status">
    {upload.failed ? (
      <>
        <span class="broke">{upload.file.name}: {upload.failed}</span>
        <button type="button" class="link" onClick={() => again(upload)}>Try again</button>
        <button type="button" class="link" onClick={() => drop(upload.id)}>Leave it</button>
      </>
    ) : (
      <>{upload.file.name} <progress value={upload.done} max={1} aria-label={`Uploading ${upload.file.name}`} /></>
    )}
  </span>
);

const change = (id: string, values: Partial<Upload>) => (uploads.value = uploads.value.map((each) => (each.id === id ? { ...each, ...values } : each)));
const drop = (id: string) => (uploads.value = uploads.value.filter((each) => each.id !== id));

/** Uploads files to an entry, once `ready` (the entry's own command) has reached the server. */
export function uploadAll(entry: string, files: File[], ready: Promise<unknown> = Promise.resolve(null)): void {
  for (const file of files) {
    const upload = { id: crypto.randomUUID(), entry, file, done: 0 };
    uploads.value = [...uploads.value, upload];
    void ready.then((refusal) => (refusal ? drop(upload.id) : send(upload)));
  }
}

function again(upload: Upload): void {
  change(upload.id, { failed: undefined, done: 0 });
  send(upload);
}

function send(upload: Upload): void {
  const body = new FormData();
  body.append("id", upload.id);
  body.append("entry", upload.entry);
  body.append("title", upload.file.name);
  body.append("file", upload.file);
  const request = new XMLHttpRequest();
  request.open("POST", page.upload);
  request.setRequestHeader("X-CSRFToken", page.csrf);
  request.setRequestHeader("Accept", "application/json");
  request.upload.onprogress = (event) => change(upload.id, { done: event.loaded / event.total });
  request.onload = () => (request.status < 300 ? drop(upload.id) : change(upload.id, { failed: messageOf(request) }));
  request.onerror = () => change(upload.id, { failed: "the connection broke off. The file is kept here while this tab is open." });
  request.send(body);
}

function messageOf(request: XMLHttpRequest): string {
  try {
    return (JSON.parse(request.responseText) as { message: string }).message;
  } catch {
    return request.status === 413 ? "the file is too large." : "the server could not take it.";
  }
}

export function choosePicture(entry: string): void {
  const input = document.createElement("input");
  input.type = "file";
  input.multiple = true;
  input.onchange = () => uploadAll(entry, [...(input.files ?? [])]);
  input.click();
}

/** Adds a web address to an entry. */
export function attachLink(entry: string, address: string, title: string): void {
  void run("evidence.link", { id: crypto.randomUUID(), entry, url: address, title });
}
