// A wording hint on what somebody is typing; it may be left.
import { adviceOn, isLeftBe, letBe } from "./wording";

/** `stands` is what the record holds at this place, empty for something new. */
export function WordingHint({ id, stands }: { id: string; stands: string }) {
  const advice = adviceOn(id, stands);
  if (!advice?.words || isLeftBe(id, advice.words)) return null;
  return (
    <small class="hint kinder" aria-live="polite">
      {advice.words} {advice.rewrite && <>Try: “{advice.rewrite}” · </>}
      <button type="button" class="link" onClick={() => letBe(id, advice.words)}>Keep as it is</button>
    </small>
  );
}
