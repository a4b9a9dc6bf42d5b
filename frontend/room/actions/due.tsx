// By when.
import { Popover } from "../popover";
import type { Action } from "../protocol";
import { run, you } from "../store";
import { day, wallOf } from "../zones";
import { serverNow } from "../connection";

const DAY_MS = 86_400_000;

/** A date without a time, as midnight in UTC. */
const dateOf = (iso: string) => Date.parse(`${iso}T00:00:00Z`);
const isoOf = (ms: number) => new Date(ms).toISOString().slice(0, 10);

export function today(): string {
  const { year, month, day: date } = wallOf(serverNow(), you.value?.zone ?? "UTC");
  return isoOf(Date.UTC(year, month - 1, date));
}

function endOfMonth(from: string): string {
  const now = new Date(dateOf(from));
  const last = (months: number) => Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months, 0);
  const end = last(1) - dateOf(from) < 3 * DAY_MS ? last(2) : last(1);
  const weekday = new Date(end).getUTCDay();
  return isoOf(end - (weekday === 6 ? 1 : weekday === 0 ? 2 : 0) * DAY_MS);
}

const quickPicks = (from: string): [string, string][] => [
  ["1 week", isoOf(dateOf(from) + 7 * DAY_MS)],
  ["2 weeks", isoOf(dateOf(from) + 14 * DAY_MS)],
  ["End of month", endOfMonth(from)],
];

/** Fri 4 Dec */
export const dueWords = (iso: string) => day(dateOf(iso), "UTC");

export function Due({ action }: { action: Action }) {
  const { id, due_on: due } = action;
  const late = due !== null && due < today();
  return (
    <Popover label="Due date" class={due ? "plainly" : "plainly miss"} panel={(close) => <Dates id={id} due={due} onChosen={close} />}>
      {due ? <time dateTime={due} class={late ? "due" : undefined}>{dueWords(due)}{late && " · past"}</time> : "pick a date"}
    </Popover>
  );
}

function Dates({ id, due, onChosen }: { id: string; due: string | null; onChosen: () => void }) {
  const choose = (date: string) => {
    onChosen();
    if (date && date !== due) void run("action.change", { id, due_on: date });
  };
  const now = today();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    choose(String(new FormData(event.currentTarget as HTMLFormElement).get("due")));
  };
  return (
    <form class="dates" onSubmit={submit}>
      <div class="quick">
        {quickPicks(now).map(([name, date]) => <button key={name} type="button" class="btn small" onClick={() => choose(date)}>{name} <small>{dueWords(date)}</small></button>)}
      </div>
      <div class="inline"><input type="date" name="due" aria-label="Due date" defaultValue={due ?? ""} min={now} required /><button type="submit" class="btn small">Set</button></div>
    </form>
  );
}
