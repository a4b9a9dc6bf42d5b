// What shows that a cause is so: entries of the timeline.
import { closed, incident } from "../agenda";
import { Picker } from "../picker";
import type { Cause, Entry } from "../protocol";
import { recordsOf, run } from "../store";
import { zone } from "../timeline/rows";
import { clock, day } from "../zones";

const entries = () =>
  [...recordsOf("timeline.entry").values()].filter((entry) => !entry.removed).sort((a, b) => a.happened_at.localeCompare(b.happened_at));

const citedBy = (cause: Cause): Entry[] =>
  cause.evidence.map((id) => recordsOf("timeline.entry").get(id)).filter((entry): entry is Entry => Boolean(entry && !entry.removed));

function timeOf(entry: Entry): string {
  const at = clock(entry.happened_at, zone.value);
  const start = incident.value?.began_at;
  const sameDay = !start || day(start, zone.value) === day(entry.happened_at, zone.value);
  return sameDay ? at : `${day(entry.happened_at, zone.value)} ${at}`;
}

const MAX_CHARACTERS = 22;
const plain = (text: string) => text.replaceAll("`", "");
const short = (text: string) => (text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS - 1).trimEnd()}…` : text);
const named = (entry: Entry) => `${timeOf(entry)} ${short(plain(entry.evidence[0]?.title || entry.text))}`;

const MAX_SHOWN = 1;

/** Lists the timeline; chosen entries are cited. The button shows what is cited, or asks for it. */
export function Evidence({ cause, asking, tabIndex }: { cause: Cause; asking: boolean; tabIndex: number }) {
  const cited = citedBy(cause);
  if (!cited.length && !asking) return null;
  const toggle = (entry: string) => void run(cause.evidence.includes(entry) ? "cause.uncite" : "cause.cite", { id: cause.id, entry });
  const choices = entries().map((entry) => ({ id: entry.id, label: `${timeOf(entry)} ${plain(entry.text)}` }));
  const all = cited.map((entry) => `${timeOf(entry)} ${plain(entry.text)}`).join("\n");
  const words = cited.length > MAX_SHOWN ? `${cited.length} pieces of evidence` : cited.map(named).join("");
  if (closed.value) return <span class="chip note" title={all}>{words}</span>;
  return (
    <Picker label="Entries of the timeline that show it" choices={choices} chosen={cause.evidence} onChoose={toggle} many empty="No entry says so. Add one in the timeline." class={asking ? "btn quiet small" : "chip note"} tabIndex={tabIndex}>
      {asking ? "Evidence" : <span title={all}>{words}</span>}
    </Picker>
  );
}
