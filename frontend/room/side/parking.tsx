// What waits for later, so that the meeting can go on.
import { closed } from "../agenda";
import { useKeys } from "../keys";
import { Unsaved, RichText, firstName } from "../ui/elements";
import type { Parked } from "../protocol";
import { recordsOf, removeWithUndo, run } from "../store";
import { ConvertTo } from "../conversion";
import { VoteButton, votesFor } from "../votes";
import { sideOpen } from "../side";

const FIELD = "park-line";

function focusField(): void {
  const focus = () => document.getElementById(FIELD)?.focus();
  sideOpen.value = true;
  focus();
  requestAnimationFrame(focus);
}

const add = (text: string) => run("park.add", { id: crypto.randomUUID(), text });

export function Parking() {
  useKeys(() => [{ key: "p", does: "Park something for later", run: focusField }]);
  const items = [...recordsOf("meetings.parkeditem").values()].filter((item) => !item.removed).sort((a, b) => votesFor(b.id) - votesFor(a.id));
  if (closed.value && !items.length) return null;
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    const field = (event.currentTarget as HTMLFormElement).elements.namedItem("text") as HTMLInputElement;
    if (field.value.trim()) void add(field.value.trim());
    field.value = "";
  };
  return (
    <section>
      <h2>Parking lot</h2>
      <ul>{items.map((item) => <Item key={item.id} item={item} />)}</ul>
      {!closed.value && (
        <form onSubmit={onSubmit} onKeyDown={(event) => event.key === "Escape" && (event.target as HTMLElement).blur()}>
          <input id={FIELD} name="text" aria-label="Park something for later" placeholder="Keep for later…" maxLength={1000} autocomplete="off" />
        </form>
      )}
    </section>
  );
}

function Item({ item }: { item: Parked }) {
  const remove = () => removeWithUndo("park", { id: item.id }, "Removed from the parking lot.", () => void add(item.text));
  return (
    <li class={item.settled ? "parked settled" : "parked"}>
      <p><RichText text={item.text} /></p>
      <small>
        {item.author ? firstName(item.author) : "Anonymous"} <Unsaved id={item.id} />
        {(item.settled || closed.value) && !votesFor(item.id) ? null : <> · <VoteButton about={item.id} words={item.text} settled={item.settled} quiet /></>}
        {item.settled && " · settled"}
        {!closed.value && !item.settled && <> · <button type="button" class="link" onClick={() => void run("park.settle", { id: item.id })}>mark settled</button></>}
        {!closed.value && <> · <button type="button" class="link" onClick={remove}>remove</button></>}
        {!item.settled && <ConvertTo text={item.text} done={() => void run("park.settle", { id: item.id })} />}
      </small>
    </li>
  );
}

/** What nobody has settled, said before the meeting closes. */
export function UnsettledParked() {
  const items = [...recordsOf("meetings.parkeditem").values()].filter((item) => !item.removed && !item.settled);
  if (!items.length) return null;
  return (
    <div class="unsettled">
      <p>{items.length === 1 ? "One parked item goes" : `${items.length} parked items go`} on the check-in’s agenda:</p>
      <ul>{items.slice(0, 5).map((item) => <li key={item.id}>{item.text}</li>)}{items.length > 5 && <li class="meta">and {items.length - 5} more</li>}</ul>
    </div>
  );
}
