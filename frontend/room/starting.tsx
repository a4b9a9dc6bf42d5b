// Starting the meeting: asks first where it is not due yet or required people are missing, and can be taken back for a while.
import { signal } from "@preact/signals";
import { leads, live, meeting, postmortem, second } from "./agenda";
import { page } from "./page";
import { here, run, you } from "./store";
import { Modal } from "./ui/elements";
import { clock, day } from "./zones";

const ON_TIME_MS = 15 * 60_000;
const DAY_MS = 24 * 60 * 60_000;
const TAKEN_BACK_WITHIN_MS = 10 * 60_000;
const MOST_NAMED = 4;

const asking = signal(false);

/** What speaks against starting now, in sentences; the server asks the same of other clients. */
function doubts(): string[] {
  const planned = meeting.value;
  const early = planned && Date.parse(planned.starts_at) - second.value > ON_TIME_MS;
  return [...(early ? [`It is planned for ${dayWords(planned.starts_at)}.`] : []), ...absent()];
}

function dayWords(at: string): string {
  const zone = you.value?.zone ?? "UTC";
  const on = (moment: number) => day(new Date(moment).toISOString(), zone);
  const named = { [on(second.value)]: "today", [on(second.value + DAY_MS)]: "tomorrow" }[on(Date.parse(at))];
  return `${named ?? day(at, zone)} ${clock(at, zone)}`;
}

function absent(): string[] {
  const present = new Set(here.value.map((person) => person.id));
  const required = (postmortem.value?.participants ?? []).filter((person) => person.required);
  const missing = required.filter((person) => !present.has(person.id)).map((person) => person.name);
  if (!missing.length) return [];
  const names = missing.length <= MOST_NAMED ? missing : [...missing.slice(0, MOST_NAMED - 1), `${missing.length - MOST_NAMED + 1} others`];
  return [`${missing.length} of ${required.length} required ${required.length === 1 ? "person is" : "people are"} not here: ${names.join(", ")}.`];
}

export function StartButton() {
  const start = () => (doubts().length ? (asking.value = true) : void run("meeting.start", {}));
  return <button type="button" class="btn primary" onClick={start}>Start meeting</button>;
}

/** Shown once in the room, for every button that asks. */
export function ConfirmStart() {
  if (!asking.value) return null;
  const start = () => {
    asking.value = false;
    void run("meeting.start", { anyway: true });
  };
  return (
    <Modal title="Start now?" onClose={() => (asking.value = false)}>
      {doubts().map((doubt) => <p key={doubt}>{doubt}</p>)}
      <p class="meta">Everybody who was asked is told when it begins at another time than planned, and their calendars follow. For ten minutes it can be taken back.</p>
      <div class="buttons">
        <button type="button" class="btn primary" onClick={start}>Start now</button>
        <button type="button" class="btn quiet" autoFocus onClick={() => (asking.value = false)}>Not yet</button>
      </div>
    </Modal>
  );
}

/** What who leads may do with a meeting that runs, beside leading on. */
export function RunningMeeting() {
  const began = meeting.value?.starts_at;
  if (!live.value || !leads.value || !began) return null;
  const fresh = second.value - Date.parse(began) < TAKEN_BACK_WITHIN_MS;
  return (
    <p class="notice running">
      <span>{fresh ? "The meeting has begun." : "The meeting is under way."}</span>
      {fresh && <button type="button" class="btn small" onClick={() => void run("meeting.take_back", {})}>Not begun after all</button>}
      <a class="btn small quiet" href={`${page.home}schedule/`}>Adjourn to another time…</a>
    </p>
  );
}
