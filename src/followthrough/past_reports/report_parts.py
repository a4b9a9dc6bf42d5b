"""A whole report as its parts: timeline entries, causes, action items, and the text that is left."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from followthrough.core.text import prose
from followthrough.incidents.imports.report_readers import Told
from followthrough.past_reports.action_words import ActionWords, read_action, read_lines
from followthrough.past_reports.listed_items import Item, items_of, paragraphs_of
from followthrough.past_reports.report_sections import ACTIONS, TIMELINE, Section, sections, with_headings
from followthrough.timeline.log_messages import LogTooLarge, Message, check_size
from followthrough.timeline.markdown_timeline import read_timeline

MOST_CAUSES = MOST_ACTIONS = 100
LONGEST_CAUSE, LONGEST_ACTION = 4_000, 1_000


@dataclass
class ReportParts:
    """`causes` are (words, a finding's kind, or "" where the report says none)."""

    messages: tuple[Message, ...] = ()
    causes: list[tuple[str, str]] = field(default_factory=list)
    actions: list[ActionWords] = field(default_factory=list)
    rest: str = ""
    remarks: list[str] = field(default_factory=list)

    @property
    def holds(self) -> str:
        """In words: "12 timeline entries, 1 cause, 3 action items"."""
        named = (
            (len(self.messages), "timeline entry", "timeline entries"),
            (len(self.causes), "cause", "causes"),
            (len(self.actions), "action item", "action items"),
        )
        return ", ".join(f"{count} {one if count == 1 else many}" for count, one, many in named if count)


def read_report(told: Told) -> ReportParts:
    """What the report holds; a section whose words are all taken is not in `rest`."""
    told = replace(told, text=_without_comments(with_headings(told.text)))
    lines = told.text.split("\n")
    found = ReportParts()
    taken: set[int] = set()
    parts = sections(told.text)
    taken |= _read_timeline(told, parts, found)
    for section in parts:
        if section.kind == ACTIONS:
            taken |= _read_actions(section, lines, found)
        elif section.kind != TIMELINE:
            taken |= _read_causes(section, lines, found)
    found.causes += [(text[:LONGEST_CAUSE], "") for text in map(prose, told.causes) if text.strip()]
    found.actions += [action for text in told.actions for action in read_lines(text) if action.text]
    found.causes = list(dict.fromkeys((prose(text.replace("**", "")), kind) for text, kind in found.causes))
    _keep_within_bounds(found)
    found.rest = _without(lines, taken, parts)
    return found


def _without_comments(text: str) -> str:
    first, *others = text.split("<!--")
    return first + "".join(
        other.partition("-->")[2] if "-->" in other else f"<!--{other}" for other in others
    )


def _read_timeline(told: Told, parts: list[Section], found: ReportParts) -> set[int]:
    """The lines of timelines that were read to the end."""
    if not any(part.kind == TIMELINE for part in parts):
        return set()
    try:
        check_size(told.text)
        reading = read_timeline(told.text, start=told.began, zone=ZoneInfo(told.zone), end=told.ended)
    except LogTooLarge as error:
        found.remarks.append(f"its timeline stays text. {error}")
        return set()
    found.messages = reading.messages
    left = {line - 1 for line, _, _ in reading.skipped}
    told_in = {message.line - 1 for message in reading.messages}
    spans = [set(range(part.begin, part.end)) for part in parts if part.kind == TIMELINE]
    return set().union(*(span for span in spans if span & told_in and not span & left))


def _read_actions(section: Section, lines: list[str], found: ReportParts) -> set[int]:
    span = section.begin + 1, section.end
    items = items_of(lines, *span) or paragraphs_of(lines, *span)
    read = [(item, read_action(item)) for item in items]
    found.actions += [action for _, action in read if action.text]
    return {line for item, action in read if action.text for line in item.lines}


def _read_causes(section: Section, lines: list[str], found: ReportParts) -> set[int]:
    """Several items are several causes; what explains one in paragraphs is one."""
    kind = "" if section.kind == "cause" else section.kind
    span = section.begin + 1, section.end
    items = items_of(lines, *span)
    body = "\n".join(lines[section.begin + 1 : section.end]).strip()
    is_list = len(items) > 1 and _share(items, section, lines) > 0.6
    if not is_list and kind not in {"went_well", "luck"} and 0 < len(body) <= LONGEST_CAUSE:
        found.causes.append((body, kind))
        return set(range(section.begin + 1, section.end))
    items = items or paragraphs_of(lines, *span)
    whole = [item for item in items if 0 < len(item.text) <= LONGEST_CAUSE]
    found.causes += [(item.text, kind) for item in whole]
    return {line for item in whole for line in item.lines}


def _share(items: list[Item], section: Section, lines: list[str]) -> float:
    """How much of the section its items are, in lines."""
    said = sum(1 for line in lines[section.begin + 1 : section.end] if line.strip())
    return sum(len(item.lines) for item in items) / max(said, 1)


def _keep_within_bounds(found: ReportParts) -> None:
    for action in found.actions:
        if len(action.text) > LONGEST_ACTION:
            found.remarks.append(
                f"an action item has {len(action.text):,} characters; {LONGEST_ACTION:,} are taken over."
            )
            action.text = f"{action.text[: LONGEST_ACTION - 1]}…"
    if len(found.actions) > MOST_ACTIONS or len(found.causes) > MOST_CAUSES:
        found.remarks.append(f"of causes and action items the first {MOST_ACTIONS} each become records.")
        found.actions, found.causes = found.actions[:MOST_ACTIONS], found.causes[:MOST_CAUSES]


def _without(lines: list[str], taken: set[int], parts: list[Section]) -> str:
    """The text without the lines taken, and without headings under which nothing is left."""
    empty = {
        part.begin
        for part in parts
        if all(
            n in taken or not lines[n].strip() or lines[n].startswith("#")
            for n in range(part.begin + 1, part.end)
        )
        and any(n in taken for n in range(part.begin, part.end))
    }
    gone = taken | {n for part in parts if part.begin in empty for n in range(part.begin, part.end)}
    left = "\n".join(line for number, line in enumerate(lines) if number not in gone)
    return re.sub(r"\n{3,}", "\n\n", left).strip()
