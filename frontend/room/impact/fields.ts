// The facts of the impact, what they are called and how they are read.

export interface FactField {
  name: string;
  label: string;
  unit?: string;
  /** Words instead of a number. */
  words?: boolean;
  whole?: boolean;
  help?: string;
}

export const HIT: FactField[] = [
  { name: "users_affected", label: "Users affected", whole: true },
  { name: "share_of_requests", label: "Share of requests that failed", unit: "%" },
  { name: "support_contacts", label: "Support contacts", whole: true },
  { name: "objective_minutes", label: "Objective budget burnt", unit: "min" },
  { name: "revenue_lost", label: "Revenue lost", unit: "money" },
  { name: "data_lost", label: "Data lost", words: true, help: "Leave empty if none was." },
];

export const MISSED: FactField[] = [
  { name: "scope", label: "Scope", words: true, help: "What was left out, cut or added." },
  { name: "schedule_days", label: "Later than planned by", unit: "days", whole: true, help: "Below nought if it was early." },
  { name: "cost", label: "Cost beyond the plan", unit: "money" },
];

export const NOTES: FactField = { name: "notes", label: "Anything else", words: true, help: "Trust, reputation, what people said." };

export const PEOPLE: FactField[] = [
  { name: "people", label: "People", whole: true },
  { name: "hours_each", label: "Hours each" },
  { name: "cost_per_hour", label: "Cost of an hour" },
];

/** What is typed as a number: "12,500" and "2.5" are; null for nothing, a sentence for what is none. */
export function readNumber(text: string, { whole, name }: FactField): number | null | string {
  const bare = text.replace(/[\s_’']|,(?=\d{3}\b)/g, "").replace(",", ".");
  if (!bare) return null;
  const number = Number(bare);
  if (!Number.isFinite(number)) return "Write a number, such as 1,200 or 12.5.";
  if (whole && !Number.isInteger(number)) return "Write a whole number.";
  return number < 0 && name !== "schedule_days" ? "This cannot be below nought." : number;
}

export const shown = (value: unknown): string => (typeof value === "number" ? value.toLocaleString("en-GB", { maximumFractionDigits: 2 }) : String(value ?? ""));
