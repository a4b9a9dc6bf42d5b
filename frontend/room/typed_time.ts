// Parses the time a person typed before what they saw. The server reads it again and has the last word.
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
  /** What is wrong with the time it said; `at` is then the anchor’s. */
  problem?: string;
}

type Time = { hour: number; minute: number; second: number };

const EDGE = String.raw`(?=[\s,:;|)\]–—-]|$)`;
const CLOCK = new RegExp(String.raw`^\[?(?:(\d{4})[-/](\d\d)[-/](\d\d)[ T])?(?:(yesterday|today|tomorrow)\s+)?(\d{1,2})(?::(\d\d)(?::(\d\d))?)?\s?(?:([ap])\.?m\.?)?(\s?z|\s?utc)?\]?${EDGE}`, "i");
const AFTER = new RegExp(String.raw`^t?([+−–-])(?=\d)(?:(\d+)\s?d(?:ays?)?\s?)?(?:(\d+)\s?h(?:ours?|rs?)?\s?)?(?:(\d+)(?:\s?m(?:in(?:ute)?s?)?|(?<=h\s?\d\d)))?\s?(?:(\d+)\s?s(?:ec(?:ond)?s?)?)?${EDGE}`, "i");
const DATED = /^(?:[*•·-]\s+)?(?:\[\s*)?(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?(?:\d{1,2}(?:st|nd|rd|th)?\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d)|^[*•·-]\s+\[?\d|^\d{4}[-/]\d/i;
const SEPARATOR = /^\s*(?:[-–—|,;:](?=\s|$))?\s*/;
const HOURS = 3600_000;
const [BEFORE_START, AFTER_END] = [3 * HOURS, HOURS];
const [FIRST, LAST] = [Date.UTC(1970, 0, 2), Date.UTC(2200, 11, 31)];
const IMPOSSIBLE = "This time cannot be right. Give a day and a time between 1970 and 2200.";
const DAYS = { yesterday: -1, today: 0, tomorrow: 1 } as Record<string, number>;

export function readTime(line: string, clock: Clock): Read {
  const trimmed = line.trim();
  const read = readAfter(trimmed, clock) ?? readClock(trimmed, clock);
  if (!read) return { at: iso(anchorOf(clock)), text: trimmed, given: false };
  const { at, text } = read;
  return at >= FIRST && at <= LAST ? { at: iso(at), text, given: true } : { at: iso(anchorOf(clock)), text, given: true, problem: IMPOSSIBLE };
}

/** Whether a line begins with a date or a mark that only the server reads. */
export const mayBeDated = (line: string): boolean => DATED.test(line.trim());

const iso = (ms: number) => new Date(ms).toISOString();
const moment = (at: string | null) => (at ? Date.parse(at) : null);
const startOf = (clock: Clock) => moment(clock.start) ?? moment(clock.previous) ?? Date.now();
const anchorOf = (clock: Clock) => moment(clock.previous) ?? startOf(clock);

type Found = { at: number; text: string };
const found = (at: number, line: string, length: number): Found => ({ at, text: line.slice(length).replace(SEPARATOR, "") });

function readAfter(line: string, clock: Clock): Found | null {
  const match = AFTER.exec(line);
  if (!match || !(match[2] || match[3] || match[4] || match[5])) return null;
  const minutes = (Number(match[2] ?? 0) * 24 + Number(match[3] ?? 0)) * 60 + Number(match[4] ?? 0) + Number(match[5] ?? 0) / 60;
  return found(startOf(clock) + (match[1] === "+" ? minutes : -minutes) * 60_000, line, match[0].length);
}

function readClock(line: string, clock: Clock): Found | null {
  const match = CLOCK.exec(line);
  if (!match) return null;
  const [all, year, month, date, word, hour, minute, second, half, utc] = match;
  if (!minute && !half) return null;
  const time = { hour: hourOf(Number(hour), half), minute: Number(minute ?? 0), second: Number(second ?? 0) };
  if (time.hour > 23 || time.minute > 59 || time.second > 59 || (half && Number(hour) > 12)) return null;
  const zone = utc ? "UTC" : clock.zone;
  if (year && Number(year) < 1970) return found(-Infinity, line, all.length);
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

/** The day on which a clock time lies within the incident, or nearest to it; after an entry outside, the nearest to that. */
function likeliest(time: Time, zone: string, clock: Clock): number {
  const anchor = anchorOf(clock);
  const inside = within(anchor, clock);
  const strangeness = (at: number) => [inside ? outside(at, clock) : 0, Math.abs(at - anchor), -at];
  const candidates = [-1, 0, 1].map((days) => onDay(time, anchor, days, zone));
  return candidates.reduce((best, at) => (isLess(strangeness(at), strangeness(best)) ? at : best));
}

/** How far a moment lies from the incident, with three hours before it and one after. */
function outside(at: number, clock: Clock): number {
  const end = moment(clock.end) ?? Infinity;
  return Math.max(startOf(clock) - BEFORE_START - at, at - end - AFTER_END, 0);
}

/** Whether a moment belongs to the incident, with three hours before it and one after. */
export const within = (at: number, clock: Clock): boolean => outside(at, clock) === 0;

function isLess(one: number[], other: number[]): boolean {
  const at = one.findIndex((part, index) => part !== other[index]);
  return at >= 0 && one[at]! < other[at]!;
}
