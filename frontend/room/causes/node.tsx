// One cause, and those below it.
import { closed, incident } from "../agenda";
import { InlineEdit, WritingHere } from "../inline_edit";
import { Unsaved } from "../ui/elements";
import type { Check } from "../protocol";
import { derived, run } from "../store";
import { zone } from "../timeline/rows";
import { clock, day, year } from "../zones";
import { votesFor } from "../votes";
import { adviceOn, askWhileTyping, isLeftBe, letBe } from "../wording";
import { Evidence } from "./evidence";
import { standingKeys, writingKeys } from "./keys";
import { Toolbar } from "./toolbar";
import { PROBLEM, addBelow, current, findingsOf, roots, write, type Node } from "./tree";
import { CATEGORIES, FINDINGS, LOOKS } from "./labels";

/** Mere hints stand beside the tree only. */
const checksOf = (id: string) => derived.value?.checks?.filter((check) => check.cause === id && (check.level === "due" || check.rewrite)) ?? [];

/** While it is typed its words are judged as they are now. */
function checksOn({ cause }: Node): Check[] {
  const typed = adviceOn(cause.id, cause.text);
  const known = checksOf(cause.id).filter((check) => !typed || check.level !== "due");
  const found: Check[] = typed?.words ? [...known, { cause: cause.id, level: "due", text: typed.words, rewrite: typed.rewrite || null }] : known;
  return found.filter((check) => !isLeftBe(cause.id, unquoted(check.text)));
}

/** Beside the cause itself its words need not be quoted, and the other wording stands by itself. */
const unquoted = (text: string) => text.replace(/ Try: “.*”$/, "").replace(/^“[^”]*”: |,? ?“[^”]*”(?=:)/, "");

/** When the event began or ended: the hour of one day, the days of a longer one; what is no outage is told in days. */
function moment(at: string): string {
  const { is_outage, began_at, ended_at } = incident.value ?? {};
  const date = `${day(at, zone.value)} ${year(at, zone.value)}`;
  if (is_outage === false) return date;
  const spans = began_at && ended_at && day(began_at, zone.value) !== day(ended_at, zone.value);
  return spans ? `${day(at, zone.value)} ${clock(at, zone.value)}` : clock(at, zone.value);
}

export function Problem() {
  const about = incident.value;
  return (
    <>
      <div class="node problem" id={`cause-${PROBLEM}`} role="group" aria-label={`Problem: ${about?.title}`} tabIndex={current.value === PROBLEM ? 0 : -1} onFocus={() => (current.value = PROBLEM)} onKeyDown={(event) => standingKeys(PROBLEM, event)}>
        <span class="q">Problem</span>
        <p><b>{about?.title}</b></p>
        <span class="chips">
          {!closed.value && roots.value.length > 0 && <button type="button" class="btn quiet small" onClick={() => addBelow(PROBLEM)}>Add a branch</button>}
          {about?.began_at && <span class="chip broke">{[about.began_at, about.ended_at].filter((at) => at !== null).map(moment).join("–")}</span>}
        </span>
      </div>
      <Branches nodes={roots.value} parent={PROBLEM} depth={1} asks={roots.value.length === 0} />
    </>
  );
}

interface BranchesProps {
  nodes: Node[];
  parent: string;
  depth: number;
  /** Whether to offer a place for one more answer. */
  asks: boolean;
}

function Branches({ nodes, parent, depth, asks }: BranchesProps) {
  const open = asks && !closed.value;
  if (!nodes.length && !open) return null;
  return (
    <ul class={depth > 6 ? "why deep" : "why"}>
      {nodes.map((node) => <Branch key={node.cause.id} node={node} />)}
      {open && (
        <li>
          <button type="button" class="node open" onClick={() => addBelow(parent)}>
            <span class="q">Why {depth}</span><span>{depth === 1 ? "Add the first answer…" : "Add what lay behind this…"}</span>
          </button>
        </li>
      )}
    </ul>
  );
}

function Branch({ node }: { node: Node }) {
  const nudged = checksOf(node.cause.id).some((check) => check.level === "due");
  return (
    <li>
      <CauseNode node={node} />
      <Branches nodes={node.children} parent={node.cause.id} depth={node.depth + 1} asks={nudged && node.children.length === 0} />
    </li>
  );
}

function lookOf(node: Node, checks: Check[]): string {
  const finding = findingsOf(node.cause.id)[0];
  const looks = ["node", !node.cause.text && "open", finding?.kind === "root_cause" && "root", checks.some((check) => check.level === "due") && "nudge", current.value === node.cause.id && "at"];
  return looks.filter(Boolean).join(" ");
}

function CauseNode({ node }: { node: Node }) {
  const { cause, depth } = node;
  const checks = checksOn(node);
  const here = current.value === cause.id;
  const spot = `cause:${cause.id}`;
  const save = (text: string, base: number) => void run("cause.change", { id: cause.id, text }, base);
  const toBase64 = (event: MouseEvent) => event.target === event.currentTarget && write(cause.id);
  return (
    <div class={lookOf(node, checks)} id={`cause-${cause.id}`} role="group" aria-label={`Why ${depth}: ${cause.text || "still empty"}`} tabIndex={here ? 0 : -1} onFocusCapture={() => (current.value = cause.id)} onKeyDown={(event) => standingKeys(cause.id, event)} onClick={toBase64}>
      <span class="q">Why {depth}</span>
      <div class="said">
        <InlineEdit text={cause.text} version={cause.version} label={`Answer to why ${depth}`} placeholder={depth === 1 ? "What happened in the system?" : "What lay behind this?"} save={save} spot={spot} onTyped={(text) => askWhileTyping(node.children.length ? "cause" : "leaf", cause.id, text, cause.text)} limit={4000} tabIndex={-1} onKeyDown={(event, field, flush) => writingKeys(cause.id, event, field, flush)} />
        <WritingHere spot={spot} />
        <Unsaved id={cause.id} />
        {checks.map((check) => <Hint key={check.text} check={check} node={node} />)}
      </div>
      <Chips node={node} here={here} />
      {here && !closed.value && <Toolbar node={node} />}
    </div>
  );
}

function Chips({ node: { cause }, here }: { node: Node; here: boolean }) {
  const finding = findingsOf(cause.id)[0];
  const category = CATEGORIES[cause.category];
  return (
    <span class="chips">
      <Evidence cause={cause} asking={false} tabIndex={here ? 0 : -1} />
      {finding && <span class={LOOKS[finding.kind] ?? "chip"}>{[FINDINGS[finding.kind], category].filter(Boolean).join(" · ")}</span>}
      {!finding && category && <span class="chip">{category}</span>}
      {!here && votesFor(cause.id) > 0 && <span class="chip" title="Votes to talk about this">▲ {votesFor(cause.id)}</span>}
    </span>
  );
}

/** A thought beside a cause; never a block. */
function Hint({ check, node: { cause } }: { check: Check; node: Node }) {
  const rewrite = check.rewrite;
  return (
    <small class={check.level === "due" ? "hint due" : "hint"} aria-live="polite">
      {unquoted(check.text)}
      {!closed.value && <> <button type="button" class="link" onClick={() => letBe(cause.id, unquoted(check.text))}>Keep as it is</button></>}
      {rewrite && !closed.value && (
        <> Try: “{rewrite}” <button type="button" class="link" onClick={() => void run("cause.change", { id: cause.id, text: rewrite }, cause.version)}>Use this wording</button></>
      )}
    </small>
  );
}
