// Deciding against something, with the reason that stays with it.
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { askAboutReason } from "../wording";

/** The field that a person has just asked for. */
export function useFocus() {
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.focus({ preventScroll: true }), []);
  return field;
}

interface ReasonProps {
  asks: string;
  onRecord: (reason: string) => void;
  onLeave: () => void;
  /** What was said before. */
  before?: string;
}

const EMPTY = "Say why, so that nobody wonders later.";

export function Reason({ asks, onRecord, onLeave, before = "" }: ReasonProps) {
  const [reason, setReason] = useState(before);
  const [missing, setMissing] = useState("");
  const field = useFocus();
  const record = async (event: SubmitEvent) => {
    event.preventDefault();
    const lacks = reason.trim() ? await askAboutReason(reason.trim()) : EMPTY;
    setMissing(lacks);
    if (lacks) return field.current?.focus();
    onRecord(reason.trim());
    onLeave();
  };
  return (
    <form class="reason" onSubmit={record} onKeyDown={(event) => event.key === "Escape" && (event.preventDefault(), onLeave())}>
      <input type="text" ref={field} aria-label={asks} aria-invalid={Boolean(missing)} placeholder={asks} maxLength={500} value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
      <div class="inline">
        <button type="submit" class="btn small">Record the reason</button>
        <button type="button" class="btn quiet small" onClick={onLeave}>Cancel</button>
        {missing && <small class="due" role="alert">{missing}</small>}
      </div>
    </form>
  );
}
