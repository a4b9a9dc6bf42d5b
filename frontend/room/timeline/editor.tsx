// Changing an entry in its place.
import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { sayWriting } from "../agenda";
import { WordingHint } from "../wording_hint";
import type { Args, Entry } from "../protocol";
import { run } from "../store";
import { askWhileTyping } from "../wording";
import { clock, day } from "../zones";
import { mayBeDated, readTime } from "../typed_time";
import { timeClock, zone } from "./rows";
import { keyFor } from "./secrets";
import { kindsOf, milestoneWords, milestones } from "./labels";

export function Editor({ entry, onDone }: { entry: Entry; onDone: () => void }) {
  const form = useRef<HTMLFormElement>(null);
  const opened = useRef(entry).current;
  const shownTime = opened.whole_day ? day(opened.happened_at, zone.value).replace(/^\w+,? /, "") : clock(opened.happened_at, zone.value);
  const problem = useSignal("");
  useLayoutEffect(() => {
    const text = form.current?.elements.namedItem("text") as HTMLTextAreaElement;
    text.focus();
    text.setSelectionRange(text.value.length, text.value.length);
  }, []);
  const save = (event?: Event) => {
    event?.preventDefault();
    const fields = new FormData(form.current!);
    problem.value = wrongTime(String(fields.get("when") ?? "").trim(), shownTime, opened.happened_at);
    if (problem.value) return (form.current!.elements.namedItem("when") as HTMLInputElement).focus();
    saveEntry(opened, shownTime, (name) => String(fields.get(name) ?? "").trim());
    onDone();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === "Escape") onDone();
    else if (event.key === "Enter" && !event.shiftKey && !event.isComposing && (event.target as Element).matches("textarea, input")) save(event);
  };
  const tell = (event: InputEvent) => {
    if (!opened.anonymous) sayWriting(opened.id);
    const field = event.target as HTMLTextAreaElement;
    if (field.name === "text") askWhileTyping("said", opened.id, field.value, opened.text);
  };
  return (
    <form class="entry-editor" ref={form} onSubmit={save} onKeyDown={onKeyDown} onInput={tell}>
      <textarea name="text" aria-label="What happened" rows={1} defaultValue={opened.text} />
      <WordingHint id={opened.id} stands={opened.text} />
      <div class="buttons">
        <input name="when" aria-label="When" class="time-field" aria-invalid={Boolean(problem.value)} aria-describedby={problem.value ? "when-problem" : undefined} defaultValue={shownTime} />
        <select name="kind" aria-label="Kind">{kindsOf(opened.kind).map(([kind, words]) => <option key={kind} value={kind} selected={kind === opened.kind}>{words}</option>)}</select>
        <select name="milestone" aria-label="Milestone">
          <option value="">No milestone</option>
          {milestones.value.map((name) => <option key={name} value={name} selected={name === opened.milestone}>{milestoneWords(name)}</option>)}
        </select>
        <button class="btn small primary">Save</button>
        <button type="button" class="btn small quiet" onClick={onDone}>Cancel</button>
        {problem.value && <small id="when-problem" class="due" role="alert">{problem.value}</small>}
      </div>
    </form>
  );
}

/** What is wrong with a time that was typed over the one shown; "" where nothing is, or only the server can tell. */
function wrongTime(said: string, shown: string, at: string): string {
  if (!said || said === shown) return "";
  const read = readTime(`${said} x`, timeClock(at));
  if (read.problem) return read.problem;
  return read.given || mayBeDated(`${said} x`) ? "" : "This is not a time. Write it such as 14:11, +8 min or yesterday 23:50. Nothing was changed yet.";
}

function saveEntry(entry: Entry, shownTime: string, field: (name: string) => string): void {
  const changes: Args = {};
  if (field("text") && field("text") !== entry.text) changes.text = field("text");
  if (field("when") && field("when") !== shownTime) changes.when = field("when");
  if (field("kind") !== entry.kind) changes.kind = field("kind");
  if (Object.keys(changes).length) void run("entry.change", { id: entry.id, ...changes, ...keyFor(entry.id) }, entry.version);
  const milestone = field("milestone") || null;
  if (milestone !== entry.milestone) void run("entry.mark", { id: entry.id, milestone });
}
