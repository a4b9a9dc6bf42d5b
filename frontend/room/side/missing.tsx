// What every post-mortem has and this one has not, each with the reason that goes into the summary.
import { useState } from "preact/hooks";
import { closed, leads, started } from "../agenda";
import { Reason } from "../actions/reason";
import type { Missing } from "../protocol";
import { derived, run } from "../store";

const ASKS: Record<string, string> = {
  timeline: "Why is there no timeline?",
  causes: "Why was no cause found?",
  findings: "Why is there nothing to learn?",
  actions: "Why is nothing done about it?",
  facilitator: "Why did nobody facilitate?",
};

export const missing = (): Missing[] => derived.value?.gate?.missing ?? [];

/** In the meeting only: before it, everything is missing yet. */
export const MissingParts = () => (started.value && !closed.value ? <>{missing().map((part) => <Part key={part.what} part={part} />)}</> : null);

function Part({ part }: { part: Missing }) {
  const [asking, setAsking] = useState(false);
  const record = (reason: string) => void run("meeting.explain", { what: part.what, reason });
  const asks = ASKS[part.what] ?? "Why?";
  return (
    <div class="prompt missing-part">
      {part.reason ? <p><b>{part.text}</b>: {part.reason}</p> : <small class="due">• {part.text}, and no reason for none</small>}
      {asking && <Reason asks={asks} before={part.reason} onRecord={record} onLeave={() => setAsking(false)} />}
      {!asking && leads.value && <button type="button" class="btn quiet small" aria-label={`${part.reason ? "Change" : "Say"} why: ${part.text.toLowerCase()}`} onClick={() => setAsking(true)}>{part.reason ? "Change the reason" : "Say why"}</button>}
    </div>
  );
}
