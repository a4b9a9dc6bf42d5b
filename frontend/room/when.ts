// Reads the time a person typed before what they saw. The server reads it again and has the last word.
import { momentOf, wallOf } from "./zones";

interface Context {
  /** The entry before, which a bare clock time is nearest to. */
  previous?: string | null;
  start?: string | null;
  zone: string;
}

export interface Read {
  at: string;
  text: string;
  /** Whether the line itself said when. */
  given: boolean;
}

const CLOCK = /^(?:(\d{4})-(\d\d)-(\d\d)[ T])?(?:(yesterday|tomorrow|today)\s+)?(\d{1,2})[:.](\d\d)(?::(\d\d))?\s*([ap]m)?\s*(z|utc)?(?=[\s,:–—-]|$)/i;
const HOUR = /^(?:(yesterday|tomorrow|today)\s+)?(\d{1,2})\s*([ap]m)(?=[\s,:–—-]|$)/i;
const AFTER = /^([+−-])\s*(?:(\d+)\s*h(?:ours?)?\s*)?(?:(\d+)\s*m?(?:in(?:utes?)?)?)?(?=[\s,:–—]|$)/i;
const NOW = /^now(?=[\s,:–—-]|$)/i;
const HALF_DAY = 12 * 3600_000;
const DAY = 24 * 3600_000;

export function readTime(line: string, context: Context): Read {
  const trimmed = line.trim();
  return readClock(trimmed, context) ?? readAfter(trimmed, context) ?? readNow(trimmed) ?? undated(trimmed, context);
}

const anchorOf = ({ previous, start }: Context) => Date.parse(previous ?? start ?? new Date().toISOString());

function found(at: number, line: string, length: number): Read {
  return { at: new Date(at).toISOString(), text: line.slice(length).replace(/^[\s,:–—-]+/, ""), given: true };
}

function readClock(line: string, context: Context): Read | null {
  const full = CLOCK.exec(line);
  if (full) {
    const [all, year, month, date, word, hour, minute, second, half, utc] = full;
    const time = { hour: hourOf(Number(hour), half), minute: Number(minute), second: Number(second ?? 0) };
    if (time.hour > 23 || time.minute > 59 || time.second > 59) return null;
    const zone = utc ? "UTC" : context.zone;
    if (year) return found(momentOf({ year: Number(year), month: Number(month), day: Number(date), ...time }, zone), line, all.length);
    return found(nearest(time, word, zone, context), line, all.length);
  }
  const bare = HOUR.exec(line);
  if (!bare || Number(bare[2]) > 12) return null;
  return found(nearest({ hour: hourOf(Number(bare[2]), bare[3]), minute: 0, second: 0 }, bare[1], context.zone, context), line, bare[0].length);
}

function hourOf(hour: number, half: string | undefined): number {
  if (!half) return hour;
  return (hour % 12) + (half.toLowerCase() === "pm" ? 12 : 0);
}

/** The day on which a clock time lies nearest to the anchor, so that 00:10 after 23:50 is the next day. */
function nearest(time: { hour: number; minute: number; second: number }, word: string | undefined, zone: string, context: Context): number {
  const anchor = word ? Date.parse(context.start ?? context.previous ?? new Date().toISOString()) : anchorOf(context);
  const { year, month, day } = wallOf(anchor, zone);
  const sameDay = momentOf({ year, month, day, ...time }, zone);
  if (word) return sameDay + ({ yesterday: -DAY, today: 0, tomorrow: DAY }[word.toLowerCase()] ?? 0);
  if (sameDay - anchor > HALF_DAY) return sameDay - DAY;
  if (anchor - sameDay > HALF_DAY) return sameDay + DAY;
  return sameDay;
}

function readAfter(line: string, context: Context): Read | null {
  const match = AFTER.exec(line);
  if (!match || !(match[2] || match[3])) return null;
  const minutes = Number(match[2] ?? 0) * 60 + Number(match[3] ?? 0);
  const from = context.start ? Date.parse(context.start) : anchorOf(context);
  return found(from + (match[1] === "+" ? minutes : -minutes) * 60_000, line, match[0].length);
}

function readNow(line: string): Read | null {
  const match = NOW.exec(line);
  return match && found(Date.now(), line, match[0].length);
}

const undated = (line: string, context: Context): Read => ({ at: new Date(anchorOf(context)).toISOString(), text: line, given: false });
