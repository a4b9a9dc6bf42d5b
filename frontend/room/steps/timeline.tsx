// The timeline: what happened, moment by moment.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { closed, happened, incident, wantedEntry } from "../agenda";
import { useKeys } from "../keys";
import { Avatar, Drawing, firstName } from "../ui/elements";
import type { Entry } from "../protocol";
import { derived } from "../store";
import { Composer } from "../timeline/composer";
import { EntryDialogs } from "../timeline/dialogs";
import { EntryRow, reached } from "../timeline/entry";
import { ShownPicture } from "../timeline/evidence";
import { PasteDialog, importFile, openPaste } from "../timeline/paste";
import { changesBefore, entries, inDays, rows, zone, type TimelineRow } from "../timeline/rows";
import { clock, span } from "../zones";

const MANY_CHANGES = 4;

export function TimelineStage() {
  useKeys(() => [
    { key: "n", does: "Write an entry", run: () => document.getElementById("compose-line")?.focus() },
    { key: "ArrowDown", does: "Go through the entries (Enter edits, M opens the menu, Ctrl Delete removes)", run: () => step(1) },
    { key: "ArrowUp", does: "Go back through the entries", run: () => step(-1) },
  ]);
  useEffect(() => void (wantedEntry && document.getElementById(wantedEntry)?.focus()), []);
  return (
    <>
      <header class="stage-head">
        <div>
          <h1>{happened()}</h1>
          <p class="meta">Facts only, each with what showed it. Causes come next. Times in {zone.value.replaceAll("_", " ")}.</p>
        </div>
        {!closed.value && (
          <div class="stage-tools">
            <button type="button" class="btn" onClick={() => openPaste()}>Paste {incident.value?.words.log ?? "a chat log"}</button>
            <button type="button" class="btn" onClick={importFile}>Import</button>
          </div>
        )}
      </header>
      {derived.value?.strip && entries.value.length > 0 && <Drawing class="timeline-strip" svg={derived.value.strip} />}
      <List />
      {!closed.value && <Composer />}
      <EntryDialogs />
      <PasteDialog />
      <ShownPicture />
    </>
  );
}

function List() {
  if (!entries.value.length && !rows.value.length) return <Nothing />;
  const first = entries.value[0]?.id ?? null;
  if (!entries.value.some((entry) => entry.id === reached.value)) reached.value = first;
  return (
    <ol class="tl" onKeyDown={onListKey}>
      <ChangesBefore />
      {rows.value.map((row) => <Row key={row.key} row={row} />)}
    </ol>
  );
}

const Nothing = () => (
  <div class="empty">
    <p>Nothing here yet. Begin with what you know best: type <code>{incident.value?.words.line_example ?? "14:11 alert fired"}</code> below and press Enter; it lands at its time.</p>
    <p>Or take over what was written at the time: paste {incident.value?.words.log ?? "a chat log"}, or import an export.</p>
  </div>
);

function ChangesBefore() {
  const changes = changesBefore.value;
  const open = useSignal(changes.length <= MANY_CHANGES);
  if (!changes.length) return null;
  return (
    <>
      <li class="before"><button type="button" class="link" aria-expanded={open.value} onClick={() => (open.value = !open.value)}>
        {changes.length === 1 ? "1 change" : `${changes.length} changes`} in the 24 hours before<span aria-hidden="true">{open.value ? " ▾" : " ▸"}</span>
      </button></li>
      {open.value && changes.map((entry) => <EntryRow key={entry.id} entry={entry} />)}
    </>
  );
}

function Row({ row }: { row: TimelineRow }) {
  if (row.type === "day") return <li class="day"><span>{row.words}</span></li>;
  if (row.type === "gap") return <li class="gap"><span /><i /><span>{row.words}</span></li>;
  if (row.type === "writing") return <Writing row={row} />;
  if (row.accounts.length === 1) return <EntryRow entry={row.accounts[0]!} />;
  return <Accounts accounts={row.accounts} />;
}

const Writing = ({ row }: { row: Extract<TimelineRow, { type: "writing" }> }) => (
  <li class="ev is-live">
    <time>{row.at && !inDays.value && clock(row.at, zone.value)}</time>
    <span class="dot" />
    <div class="by"><span class="person"><Avatar person={row.person} /> {firstName(row.person)} is writing…</span></div>
  </li>
);

/** Differing accounts of one moment, side by side until the room settles them. */
function Accounts({ accounts }: { accounts: Entry[] }) {
  const times = accounts.map((entry) => Date.parse(entry.happened_at));
  const apart = (Math.max(...times) - Math.min(...times)) / 60_000;
  return (
    <li class="accounts">
      <p class="accounts-head">{accounts.length} accounts of one moment{apart >= 1 && `, ${span(apart)} apart`}. Which one stands?</p>
      <ol>{accounts.map((entry) => <EntryRow key={entry.id} entry={entry} paired />)}</ol>
    </li>
  );
}

const rowsOnPage = () => [...document.querySelectorAll<HTMLElement>(".tl [data-entry]")];

/** Moves the focus through the entries. */
function step(by: number): void {
  const all = rowsOnPage();
  const at = all.findIndex((row) => row === document.activeElement);
  const to = at < 0 ? all.findIndex((row) => row.dataset.entry === reached.value) : at + by;
  all[Math.max(0, Math.min(all.length - 1, to))]?.focus();
}

function onListKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || !(event.target as Element).matches("[data-entry]")) return;
  const all = rowsOnPage();
  if (event.key === "ArrowDown") step(1);
  else if (event.key === "ArrowUp") step(-1);
  else if (event.key === "Home") all[0]?.focus();
  else if (event.key === "End") all.at(-1)?.focus();
  else return;
  event.preventDefault();
}
