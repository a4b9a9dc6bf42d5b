// The facts of the impact, what they are called and how they are read.

export interface FactField {
  name: string;
  label: string;
  unit?: string;
  /** Words instead of a number. */
  words?: boolean;
  whole?: boolean;
  /** The largest number that can be kept. */
  most?: number;
  help?: string;
}

const [MOST_WHOLE, MOST_MONEY] = [2_147_483_647, 999_999_999_999];

export const HIT: FactField[] = [
  { name: "users_affected", label: "Users affected", whole: true, most: Number.MAX_SAFE_INTEGER },
  { name: "share_of_requests", label: "Share of requests that failed", unit: "%", most: 100 },
  { name: "support_contacts", label: "Support contacts", whole: true, most: MOST_WHOLE },
  { name: "objective_minutes", label: "Error budget used", unit: "min", most: 99_999_999 },
  { name: "revenue_lost", label: "Revenue lost", unit: "money", most: MOST_MONEY },
  { name: "data_lost", label: "Data lost", words: true, help: "Leave empty if none was." },
];

export const MISSED: FactField[] = [
  { name: "scope", label: "Scope", words: true, help: "What was left out, cut or added." },
  { name: "schedule_days", label: "Later than planned by", unit: "days", whole: true, most: MOST_WHOLE, help: "Below nought if it was early." },
  { name: "cost", label: "Cost beyond the plan", unit: "money", most: MOST_MONEY },
];

export const NOTES: FactField = { name: "notes", label: "Anything else", words: true, help: "Trust, reputation, what people said." };

export const PEOPLE: FactField[] = [
  { name: "people", label: "People", whole: true, most: 32_767 },
  { name: "hours_each", label: "Hours each", most: 9_999 },
  { name: "cost_per_hour", label: "Cost of an hour", most: 999_999 },
];

/** What is typed as a number: "12,500" and "2.5" are; null for nothing, a sentence for what is none. */
export function readNumber(text: string, { whole, name, most = Infinity }: FactField): number | null | string {
  const bare = text.replace("−", "-").replace(/[\s_’']|,(?=\d{3}\b)/g, "").replace(",", ".");
  if (!bare) return null;
  const number = Number(bare);
  if (Number.isNaN(number)) return "Write a number, such as 1,200 or 12.5. It is not saved yet.";
  if (Math.abs(number) > most) return `This can be at most ${shown(most)}. It is not saved yet.`;
  if (whole && !Number.isInteger(number)) return "Write a whole number. It is not saved yet.";
  return number < 0 && name !== "schedule_days" ? "This cannot be below nought. It is not saved yet." : number;
}

export const shown = (value: unknown): string => (typeof value === "number" ? value.toLocaleString("en-GB", { maximumFractionDigits: 2 }) : String(value ?? ""));
