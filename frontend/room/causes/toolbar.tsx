// What can be done to the node at hand, for those who use a mouse or a finger.
import { Picker } from "../picker";
import { run } from "../store";
import { VoteButton } from "../votes";
import { Evidence } from "./evidence";
import { addBelow, addBeside, canMove, findingsOf, moveNode, removeNode, type Direction, type Node } from "./tree";
import { CATEGORIES, FINDINGS, MEANINGS, choicesOf } from "./labels";

export function Toolbar({ node }: { node: Node }) {
  const { cause } = node;
  return (
    <div class="tools" role="toolbar" aria-label="This cause">
      <button type="button" class="btn quiet small" disabled={!cause.text} onClick={() => addBelow(cause.id)} title="Ask why once more (Tab)">Why?</button>
      <button type="button" class="btn quiet small" disabled={!cause.text} onClick={() => addBeside(cause.id)} title="Another answer to the same why (Enter)">Beside</button>
      <Category node={node} />
      <Evidence cause={cause} asking tabIndex={0} />
      {cause.text && <Promote node={node} />}
      {cause.text && <VoteButton about={cause.id} words={cause.text} />}
      <Moves id={cause.id} />
      <button type="button" class="btn quiet small" aria-label="Remove this cause" title="Remove, with what is below it" onClick={() => removeNode(cause.id)}>✕</button>
    </div>
  );
}

function Category({ node: { cause } }: { node: Node }) {
  const choose = (category: string) => void run("cause.change", { id: cause.id, category: category === cause.category ? "" : category });
  return (
    <Picker label="Category" choices={choicesOf(CATEGORIES)} chosen={[cause.category]} onChoose={choose} class="btn quiet small">
      {CATEGORIES[cause.category] ?? "Category"}
    </Picker>
  );
}

const NONE = "none";

/** Makes the cause a finding, changes what kind it is, or takes that back. */
function Promote({ node: { cause } }: { node: Node }) {
  const finding = findingsOf(cause.id)[0];
  const choose = (kind: string) => {
    if (!finding) void run("finding.add", { id: crypto.randomUUID(), cause: cause.id, kind, text: cause.text });
    else if (kind === NONE) void run("finding.remove", { id: finding.id });
    else void run("finding.change", { id: finding.id, kind });
  };
  const choices = choicesOf(FINDINGS, MEANINGS);
  return (
    <Picker label="What kind of finding" choices={finding ? [...choices, { id: NONE, label: "not a finding" }] : choices} chosen={finding ? [finding.kind] : []} onChoose={choose} class="btn quiet small">
      {finding ? "Finding" : "Make a finding"}
    </Picker>
  );
}

const MOVES: [Direction, string, string][] = [
  ["up", "↑", "Move up"],
  ["down", "↓", "Move down"],
  ["out", "←", "Move out a level"],
  ["in", "→", "Move in a level, below the one before it"],
];

const Moves = ({ id }: { id: string }) => (
  <span class="moves">
    {MOVES.map(([direction, sign, words]) => (
      <button key={direction} type="button" class="btn quiet small" aria-label={words} title={words} disabled={!canMove(id, direction)} onClick={() => moveNode(id, direction, false)}>{sign}</button>
    ))}
  </span>
);
