// The meeting's actions: which there are, what each still wants, what they add up to.
import { findings } from "../causes/findings";
import type { Action, Finding, Owner, Person } from "../protocol";
import { derived, here, recordsOf, run } from "../store";

export const KINDS: Record<string, string> = { prevent: "prevents", detect: "detects", mitigate: "mitigates", process: "mends the process", learn: "learns" };
export const KIND_MEANINGS: Record<string, string> = {
  prevent: "it cannot happen again",
  detect: "it is seen sooner",
  mitigate: "it hurts less",
  process: "people work differently",
  learn: "something is known that was not",
};
export const PRIORITIES: Record<string, string> = { high: "high priority", medium: "medium priority", low: "low priority" };

export const actions = (): Action[] =>
  [...recordsOf("actions.actionitem").values()].filter((action) => !action.removed).sort((a, b) => (a.number || Infinity) - (b.number || Infinity));

export const actionsFor = (finding: string | null): Action[] => actions().filter((action) => (action.finding ?? null) === finding);

/** Those that the gate asks about, and those that have an action all the same. */
export const findingsToCover = (): Finding[] => findings().filter((finding) => finding.needs_action || actionsFor(finding.id).length > 0);

/** Actions whose finding was removed stand with those that have none. */
export function withoutFinding(): Action[] {
  const shown = new Set(findings().map((finding) => finding.id));
  return actions().filter((action) => !action.finding || !shown.has(action.finding));
}

export const wordingOf = (action: Action) => derived.value?.wording?.[action.id];

/** Why an action cannot be committed to yet; "" if it can. */
export function whyNotCommit({ owner, due_on }: Action): string {
  if (!owner && !due_on) return "Choose an owner and a date first.";
  if (!owner) return "Choose an owner first.";
  return due_on ? "" : "Pick a date first.";
}

export const readyToCommit = (): Action[] => actions().filter((action) => action.state === "proposed" && !action.asked && !whyNotCommit(action));

/** Whether somebody is in the room now. */
export const isHere = (person: Person): boolean => here.value.some((each) => each.id === person.id);

/** "accepted by 3 of 4 owners": those who have accepted all of theirs that were not declined. */
export function acceptance(): string {
  const owned = actions().filter((action) => action.owner && action.state !== "declined");
  const owners = new Set(owned.map((action) => action.owner!.id));
  const waiting = new Set(owned.filter((action) => !action.accepted).map((action) => action.owner!.id));
  return owners.size ? `accepted by ${owners.size - waiting.size} of ${owners.size} owner${owners.size === 1 ? "" : "s"}` : "";
}

export function addAction(finding: string | null, text: string, kind = "prevent", said: object = {}): void {
  void run("action.add", { id: crypto.randomUUID(), finding, text, kind, ...said });
}

/** What kind of action a finding usually asks for. */
export const usualKind = (finding: Finding | null): string =>
  ({ detection_gap: "detect", handoff_gap: "process" })[finding?.kind ?? ""] ?? "prevent";

/** What the room may want to look at before it leaves, about the actions together. */
export function warnings(): string[] {
  const open = actions().filter((action) => action.state !== "declined");
  if (!open.length) return [];
  const found = [];
  if (open.every((action) => action.priority === "low")) found.push("Every action is low priority. Which one would you not want to be without when this happens again?");
  if (!open.some((action) => action.kind === "prevent")) found.push("No action prevents this from happening again; they only show it sooner, soften it or learn from it. Is there one that would?");
  return found;
}

/** How much somebody has to do already. */
export const loadOf = (person: Owner): { open: number; late: number } => derived.value?.load?.find((each) => each.person.id === person.id) ?? person;

export function loadWords({ open, late }: { open: number; late: number }): string {
  if (!open) return "none open";
  return late ? `${open} open, ${late} late` : `${open} open`;
}
