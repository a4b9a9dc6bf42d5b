// What still keeps the meeting from closing, and what happens once it has.
import { look, postmortem, started } from "../agenda";
import { loadWords } from "../actions/list";
import { findings } from "../causes/findings";
import { firstName } from "../ui/elements";
import type { GateItem } from "../protocol";
import { derived, recordsOf, you } from "../store";
import { MissingParts } from "./missing";
import { clock, day } from "../zones";

const NUMBERS = ["None", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve"];
const inWords = (count: number) => NUMBERS[count] ?? String(count);

export function Gate() {
  const gate = derived.value?.gate;
  if (!gate) return null;
  const { covered, total, left } = gate;
  return (
    <section aria-live="polite" class="gate">
      <h2>Ready to close?</h2>
      {total > 0 && <div class="meter" role="img" aria-label={`${covered} of ${total} done`}>{Array.from({ length: total }, (_, at) => <i key={at} class={at < covered ? undefined : "no"} />)}</div>}
      <div class="prompt"><Covered covered={covered} total={total} /></div>
      <MissingParts />
      {left.filter((item) => !item.missing).map((item) => <div class="prompt" key={`${item.finding} ${item.action}`}><LeftToDo item={item} /></div>)}
    </section>
  );
}

function Covered({ covered, total }: { covered: number; total: number }) {
  if (!total && !started.value) return <small>Not yet: the meeting has not begun</small>;
  if (!total && !findings().length) return <small>Nothing has been found yet</small>;
  const words = total === 0 ? "No finding asks for an action" : covered === total ? "Every finding is covered" : `${inWords(covered)} of ${inWords(total).toLowerCase()} findings covered`;
  return covered || !total ? <small class="forward">✓ {words}</small> : <small>{words}</small>;
}

/** Goes to the action, or to the finding that has none. */
export function LeftToDo({ item }: { item: GateItem }) {
  const show = () => {
    look("actions");
    setTimeout(() => focusPlace(item));
  };
  return <button type="button" class="plainly" onClick={show}><small class="due">• {item.text}</small></button>;
}

function focusPlace({ finding, action }: GateItem): void {
  const place = document.getElementById(action ? `action-${action}` : `covers-${finding}`);
  const target = place?.querySelector<HTMLElement>(action ? ".miss, .hint button, textarea" : "button") ?? place;
  place?.scrollIntoView({ block: "center" });
  target?.focus();
}

const zone = () => you.value?.zone ?? "UTC";
export const at = (time: string) => `${day(time, zone())} ${clock(time, zone())}`;

export function After() {
  const promised = postmortem.value?.promises?.summary;
  const checkIn = postmortem.value?.check_in;
  return (
    <section>
      <h2>After this meeting</h2>
      <div class="prompt"><p>Summary</p><small>{promised ? `by ${at(promised)}` : "within 24 hours of closing"}</small></div>
      <div class="prompt"><p>Two-week check-in</p><small>{checkIn ? at(checkIn.starts_at) : "goes on calendars when the meeting closes"}</small></div>
    </section>
  );
}

export function Load() {
  const owners = new Set([...recordsOf("actions.actionitem").values()].filter((action) => !action.removed && action.owner).map((action) => action.owner!.id));
  const rows = (derived.value?.load ?? []).filter((row) => owners.has(row.person.id) && row.open > 0);
  if (!rows.length) return null;
  return (
    <section>
      <h2>Load</h2>
      {rows.sort((a, b) => b.late - a.late || b.open - a.open).map((row) => (
        <p key={row.person.id} class={row.late ? "meta due" : "meta"}>{firstName(row.person)} owns {loadWords(row)}.</p>
      ))}
    </section>
  );
}

export const ActionsSide = () => (
  <>
    <Gate />
    <After />
    <Load />
  </>
);
