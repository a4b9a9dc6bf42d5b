// Lines under the bar: the state of the connection, and changes that could not be carried out.
import { closed, leads, postmortem, reopened } from "./agenda";
import { setAside } from "./conflicts";
import { line, overReason, reconnectNow, waitReason } from "./connection";
import type { Kept } from "./outbox";
import { Replay, replay, replaying } from "./replay";
import { RunningMeeting } from "./starting";
import { dismissRefused, isConflict, keeping, refused, run, waiting, you } from "./store";
import { clock, day } from "./zones";

const changes = (count: number) => (count === 1 ? "1 change" : `${count} changes`);

function openUntil(): string {
  const [until, zone] = [postmortem.value?.reopened_until ?? "", you.value?.zone ?? "UTC"];
  return until ? `${day(until, zone)} ${clock(until, zone)}` : "";
}

export const Notices = () => (
  <div class="notices" aria-live="polite">
    <Connection />
    {!keeping.value && waiting.value.length > 0 && line.value !== "open" && (
      <p class="notice warning">This browser keeps nothing over a reload. Leave this tab open until the connection is back.</p>
    )}
    {closed.value && !replaying.value && (
      <p class="notice">
        <span>This meeting is over. Everything stays here to read; actions go on from its page.</span>
        <button type="button" class="btn small" onClick={() => void replay()}>Replay the meeting</button>
        {leads.value && <button type="button" class="btn small" onClick={() => void run("meeting.reopen", {})}>Reopen for a day</button>}
      </p>
    )}
    {reopened.value && <p class="notice">The meeting was held; its room is open again until {openUntil()}. Close it again when everything is in.</p>}
    <RunningMeeting />
    <Replay />
    {setAside.value.size > 0 && refused.value.some((command) => setAside.value.has(command.op)) && (
      <p class="notice warning">
        <span>Somebody changed what you changed too. Yours is kept until you choose.</span>
        <button type="button" class="btn small" onClick={() => (setAside.value = new Set())}>Look at both</button>
      </p>
    )}
    <Refusals />
  </div>
);

function Connection() {
  const count = waiting.value.length;
  if (line.value === "open") return null;
  if (line.value === "over") return <p class="notice error"><span>{overReason.value} {count > 0 && `${changes(count)} kept on this machine.`}</span><a class="btn small" href={location.pathname}>Reload</a></p>;
  return (
    <p class="notice warning offline">
      <span>{waitReason.value ? `${waitReason.value} ${count ? `${changes(count)} kept on this machine.` : ""}` : count ? `Offline: ${changes(count)} kept on this machine, sent when you are back` : "Offline: go on working; changes are kept on this machine and sent when you are back"}</span>
      <button type="button" class="btn small" onClick={reconnectNow}>Try now</button>
    </p>
  );
}

/** Several are one notice, which opens. */
function Refusals() {
  const rows = refused.value.filter((command) => !isConflict(command)).map((command) => <Refused key={command.op} command={command} />);
  if (rows.length < 2) return rows;
  return (
    <details class="refusals">
      <summary class="notice error" role="alert">{changes(rows.length)} could not be carried out. Nothing is lost: open to see each.</summary>
      {rows}
    </details>
  );
}

const written = ({ args }: Kept) => [args.line, args.text, args.when, args.reason, args.url].find((value) => typeof value === "string") as string | undefined;

function Refused({ command }: { command: Kept }) {
  const text = written(command);
  const again = () => {
    dismissRefused(command.op);
    void run(command.do, command.args, command.base);
  };
  return (
    <div class="notice error refused" role="alert">
      <div>
        <p>{command.refused?.message}</p>
        {text && <p class="kept-text">You wrote: <q>{text}</q></p>}
      </div>
      <div class="buttons">
        {text && <button type="button" class="btn small" onClick={() => void navigator.clipboard.writeText(text)}>Copy the text</button>}
        {command.do !== "prose.write" && <button type="button" class="btn small" onClick={again}>Try again</button>}
        <button type="button" class="btn small quiet" onClick={() => dismissRefused(command.op)}>Dismiss</button>
      </div>
    </div>
  );
}
