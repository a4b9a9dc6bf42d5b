// Parses the time a person typed before what they saw. The server reads it again and has the last word; the cases in
// tests/fixtures/typed_times.json hold for both.
import { momentOf, wallOf, type Wall } from "./zones";

export interface Clock {
  /** The entry before, to which a bare clock time is nearest. */
  previous: string | null;
  start: string | null;
  end: string | null;
  zone: string;
  /** The writer’s day, from which `yesterday` counts: ISO, on the writer’s own calendar. */
  today?: string;
  /** Whether a date alone is a time, for events told in days. */
  days?: boolean;
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
type Day = { year: number | null; month: number; day: number };
/** What a line began with, and what it said. */
interface Head {
  at: number;
  days: Day[];
  time: Time | null;
  zone: string | number | null;
  loose: boolean;
  about: boolean;
  announced: boolean;
  until: string;
}

const EDGE = /^(?:$|[\s,;|>)\]→–—-]|[:.](?!\d))/;
const AFTER = /^t?([+−–-])(?=\d)(?:(\d+)\s?w(?:eeks?|ks?)?(?![a-z])\s?)?(?:(\d+)\s?d(?:ays?)?(?![a-z])\s?)?(?:(\d+)\s?h(?:ours?|rs?)?(?![a-z])\s?)?(?:(\d+)(?:\s?m(?:in(?:ute)?s?)?(?![a-z])|(?<=h\s?\d\d)(?![\w:.,%])))?\s?(?:(\d+)\s?s(?:ec(?:ond)?s?)?(?![a-z]))?(?=[\s,:;|)\]–—-]|$)/i;
const LEAD = /^(?:[*•·+-]\s+)?([[(]\s*)?/;
const ABOUT = /^(?:[~≈∼]|(?:about|around|approx(?:imately)?\.?|roughly|circa|ca\.|c\.|etwa|gegen)\s)\s*/i;
const AT = /^(?:at|from|since|between|um|ab|seit|von|klo|kl\.?)\s+(?=[\d~≈∼]|noon|mid|(?:about|around|circa|ca)\b)/i;
const JOIN = /^(?:T(?=\d)|,?\s+(?:at\s+|@\s+|um\s+)?|)/;
const CLOCK = /^(?:(\d{1,2})(?::([0-5]\d)(?::([0-5]\d)(?:[.,]\d{1,9})?)?|([.h])([0-5]\d)(?!\.\d|\d))?|((?:[01]\d|2[0-3])[0-5]\d)(?![-/.:]?\d))(?:\s?([ap])\.?\s?m(?!\w)\.?)?(?:\s?(uhr|hrs|hours|h|o['’]clock)(?!\w))?(?!\d)/i;
const WORD = /^(noon|midday|midnight)(?!\w)/i;
const MEASURE = /^(?:\s+(?:ms|s|secs?|seconds?|mins?|minutes?|hours?|days?|weeks?|per|of|[KMGT]i?B|bytes|times|percent|EUR|USD)\b|\s*[%€$£])/;
const COUNTED = /^\s+(?!(?:was|is|has|this|us)\b)[a-z]+s\b/;
const RELATIVE = /^(yesterday|today|tomorrow)(?!\w)/i;
const WEEKDAY = /^(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?(?!\w),?\.?\s+(?=\w)/i;
const ISO = /^(\d{4})([-/.])(\d\d?)\2(\d\d?)(?!\d)/;
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const MONTH = "(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])";
const YEAR = String.raw`(?:,?\s+((?:19|20|21)\d\d)(?!\d|:\d))?`;
const DAY_FIRST = new RegExp(String.raw`^(\d{1,2})(?:st|nd|rd|th)?(?!\w)\.?\s+(?:of\s+)?${MONTH}\.?${YEAR}`, "i");
const MONTH_FIRST = new RegExp(String.raw`^${MONTH}\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?!\w)${YEAR}`, "i");
const NUMERIC = /^(\d{1,2})([/.-])(\d{1,2})(?:\2((?:19|20|21)\d\d)(?![\d:/])|(?:\.(?=[\s,)]|$)|(?![\w./-]|:\d)))/;
const TO = /^\s?(?:[-–—→]|->|to\b|until\b|till\b|and\b|bis\b)\s?(?=\d|~)/;
const OFFSET = /^\s?(?:(?:UTC|GMT)\s?)?([+−-])(\d{1,2}):?(00|30|45)?(?![\w:%])/;
const NAMED = /^\s?(?:\(([A-Z]{3,4})\)|([A-Z]{3,4}|utc|gmt|Z|z)(?![\w/+])(?!-\d))/;
const PLACE = /^\s?([A-Z][A-Za-z]{1,30}(?:\/[A-Za-z0-9_+-]{1,30}){1,2})/;
const HOURS_EAST: Record<string, number> = { Z: 0, UTC: 0, GMT: 0, WET: 0, BST: 1, WEST: 1, CET: 1, CEST: 2, EET: 2, SAST: 2, EEST: 3, MSK: 3, IST: 5.5, SGT: 8, HKT: 8, AWST: 8, JST: 9, KST: 9, ACST: 9.5, AEST: 10, ACDT: 10.5, AEDT: 11, NZST: 12, NZDT: 13, EST: -5, EDT: -4, CST: -6, CDT: -5, MST: -7, MDT: -6, PST: -8, PDT: -7, AKST: -9, AKDT: -8, HST: -10, BRT: -3 };
const SEPARATOR = /^\s*(?:(?:[-–—→|,;:.]|[-=]>)(?=\s|$)(?!\s*\d{1,2}:\d\d))?\s*/;
/** What only the server reads, or may: nobody is asked for a time that may be there. */
const MAYBE = /^(?:[*•·+-]\s+)?[[(]?\s*(?:\d{1,4}[-/.]\w|\d{1,2}\.?\s+[a-zä]{3}|[a-zä]{3,9}\.?,?\s+\d|[*•·-]\s+\[?\d)/i;
const HOURS = 3600_000;
const [BEFORE_START, AFTER_END] = [3 * HOURS, HOURS];
const [FIRST, LAST] = [Date.UTC(1600, 0, 2), Date.UTC(2200, 11, 30)];
const IMPOSSIBLE = "This time cannot be right. Give a day and a time between 1600 and 2200.";

export function readTime(line: string, clock: Clock): Read {
  const trimmed = line.trim();
  const read = readAfter(trimmed, clock) ?? readStamp(trimmed, clock);
  if (!read) return { at: iso(anchorOf(clock)), text: trimmed, given: false };
  const { at, text } = read;
  return at >= FIRST && at <= LAST ? { at: iso(at), text, given: true } : { at: iso(anchorOf(clock)), text, given: true, problem: IMPOSSIBLE };
}

/** Whether a line begins with a date or a mark that only the server reads. */
export const mayBeDated = (line: string): boolean => MAYBE.test(line.trim().slice(0, 60)) && /\d[:.]\d|\d\s?[ap]m|\d\d\d\d/i.test(line.slice(0, 60));

const iso = (ms: number) => new Date(ms).toISOString();
const moment = (at: string | null) => (at ? Date.parse(at) : null);
const startOf = (clock: Clock) => moment(clock.start) ?? moment(clock.previous) ?? Date.now();
const anchorOf = (clock: Clock) => moment(clock.previous) ?? startOf(clock);

type Found = { at: number; text: string };
const found = (at: number, rest: string): Found => ({ at, text: rest.replace(SEPARATOR, "").trim() });

function readAfter(line: string, clock: Clock): Found | null {
  const match = AFTER.exec(line);
  if (!match || !match.slice(2).some(Boolean)) return null;
  const [weeks, days, hours, minutes, seconds] = match.slice(2).map((count) => Number(count ?? 0)) as [number, number, number, number, number];
  const sign = match[1] === "+" ? 1 : -1;
  const span = ((hours * 60 + minutes) * 60 + seconds) * 1000 * sign;
  const whole = (weeks * 7 + days) * sign;
  const start = startOf(clock);
  const wall = wallOf(start, clock.zone);
  const from = clock.days ? momentOf({ ...wall, day: wall.day + whole }, clock.zone) : start + whole * 24 * HOURS;
  return found(from + span, line.slice(match[0].length));
}

function readStamp(line: string, clock: Clock): Found | null {
  const lead = LEAD.exec(line)!;
  const head: Head = { at: lead[0].length, days: [], time: null, zone: null, loose: false, about: false, announced: false, until: "" };
  readMoment(line, head, clock);
  if (!head.time && !(clock.days && head.days.length)) return null;
  if (head.time) readUntil(line, head, clock);
  let rest = line.slice(head.at);
  if (lead[1]) {
    const closing = /^\s*[\])]/.exec(rest);
    if (!closing) return null;
    rest = rest.slice(closing[0].length);
  } else if (!EDGE.test(rest)) return null;
  const at = place(head, clock);
  if (at === null || (isLoose(head) && outside(at, clock) > 0)) return null;
  const read = found(at, rest);
  return { at, text: noted(read.text, head) };
}

const isLoose = (head: Head) => head.loose && !head.days.length && head.zone === null && !head.announced && !head.about && !head.until;

function noted(words: string, { about, until }: Head): string {
  const notes = [about && "about this time", until && `until ${until}`].filter(Boolean);
  return notes.length && words ? `${words} (${notes.join(", ")})` : words;
}

function readMoment(line: string, head: Head, clock: Clock): void {
  readAbout(line, head);
  const begin = head.at;
  readDay(line, head, clock);
  const afterDay = head.at;
  if (head.days.length) {
    take(line, head, JOIN);
    readAbout(line, head);
  }
  if (!readClock(line, head, head.announced || head.days.length > 0)) {
    head.at = head.days.length ? afterDay : begin;
    return;
  }
  readZone(line, head);
}

function readAbout(line: string, head: Head): void {
  take(line, head, ABOUT, () => (head.about = head.announced = true));
  if (take(line, head, AT, () => (head.announced = true))) take(line, head, ABOUT, () => (head.about = true));
}

function take(line: string, head: Head, pattern: RegExp, then?: () => void): boolean {
  const match = pattern.exec(line.slice(head.at, head.at + 80));
  if (!match || !match[0]) return false;
  head.at += match[0].length;
  then?.();
  return true;
}

function readDay(line: string, head: Head, clock: Clock): void {
  const rest = line.slice(head.at, head.at + 60);
  const relative = RELATIVE.exec(rest);
  if (relative) {
    const today = clock.today ?? iso(Date.now()).slice(0, 10);
    const [year, month, day] = today.split("-").map(Number) as [number, number, number];
    const away = ["yesterday", "today", "tomorrow"].indexOf(relative[1]!.toLowerCase()) - 1;
    const at = new Date(Date.UTC(year, month - 1, day + away));
    head.days = [{ year: at.getUTCFullYear(), month: at.getUTCMonth() + 1, day: at.getUTCDate() }];
    head.at += relative[0].length;
    return;
  }
  const weekday = WEEKDAY.exec(rest)?.[0].length ?? 0;
  const [days, length] = dated(rest.slice(weekday));
  if (!days.length) return;
  head.days = days;
  head.at += weekday + length;
}

const monthOf = (name: string) => MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1;
const isDay = ({ year, month, day }: Day) => month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year ?? 2024, month, 0)).getUTCDate();

/** The days that a text begins with may mean, and how long it says so. */
function dated(rest: string): [Day[], number] {
  let match = ISO.exec(rest);
  const give = (...days: Day[]): [Day[], number] => [days.filter(isDay), match![0].length];
  if (match) return give({ year: Number(match[1]), month: Number(match[3]), day: Number(match[4]) });
  match = DAY_FIRST.exec(rest);
  if (match) return give({ year: match[3] ? Number(match[3]) : null, month: monthOf(match[2]!), day: Number(match[1]) });
  match = MONTH_FIRST.exec(rest);
  if (match) return give({ year: match[3] ? Number(match[3]) : null, month: monthOf(match[1]!), day: Number(match[2]) });
  match = NUMERIC.exec(rest);
  if (!match || /^(?:24\/7|\d+\/\d+\s+of\b)/.test(rest)) return [[], 0];
  const [one, other, year] = [Number(match[1]), Number(match[3]), match[4] ? Number(match[4]) : null];
  const before = /^,?\s+(?:at\s+)?(?:[01]?\d|2[0-3])[:.][0-5]\d(?!\d)/.test(rest.slice(match[0].length));
  if (match[2] === "/") return give({ year, month: other, day: one }, { year, month: one, day: other });
  if (!year && !match[0].endsWith(".") && !before) return [[], 0];
  return match[2] === "." ? give({ year, month: other, day: one }) : give({ year, month: other, day: one }, { year, month: one, day: other });
}

function readClock(line: string, head: Head, expected: boolean): boolean {
  const rest = line.slice(head.at);
  const word = WORD.exec(rest);
  if (word) {
    head.time = { hour: word[1]!.toLowerCase() === "midnight" ? 0 : 12, minute: 0, second: 0 };
    head.at += word[0].length;
    return true;
  }
  const match = CLOCK.exec(rest.slice(0, 60));
  if (!match) return false;
  const [all, hour, minute, second, dot, dotted, four, half, oclock] = match;
  const behind = rest.slice(all.length, all.length + 60);
  const minutes = minute ?? dotted ?? four?.slice(2);
  if (oclock && /^(?:h|hrs|hours)$/i.test(oclock) ? !minutes : !(minutes || half || oclock)) return false;
  head.loose = !(minute || half || oclock);
  if (head.loose && (MEASURE.test(behind) || (four && COUNTED.test(behind)) || (hour && hour.length < 2 && !(expected && dot === ".")))) return false;
  const said = Number(hour ?? four!.slice(0, 2));
  const halved = half && !(/p/i.test(half) ? said > 12 : said === 0);
  if (halved ? said < 1 || said > 12 : said > 23) return false;
  head.time = { hour: halved ? (said % 12) + (half.toLowerCase() === "p" ? 12 : 0) : said, minute: Number(minutes ?? 0), second: Number(second ?? 0) };
  head.at += all.length;
  return true;
}

/** A zone as its name, or as the hours that it is east of UTC. */
function readZone(line: string, head: Head): void {
  const rest = line.slice(head.at, head.at + 80);
  const offset = OFFSET.exec(rest);
  const from = offset && /UTC|GMT/.test(offset[0]);
  if (offset && (from || (offset[2]!.length === 2 && offset[3] && (/:/.test(offset[0]) || offset[2]!.startsWith("0")) && (/^\s/.test(offset[0]) || offset[1] === "+")))) {
    head.zone = (offset[1] === "+" ? 1 : -1) * (Number(offset[2]) + Number(offset[3] ?? 0) / 60);
    head.at += offset[0].length;
    return;
  }
  const named = NAMED.exec(rest);
  const east = named ? HOURS_EAST[(named[1] ?? named[2])!.toUpperCase()] : undefined;
  if (named && east !== undefined) {
    head.zone = east;
    head.at += named[0].length;
    return;
  }
  const somewhere = PLACE.exec(rest);
  if (somewhere && isZone(somewhere[1]!)) {
    head.zone = somewhere[1]!;
    head.at += somewhere[0].length;
  }
}

function isZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: name }));
  } catch {
    return false;
  }
}

function readUntil(line: string, head: Head, clock: Clock): void {
  take(line, head, /^(?:-?ish\b|\s?\?(?=\s|$))/, () => (head.about = true));
  const to = TO.exec(line.slice(head.at, head.at + 20));
  if (!to) return;
  const begin = head.at + to[0].length;
  const end: Head = { at: begin, days: [], time: null, zone: null, loose: false, about: false, announced: false, until: "" };
  readMoment(line, end, clock);
  if (!end.time || (end.loose && !head.announced) || !EDGE.test(line.slice(end.at))) return;
  head.until = line.slice(begin, end.at).trim();
  head.at = end.at;
  head.zone ??= end.zone;
}

/** The moment a line most likely means; null for a date that no year nearby has. */
function place(head: Head, clock: Clock): number | null {
  const anchor = anchorOf(clock);
  const inside = within(anchor, clock);
  const strangeness = (at: number) => [inside ? outside(at, clock) : 0, Math.abs(at - anchor), -at];
  const candidates = candidatesOf(head, clock, anchor);
  return candidates.length ? candidates.reduce((best, at) => (isLess(strangeness(at), strangeness(best)) ? at : best)) : null;
}

function candidatesOf(head: Head, clock: Clock, anchor: number): number[] {
  const wall = (ms: number) => (typeof head.zone === "number" ? wallOf(ms + head.zone * HOURS, "UTC") : wallOf(ms, head.zone ?? clock.zone));
  const at = (shown: Wall) => (typeof head.zone === "number" ? momentOf(shown, "UTC") - head.zone * HOURS : momentOf(shown, head.zone ?? clock.zone));
  const first = wall(startOf(clock));
  const time = head.time ?? { hour: first.hour, minute: first.minute, second: first.second };
  const near = wall(anchor);
  const days = head.days.length ? head.days.flatMap((day) => (day.year ? [day] : [-1, 0, 1].map((away) => ({ ...day, year: first.year + away })).filter(isDay))) : [-1, 0, 1].map((away) => ({ year: near.year, month: near.month, day: near.day + away }));
  return days.map(({ year, month, day }) => (year! < 1600 ? -Infinity : at({ year: year!, month, day, ...time })));
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
