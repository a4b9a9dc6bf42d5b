// Conversion of what somebody said into an action or an entry of the timeline.
import { closed } from "./agenda";
import { run } from "./store";
import { toast } from "./toasts";

function toAction(text: string): void {
  const id = crypto.randomUUID();
  void run("action.add", { id, finding: null, text });
  toast("Added to the actions.", () => void run("action.remove", { id }));
}

function toTimeline(text: string): void {
  const id = crypto.randomUUID();
  void run("entry.add", { id, line: text, previous: null, anonymous: false });
  toast("Put on the timeline.", () => void run("entry.remove", { id }));
}

/** `done` runs once the words stand somewhere else. */
export function ConvertTo({ text, done }: { text: string; done?: () => void }) {
  if (closed.value) return null;
  const does = (turn: (text: string) => void) => () => {
    turn(text);
    done?.();
  };
  return (
    <> · <button type="button" class="link" onClick={does(toAction)}>make it an action</button> · <button type="button" class="link" onClick={does(toTimeline)}>put it on the timeline</button></>
  );
}
