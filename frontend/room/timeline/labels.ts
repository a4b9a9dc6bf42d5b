// The timeline's terms as people say them.
import { computed } from "@preact/signals";
import { incident } from "../agenda";
import type { Entry, EntryKind } from "../protocol";

const NAMES: Record<EntryKind, string> = {
  observation: "Observation",
  action: "Action",
  alert: "Alert",
  change: "Change",
  communication: "Communication",
  handoff: "Handoff",
  milestone: "Milestone",
};

/** The kinds of entry that this kind of event has, and `also` one that an entry has already. */
export const kindsOf = (also?: EntryKind): [EntryKind, string][] => {
  const offered = incident.value?.words.entry_kinds ?? (Object.keys(NAMES) as EntryKind[]);
  return [...new Set([...offered, ...(also ? [also] : [])])].map((kind) => [kind, NAMES[kind]]);
};

const OUTAGE = ["started", "detected", "acknowledged", "mitigated", "resolved"];
const OTHER = ["planned_start", "actual_start", "decided", "planned_end", "actual_end"];
const BROKE = ["started"];
const GOOD = ["resolved", "actual_end"];

export const milestones = computed(() => (incident.value?.is_outage === false ? OTHER : OUTAGE));

export const milestoneWords = (name: string) => (incident.value?.words.milestones[name] ?? name.replaceAll("_", " ")).toLowerCase();

/** "broke" for where it began, "good" for where it ended. */
export function tone({ milestone }: Entry): "" | "broke" | "good" {
  if (!milestone) return "";
  return BROKE.includes(milestone) ? "broke" : GOOD.includes(milestone) ? "good" : "";
}

const CHIP_OF_TONE = { "": "chip", broke: "chip broke", good: "chip forward" };

export function chipOf(entry: Entry): { words: string; class: string } | null {
  if (entry.milestone) return { words: milestoneWords(entry.milestone), class: CHIP_OF_TONE[tone(entry)] };
  if (entry.kind === "observation") return null;
  return { words: entry.kind, class: entry.kind === "handoff" ? "chip note" : "chip" };
}
