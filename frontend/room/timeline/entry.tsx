// One entry of the timeline.
import { signal, useComputed } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { closed, isFacilitator, writingAt } from "../agenda";
import { Menu, type MenuGroup } from "../menu";
import { Avatar, Unsaved, RichText, firstName } from "../ui/elements";
import type { Entry } from "../protocol";
import { removeWithUndo, run, you } from "../store";
import { shortened } from "../undo";
import { clock, day, dayAndClock, offset } from "../zones";
import { ask } from "./dialogs";
import { Editor } from "./editor";
import { EvidenceList, choosePicture, uploadAll } from "./evidence";
import { editing, inDays, start, zone } from "./rows";
import { keyFor } from "./secrets";
import { chipOf, kindsOf, milestoneWords, milestones, tone } from "./labels";

/** The entry whose menu is open, and the one that Tab reaches. */
const menuAt = signal<string | null>(null);
export const reached = signal<string | null>(null);

const mayEdit = (entry: Entry) => !closed.value && (!entry.anonymous || "key" in keyFor(entry.id) || isFacilitator.value || you.value?.administrator);

function removeEntry(entry: Entry): void {
  removeWithUndo("entry", { id: entry.id, ...keyFor(entry.id) }, `Removed: ${clock(entry.happened_at, zone.value)} ${shortened(entry.text)}`);
}

interface Props {
  entry: Entry;
  /** Whether it stands beside another account of the same moment. */
  paired?: boolean;
}

export function EntryRow({ entry, paired = false }: Props) {
  const row = useRef<HTMLLIElement>(null);
  const edited = useComputed(() => editing.value === entry.id).value;
  const tabbable = useComputed(() => reached.value === entry.id).value;
  const wasEdited = useRef(false);
  useEffect(() => {
    if (wasEdited.current && !edited) row.current?.focus();
    wasEdited.current = edited;
  }, [edited]);
  const kind = ["ev", entry.milestone && "is-mile", tone(entry) && `is-${tone(entry)}`, edited && "is-live"].filter(Boolean).join(" ");
  return (
    <li class={kind} ref={row} id={`entry-${entry.id}`} data-entry={entry.id} tabIndex={tabbable ? 0 : -1} onFocus={() => (reached.value = entry.id)}
      onKeyDown={(event) => event.target === row.current && onRowKey(event, entry)} onDrop={(event) => dropOn(event, entry)} onDragOver={(event) => event.preventDefault()} onPaste={(event) => pasteOn(event, entry)}>
      <When entry={entry} />
      <span class="dot" />
      {edited ? <Editor entry={entry} onDone={() => (editing.value = null)} /> : <Said entry={entry} paired={paired} />}
      {!edited && <Tail entry={entry} />}
    </li>
  );
}

/** The time on this person's own clock, where that differs. */
function elsewhere(at: string): string | undefined {
  const own = you.value?.zone ?? zone.value;
  return own === zone.value ? undefined : `${dayAndClock(at, own)} in ${own.replaceAll("_", " ")}`;
}

const When = ({ entry }: { entry: Entry }) => (
  <time dateTime={entry.happened_at} title={elsewhere(entry.happened_at)}>
    {inDays.value ? day(entry.happened_at, zone.value).replace(/^\w+ /, "") : clock(entry.happened_at, zone.value)}
    <span class="off">{offset(entry.happened_at, start.value, inDays.value)}</span>
  </time>
);

const Said = ({ entry, paired }: { entry: Entry; paired: boolean }) => (
  <div class="ev-words">
    <p onDblClick={() => mayEdit(entry) && (editing.value = entry.id)}><RichText text={entry.text} /></p>
    <div class="by">
      <By entry={entry} />
      <EvidenceList entry={entry} />
      <Unsaved id={entry.id} />
      <WritingHere id={entry.id} />
    </div>
    {paired && !closed.value && (
      <div class="buttons account-choice">
        <button type="button" class="btn small" onClick={() => void run("entry.settle", { id: entry.id })}>This account stands</button>
        <button type="button" class="btn small quiet" onClick={() => void run("entry.pair", { id: entry.id, with: null })}>Not the same moment</button>
      </div>
    )}
  </div>
);

function By({ entry }: { entry: Entry }) {
  const [source, named] = entry.source.split(" · ");
  if (entry.author) return <><span class="person"><Avatar person={entry.author} /> {firstName(entry.author)}</span>{source && <span>from {source}</span>}</>;
  if (source) return <span>{named ? `${named}, from ${source}` : `from ${source}`}</span>;
  return <span>{"key" in keyFor(entry.id) ? "you, anonymously" : "anonymous"}</span>;
}

const WritingHere = ({ id }: { id: string }) => (
  <>{writingAt(id).map((person) => <span key={person.id} class="note-ink">{firstName(person)} is writing…</span>)}</>
);

function Tail({ entry }: { entry: Entry }) {
  const open = useComputed(() => menuAt.value === entry.id).value;
  const chip = chipOf(entry);
  const close = () => {
    menuAt.value = null;
    document.getElementById(`entry-${entry.id}`)?.focus();
  };
  return (
    <span class="tail">
      {chip && <span class={chip.class}>{chip.words}</span>}
      {!closed.value && <button type="button" class="more-button" tabIndex={-1} aria-haspopup="menu" aria-expanded={open} aria-label={`More for: ${entry.text}`} onClick={() => (menuAt.value = open ? null : entry.id)}>⋯</button>}
      {open && <Menu label="Entry" groups={menuOf(entry)} onClose={close} onLeave={() => (menuAt.value = null)} />}
    </span>
  );
}

function menuOf(entry: Entry): MenuGroup[] {
  const mine = mayEdit(entry);
  const change = (kind: string) => run("entry.change", { id: entry.id, kind, ...keyFor(entry.id) });
  return [
    { items: [
      ...(mine ? [{ label: "Edit", run: () => (editing.value = entry.id) }] : []),
      { label: "Add a link…", run: () => ask({ kind: "link", entry }) },
      { label: "Add a picture or file…", run: () => choosePicture(entry.id) },
      { label: "Pair with another account…", run: () => ask({ kind: "pair", entry }) },
      ...(mine ? [{ label: "Remove", danger: true, run: () => removeEntry(entry) }] : []),
    ] },
    { title: "Marks the milestone", items: milestones.value.map((name) => ({
      label: milestoneWords(name), chosen: entry.milestone === name, run: () => void run("entry.mark", { id: entry.id, milestone: entry.milestone === name ? null : name }),
    })) },
    { title: "Kind", items: mine ? kindsOf(entry.kind).map(([kind, label]) => ({ label, chosen: entry.kind === kind, run: () => void change(kind) })) : [] },
  ];
}

/** A letter that opens what changes an entry wants Alt, as all that change something do. */
function openMenu(event: KeyboardEvent, entry: Entry): void {
  event.preventDefault();
  menuAt.value = entry.id;
}

function onRowKey(event: KeyboardEvent, entry: Entry): void {
  if (closed.value) return;
  if (event.altKey) return event.code === "KeyM" ? openMenu(event, entry) : undefined;
  const key = event.key.toLowerCase();
  const held = event.ctrlKey || event.metaKey;
  if (held && (key === "delete" || key === "backspace") && mayEdit(entry)) removeEntry(entry);
  else if (held) return;
  else if (key === "enter" && mayEdit(entry)) editing.value = entry.id;
  else if (key === "contextmenu" || (key === "f10" && event.shiftKey)) openMenu(event, entry);
  else return;
  event.preventDefault();
}

function dropOn(event: DragEvent, entry: Entry): void {
  const files = [...(event.dataTransfer?.files ?? [])];
  if (!files.length || closed.value) return;
  event.preventDefault();
  event.stopPropagation();
  uploadAll(entry.id, files);
}

function pasteOn(event: ClipboardEvent, entry: Entry): void {
  const files = [...(event.clipboardData?.files ?? [])];
  if (!files.length || closed.value) return;
  event.preventDefault();
  uploadAll(entry.id, files);
}

/** The newest entry this person wrote, for Arrow up in the composer. */
export function lastMine(all: Entry[], justAdded: readonly string[]): Entry | undefined {
  const added = justAdded.map((id) => all.find((entry) => entry.id === id)).findLast(Boolean);
  return added ?? all.findLast((entry) => entry.author?.id === you.value?.id && !entry.source);
}
