"""Timelines as post-mortems write them in Markdown: lists, tables, a heading or a bold time for each entry.

Days and zones said once, in a heading or a sentence, hold for what stands below. Whatever has no time of its own
belongs to the entry in which it stands, or is told as left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo
from functools import cache
from typing import TYPE_CHECKING

from followthrough.core.timestamps import Stamp, looks_timed, read_stamp
from followthrough.timeline.log_clock import LogClock
from followthrough.timeline.log_messages import Collection, Reading
from followthrough.timeline.markdown_words import Words, author_of, reference_links, without_definitions
from followthrough.timeline.timeline_statements import stated_day, stated_zone
from followthrough.timeline.timeline_tables import Table, table_of

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

SHAPE = "Markdown"
_NO_TIME = "no time of its own"
_NOT_UNDERSTOOD = "its time was not understood"
_EMPHASIS = re.compile(r"[*`]|__")
_HAS_A_NUMBER = re.compile(r"\D{0,30}\d")
_YEAR = re.compile(r"(?:19|20)\d\d$")
_LONGEST_STATEMENT = 300
_SAYS_NOTHING = re.compile(r"[^.\n]{1,60}:|<!--.*-->|", re.DOTALL)
_IS_OF_A_DAY = re.compile(
    r".{0,80}\b(?i:all|events?|times?|happened|took place|dates?)\b.{0,60}\bon\b|(?i:dates?|day)\s*:",
    re.DOTALL,
)
_TIMELINE = re.compile(
    r"(?i:\btime[- ]?line|\bchronolog|\bsequence of events|\bincident log|\bwhat happened|\blog of events|\bcontext\b|\bverlauf|\bzeitachse|\bkey events|\bplay[- ]by[- ]play)"
)
_FRONT_MATTER = re.compile(r"\A---\n.{0,20000}?\n---\n", re.DOTALL)
_MARKED_LINE = re.compile(r"\s*(?:[-*+•]\s+(?:\[[ x]\]\s+)?|\d+[.)]\s+|#{1,6}\s+|\|\s*)|\s*(?=[*_`])")


@dataclass
class _Entry:
    """An entry whose words are still being gathered."""

    stamp: Stamp
    line: int
    words: list[str] = field(default_factory=list)
    author: str = ""


def read_timeline(text: str, *, start: datetime | None, zone: tzinfo, end: datetime | None = None) -> Reading:
    """The entries of the timeline in a written report; none if it has no times.

    `start` and `end` (aware) are the incident's. Without `start` days are counted from the first date that the
    report names; where it names none, nothing is read.
    """
    if start is None:
        day = stated_dates(text)
        if day is None:
            return Reading((), (), SHAPE)
        start = datetime.combine(day, time(), zone).astimezone(UTC)
    clock = LogClock(start=start, zone=zone, end=end)
    return read_markdown(text, clock) or Reading((), (), SHAPE)


def stated_dates(text: str) -> date | None:
    """The first whole date, with its year, that a report names."""
    for line in text.split("\n")[:400]:
        day = stated_day(line)
        if day and getattr(day, "year", None):
            return next(iter(day.near(date(2024, 1, 1))), None)
    return None


def read_markdown(text: str, clock: LogClock) -> Reading | None:
    """The entries of a Markdown timeline; None where lines without any mark tell more of the time."""
    text = _FRONT_MATTER.sub(lambda found: "\n" * found[0].count("\n"), text.replace("\r\n", "\n"))
    if not _is_marked(text.split("\n")):
        return None
    reading = _Reader(text, clock).read()
    return reading if reading.messages else None


def _is_marked(lines: Sequence[str]) -> bool:
    """Whether most times stand behind a list's dash, in a table, a heading, or bold."""
    marked = plain = 0
    for line in lines:
        if not _HAS_A_NUMBER.match(line):
            continue
        mark = _MARKED_LINE.match(line)
        bare = line[mark.end() :] if mark else line
        stamp = read_stamp(_EMPHASIS.sub("", bare[:100]).lstrip("| "))
        if stamp and stamp.clock:
            marked, plain = marked + bool(mark), plain + (not mark)
    return marked > plain


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt  # noqa: PLC0415 - only pastes of Markdown need it

    blocks = ["heading", "lheading", "list", "fence", "code", "blockquote", "table", "hr"]
    return MarkdownIt("zero", {"html": False}).enable(blocks).disable(["inline", "text_join"])


class _Reader:
    """Walks through the blocks of a report and gathers its entries."""

    def __init__(self, text: str, clock: LogClock) -> None:
        from markdown_it.tree import SyntaxTreeNode  # noqa: PLC0415 - only pastes of Markdown need it

        self._links = reference_links(text)
        self._blocks = SyntaxTreeNode(_parser().parse(without_definitions(text))).children
        self._clock = clock
        self._found = Collection()
        self._open: _Entry | None = None
        self._zones: list[tuple[int, tzinfo | None]] = [(-1, None)]
        self._inside = not any(self._names_a_timeline(block) for block in self._blocks)
        self._level = self._section = 0
        self._of_heading = False

    def read(self) -> Reading:
        self._clock.settle_order(self._stamps(self._blocks))
        for block in self._blocks:
            self._block(block)
        self._close()
        return self._found.reading(SHAPE)

    def _stamps(self, nodes: Sequence[SyntaxTreeNode]) -> Iterator[Stamp]:
        for node in nodes:
            if node.type == "inline":
                for line in node.content.split("\n"):
                    if stamp := read_stamp(Words(line).plain[:80]):
                        yield stamp
            elif node.children:
                yield from self._stamps(node.children)

    def _names_a_timeline(self, block: SyntaxTreeNode) -> bool:
        return block.type == "heading" and bool(_TIMELINE.search(_source(block)))

    def _block(self, node: SyntaxTreeNode) -> None:
        """A block that stands by itself, in no list."""
        kind = node.type
        if kind == "heading":
            self._heading(node)
        elif not self._inside:
            self._outside(node)
        elif kind == "paragraph":
            self._paragraph(node)
        elif kind in {"bullet_list", "ordered_list"}:
            self._list(node, within=self._open if self._of_heading else None)
        elif kind == "table":
            self._table(table_of(node), node)
        elif kind in {"fence", "code_block"}:
            self._code(node)
        elif kind == "blockquote":
            for child in node.children:
                self._block(child)

    def _outside(self, node: SyntaxTreeNode) -> None:
        words = _source(node)
        if node.type == "paragraph" and len(words) < _LONGEST_STATEMENT:
            self._speak(words)

    def _heading(self, node: SyntaxTreeNode) -> None:
        """Begins an entry, or says the day and the zone of what is below."""
        level, words = int(node.tag[1:]), Words(_source(node), self._links)
        if not self._inside and _TIMELINE.search(words.plain):
            self._close()
            self._inside, self._level = True, level
            self._context(level, words.plain)
            return
        if self._inside and self._level and level <= self._level and not _TIMELINE.search(words.plain):
            self._close()
            self._inside = False
        if not self._inside:
            if day := stated_day(words.plain) if level == 1 else None:
                self._clock.turn_to(day)
            return
        stamp = read_stamp(words.plain)
        if stamp and stamp.clock and not stamp.loose:
            self._begin(stamp, node)
            self._of_heading = True
            return
        self._close()
        if looks_timed(words.plain) and not stated_day(words.plain):
            self._skip(_line(node), words.plain)
        else:
            self._context(level, words.plain)

    def _context(self, level: int, words: str) -> None:
        """What a heading says holds until one of its level or above."""
        self._zones = [(at, zone) for at, zone in self._zones if at < level]
        self._section = level
        if day := stated_day(words):
            self._clock.turn_to(day)
        self._speak(words)

    def _speak(self, words: str) -> None:
        if zone := stated_zone(words):
            self._zones.append((self._section, zone))
        self._clock.speak_in(self._zones[-1][1])

    def _paragraph(self, node: SyntaxTreeNode) -> None:
        lines = _source(node).split("\n")
        at = next((at for at, line in enumerate(lines) if self._is_opening(line)), None)
        if at is None and self._of_heading and self._open:
            self._open.words.append(Words(" ".join(lines), self._links).plain)
        elif at is None:
            self._statement("\n".join(lines), _line(node))
        else:
            if at:
                self._statement("\n".join(lines[:at]), _line(node))
            self._gather(lines[at:], node)

    def _statement(self, said: str, line: int) -> None:
        """What is said of all times: their day, their zone; anything else is told as left out."""
        words = Words(said, self._links).plain
        zone = stated_zone(words) if len(words) < _LONGEST_STATEMENT else None
        day = stated_day(words) if zone or _IS_OF_A_DAY.match(words) or _is_a_day(words) else None
        self._close()
        if day:
            self._clock.turn_to(day)
        if zone:
            self._speak(words)
        if not (day or zone or _SAYS_NOTHING.fullmatch(words)):
            self._skip(line, words)

    def _skip(self, line: int, words: str) -> None:
        self._found.skip(line, words, _NOT_UNDERSTOOD if looks_timed(words) else _NO_TIME)

    def _is_opening(self, line: str, *, item: bool = False) -> bool:
        return self._opening(Words(line), item=item) is not None

    @staticmethod
    def _opening(words: Words, *, item: bool = False) -> Stamp | None:
        """The time at the head of a line; `15.26` and `1526` count at the head of a list's item."""
        stamp = read_stamp(words.plain)
        if (
            stamp is None
            or stamp.clock is None
            or (stamp.loose and not (item and not _YEAR.match(stamp.said)))
        ):
            return None
        return stamp

    def _list(self, node: SyntaxTreeNode, *, within: _Entry | None = None, depth: int = 0) -> None:
        for item in node.children:
            self._item(item, within, depth)

    def _item(self, item: SyntaxTreeNode, within: _Entry | None, depth: int) -> None:
        is_said = bool(item.children) and item.children[0].type == "paragraph"
        lines = _source(item.children[0]).split("\n") if is_said else [""]
        mine = within
        if self._is_opening(lines[0], item=True):
            self._gather(lines, item)
            mine = self._open
        elif within is not None and not self._has_times(item):
            within.words.append(f"{'  ' * depth}- {Words(' '.join(lines), self._links).plain}")
        else:
            mine = self._untimed(lines, item, within)
        for child in item.children[is_said:]:
            self._inner(child, mine, depth)

    def _untimed(self, lines: list[str], item: SyntaxTreeNode, within: _Entry | None) -> _Entry | None:
        """An item that begins no entry: it says the day of those below it, or is told as left out."""
        words = Words(" ".join(lines), self._links).plain
        if within is None:
            self._close()
        if not self._has_times(item):
            self._skip(_line(item), words)
        elif any(self._is_opening(line) for line in lines):
            self._gather(lines, item)
        elif day := stated_day(words):
            self._clock.turn_to(day)
        return within

    def _gather(self, lines: list[str], node: SyntaxTreeNode) -> None:
        """Lines of one paragraph: each that has a time begins an entry, others go on with it."""
        for number, line in enumerate(lines, _line(node)):
            words = Words(line, self._links)
            if stamp := self._opening(words, item=node.type == "list_item" and number == _line(node)):
                self._begin(stamp, node, line=number)
            elif looks_timed(words.plain) or self._open is None:
                self._close()
                self._skip(number, words.plain)
            elif self._open.words:
                self._open.words[-1] = f"{self._open.words[-1]} {words.plain}"
            else:
                self._open.words.append(words.plain)

    def _inner(self, child: SyntaxTreeNode, mine: _Entry | None, depth: int) -> None:
        """What stands inside of a list's item."""
        if child.type in {"bullet_list", "ordered_list"}:
            self._list(child, within=mine, depth=depth + (mine is not None))
        elif mine is not None:
            mine.words.append(_verbatim(child, self._links))
        elif self._has_times(child):
            self._block(child)

    def _has_times(self, node: SyntaxTreeNode) -> bool:
        """Whether anything in a list below has a time of its own."""
        return any(True for _ in self._openings(node))

    def _openings(self, node: SyntaxTreeNode) -> Iterator[Stamp]:
        for stamp in self._stamps([node]):
            if stamp.clock and not (stamp.loose and _YEAR.match(stamp.said)):
                yield stamp

    def _table(self, table: Table | None, node: SyntaxTreeNode) -> None:
        self._close()
        if table is None:
            self._found.skip(_line(node), _source(node), "a table without times")
            return
        before = self._zones[-1][1]
        self._clock.speak_in(stated_zone(f"time {table.zone_said}") or before)
        for row in table.rows:
            words = Words(row.text, self._links)
            stamp = read_stamp(Words(row.time, self._links).plain)
            if stamp and stamp.day and not stamp.clock and not stamp.rest:
                self._clock.turn_to(stamp.day)
            moment = self._clock.read(stamp) if stamp and stamp.clock else None
            if moment is None or stamp is None:
                self._found.skip(row.line, f"{row.time} {words.plain}", "no time that can be read")
            else:
                said = " ".join(part for part in (stamp.rest, words.text) if part)
                self._found.add(
                    moment,
                    author=row.author or words.author,
                    text=stamp.noted(said),
                    line=row.line,
                    kind=row.kind,
                )
        self._clock.speak_in(before)

    def _code(self, node: SyntaxTreeNode) -> None:
        if self._open:
            self._open.words.append(_verbatim(node, self._links))
        else:
            self._found.skip(_line(node), node.content, _NO_TIME)

    def _begin(self, stamp: Stamp, node: SyntaxTreeNode, *, line: int | None = None) -> None:
        self._close()
        self._open = _Entry(stamp, line or _line(node), [stamp.rest] if stamp.rest else [], author_of(stamp))

    def _close(self) -> None:
        self._of_heading = False
        if not self._open:
            return
        entry, self._open = self._open, None
        words = entry.stamp.noted("\n".join(entry.words).strip())
        self._found.add(self._clock.read(entry.stamp), author=entry.author, text=words, line=entry.line)


def _is_a_day(words: str) -> bool:
    """Whether a line is a date and next to nothing else."""
    stamp = read_stamp(words.rstrip(":"))
    return bool(stamp and stamp.day and not stamp.clock and len(stamp.rest) < 40)


def _line(node: SyntaxTreeNode) -> int:
    return (node.map[0] if node.map else 0) + 1


def _source(node: SyntaxTreeNode) -> str:
    """The Markdown inside of a block, without its marks."""
    if node.type == "inline" or node.type in {"fence", "code_block"}:
        return node.content
    return "\n".join(_source(child) for child in node.children)


def _verbatim(node: SyntaxTreeNode, links: dict[str, str]) -> str:
    if node.type in {"fence", "code_block"}:
        return f"```\n{node.content.rstrip()}\n```"
    return Words(_source(node), links).text
