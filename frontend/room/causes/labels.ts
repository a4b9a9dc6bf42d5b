// What categories and findings are called.

export const CATEGORIES: Record<string, string> = {
  process: "Process",
  configuration: "Configuration",
  code: "Code",
  infrastructure: "Infrastructure",
  monitoring: "Monitoring",
  communication: "Communication",
  dependencies: "Dependencies",
  people: "People as context",
};

export const FINDINGS: Record<string, string> = {
  root_cause: "root cause",
  contributing_factor: "contributing factor",
  trigger: "trigger",
  detection_gap: "detection gap",
  handoff_gap: "handoff gap",
  luck: "luck",
  went_well: "what went well",
};

/** What each finding is, for those who choose one. */
export const MEANINGS: Record<string, string> = {
  root_cause: "without it, it could not have happened",
  contributing_factor: "made it likelier or worse",
  trigger: "set it off",
  detection_gap: "kept it from being seen",
  handoff_gap: "lost time between people or teams",
  luck: "could have gone the other way",
  went_well: "to be repeated",
};

export const LOOKS: Record<string, string> = { root_cause: "chip forward", luck: "chip note", went_well: "chip note" };

export const choicesOf = (names: Record<string, string>, asides: Record<string, string> = {}) =>
  Object.entries(names).map(([id, label]) => ({ id, label, aside: asides[id] }));
