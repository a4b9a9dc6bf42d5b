// Reads the time a person typed before what they saw. The server reads it again and has the last word.
import { momentOf, wallOf } from "./zones";

export interface Clock {
  /** The entry before, to which a bare clock time is nearest. */
  previous: string | null;
  start: string | null;
  end: string | null;
  zone: string;
}

export interface Read {
  at: string;
  text: string;
  /** Whether the line itself said when. */
  given: boolean;
}

type Time = { hour: number; minute: number; second: number };

const EDGE = String.raw`(?=[\s,:;|)\]–—-]|$)`;
const CLOCK = new RegExp(String.raw`^\[?(?:(\d{4})-(\d\d)-(\d\d)[ T])?(?:(yesterday|today|tomorrow)\s+)?(\d{1,2})(?::(\d\d)(?::(\d\d))?)?\s?(?:([ap])\.?m\.?)?(\s?z|\s?utc)?\]?${EDGE}`, "i");
const AFTER = new RegExp(String.raw`^t?([+−–-])(?=\d)(?:(\d+)\s?d(?:ays?)?\s?)?(?:(\d+)\s?h(?:ours?|rs?)?\s?)?(?:(\d+)(?:\s?m(?:in(?:ute)?s?)?|(?<=h\s?\d\d)))?${EDGE}`, "i");
const SEPARATOR = /^\s*(?:[-–—|,;:](?=\s|$))?\s*/;
const HOURS = 3600_000;
const DAYS = { yesterday: -1, today: 0, tomorrow: 1 } as Record<string, number>;

export function readTime(line: string, clock: Clock): Read {
  const trimmed = line.trim();
  return readAfter(trimmed, clock) ?? readClock(trimmed, clock) ?? { at: iso(anchorOf(clock)), text: trimmed, given: false };
}

const iso = (ms: number) => new Date(ms).toISOString();
const moment = (at: string | null) => (at ? Date.parse(at) : null);
const startOf = (clock: Clock) => moment(clock.start) ?? moment(clock.previous) ?? Date.now();
const anchorOf = (clock: Clock) => moment(clock.previous) ?? startOf(clock);

const found = (at: number, line: string, length: number): Read => ({ at: iso(at), text: line.slice(length).replace(SEPARATOR, ""), given: true });

function readAfter(line: string, clock: Clock): Read | null {
  const match = AFTER.exec(line);
  if (!match || !(match[2] || match[3] || match[4])) return null;
  const minutes = (Number(match[2] ?? 0) * 24 + Number(match[3] ?? 0)) * 60 + Number(match[4] ?? 0);
  return found(startOf(clock) + (match[1] === "+" ? minutes : -minutes) * 60_000, line, match[0].length);
}

function readClock(line: string, clock: Clock): Read | null {
  const match = CLOCK.exec(line);
  if (!match) return null;
  const [all, year, month, date, word, hour, minute, second, half, utc] = match;
  if (!minute && !half) return null;
  const time = { hour: hourOf(Number(hour), half), minute: Number(minute ?? 0), second: Number(second ?? 0) };
  if (time.hour > 23 || time.minute > 59 || time.second > 59 || (half && Number(hour) > 12)) return null;
  const zone = utc ? "UTC" : clock.zone;
  if (year) return found(momentOf({ year: Number(year), month: Number(month), day: Number(date), ...time }, zone), line, all.length);
  return found(word ? besideStart(time, DAYS[word.toLowerCase()] ?? 0, zone, clock) : likeliest(time, zone, clock), line, all.length);
}

function hourOf(hour: number, half: string | undefined): number {
  return half ? (hour % 12) + (half.toLowerCase() === "p" ? 12 : 0) : hour;
}

function onDay(time: Time, near: number, days: number, zone: string): number {
  const { year, month, day } = wallOf(near, zone);
  return momentOf({ year, month, day: day + days, ...time }, zone);
}

const besideStart = (time: Time, days: number, zone: string, clock: Clock) => onDay(time, startOf(clock), days, zone);

/** The day that puts a clock time nearest to the anchor; long before the start or after the end count as less near. */
function likeliest(time: Time, zone: string, clock: Clock): number {
  const anchor = anchorOf(clock);
  const earliest = startOf(clock) - 6 * HOURS;
  const end = moment(clock.end) ?? Infinity;
  const strangeness = (at: number) => Math.abs(at - anchor) + Math.max(earliest - at, 0) + Math.max(at - end, 0);
  const candidates = [-1, 0, 1].map((days) => onDay(time, anchor, days, zone));
  return candidates.reduce((best, at) => (strangeness(at) < strangeness(best) ? at : best));
}
