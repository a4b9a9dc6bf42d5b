// Actions: who does what, by when; and what still keeps the meeting from closing.
import { useState } from "preact/hooks";
import { closed } from "../agenda";
import { acceptance, findingsToCover, readyToCommit, warnings, withoutFinding } from "../actions/list";
import { Group, Rows } from "../actions/group";
import { run } from "../store";

export function Actions() {
  const findings = findingsToCover();
  const loose = withoutFinding();
  return (
    <>
      <header class="stage-head">
        <div>
          <h1>Who does what, by when</h1>
          <p class="meta">The meeting closes when every finding has a specific action with one owner and a date, or a recorded reason for none.</p>
          {acceptance() && <p class="meta" aria-live="polite">So far {acceptance()}. Every owner is told at once, and who is not here is asked to accept.</p>}
        </div>
        <CommitAll />
      </header>
      <div aria-live="polite">{warnings().map((words) => <p key={words} class="notice warning">{words}</p>)}</div>
      {findings.length === 0 && <p class="meta">There are no findings yet. They come from <a href="#causes">Causes</a>: a cause that the room holds to be so is made a finding there.</p>}
      {findings.map((finding) => <Group key={finding.id} finding={finding} />)}
      <section class="finding" aria-label="Without a finding">
        {loose.length > 0 && <h3>Without a finding</h3>}
        {loose.length > 0 || findings.length === 0 ? <Rows rows={loose} finding={null} /> : <Another />}
      </section>
    </>
  );
}

function Another() {
  const [open, setOpen] = useState(false);
  if (closed.value) return null;
  return open ? <Rows rows={[]} finding={null} /> : <button type="button" class="btn quiet small add" onClick={() => setOpen(true)}>+ Add an action without a finding</button>;
}

function CommitAll() {
  const ready = readyToCommit();
  if (closed.value || ready.length < 2) return null;
  const commit = () => ready.forEach(({ id }) => void run("action.commit", { id }));
  return <button type="button" class="btn" onClick={commit}>Commit to the {ready.length} that are ready</button>;
}
