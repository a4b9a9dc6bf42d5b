// Clock times in a named time zone.
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string, kind: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${kind}`;
  const known = formatters.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options });
  formatters.set(key, made);
  return made;
}

export interface Wall {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

/** What the clock and calendar of `zone` show at `ms` (since 1970, UTC). */
export function wallOf(ms: number, zone: string): Wall {
  const parts = formatter(zone, "wall", { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric", hourCycle: "h23" }).formatToParts(ms);
  const part = (type: string) => Number(parts.find((each) => each.type === type)?.value);
  return { year: part("year"), month: part("month"), day: part("day"), hour: part("hour"), minute: part("minute"), second: part("second") };
}

const asUtc = (wall: Wall) => Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second);

/** The moment, in milliseconds since 1970, at which the clock of `zone` shows `wall`. */
export function momentOf(wall: Wall, zone: string): number {
  const guess = asUtc(wall);
  const near = guess - (asUtc(wallOf(guess, zone)) - guess);
  return near - (asUtc(wallOf(near, zone)) - guess);
}

const MAX_CACHED = 10_000;
const written = new Map<string, string>();

/** What was formatted once is not formatted again: a list is drawn often and holds the same moments. */
function write(at: string | number, zone: string, kind: string, options: Intl.DateTimeFormatOptions): string {
  const key = `${at} ${zone} ${kind}`;
  let words = written.get(key);
  if (words !== undefined) return words;
  if (written.size >= MAX_CACHED) written.clear();
  words = formatter(zone, kind, options).format(new Date(at)).replace(/^(\w+),/, "$1");
  written.set(key, words);
  return words;
}

/** 14:03 */
export const clock = (at: string | number, zone: string): string => write(at, zone, "clock", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

/** Fri 4 Dec */
export const day = (at: string | number, zone: string): string => write(at, zone, "day", { weekday: "short", day: "numeric", month: "short" });

export const year = (at: string | number, zone: string): string => formatter(zone, "year", { year: "numeric" }).format(new Date(at));

/** The day that the calendar of `zone` shows now: 2025-12-04. */
export function today(zone: string): string {
  const { year: shown, month, day: date } = wallOf(Date.now(), zone);
  return [shown, String(month).padStart(2, "0"), String(date).padStart(2, "0")].join("-");
}

/** 4 Dec 2025, 14:03 */
export const dayAndClock = (at: string | number, zone: string): string =>
  formatter(zone, "both", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(at));

/** Minutes in words: 8 min, 1 h 05, 3 d 4 h. */
export function span(minutes: number): string {
  const whole = Math.round(Math.abs(minutes));
  if (whole < 60) return `${whole} min`;
  const [days, hours, rest] = [Math.floor(whole / 1440), Math.floor((whole % 1440) / 60), whole % 60];
  if (days) return hours ? `${days} d ${hours} h` : `${days} d`;
  return rest ? `${hours} h ${String(rest).padStart(2, "0")}` : `${hours} h`;
}

/** How far `at` is from the start: "start", "+8 min", "−22 min"; with `days`, in whole days. */
export function offset(at: string, start: string | null, days = false): string {
  if (!start) return "";
  const minutes = Math.trunc((Date.parse(at) - Date.parse(start)) / 60_000);
  const length = days ? `${Math.round(Math.abs(minutes) / 1440)} d` : span(minutes);
  if (length === "0 min" || length === "0 d") return "start";
  return (minutes < 0 ? "−" : "+") + length;
}

/** How long since a moment: "today", "3 days ago", "5 weeks ago". */
export function ago(at: string): string {
  const days = Math.floor((Date.now() - Date.parse(at)) / 86_400_000);
  const [size, unit] = days < 14 ? [1, "day"] : days < 70 ? [7, "week"] : days < 730 ? [30.4, "month"] : [365, "year"];
  const count = Math.floor(days / (size as number));
  return days < 1 ? "today" : `${count} ${unit}${count === 1 ? "" : "s"} ago`;
}
