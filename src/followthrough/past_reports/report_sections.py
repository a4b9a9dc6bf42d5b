"""The sections of a written report, and which of them tell the timeline, causes and action items."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HEADING = re.compile(r"(#{1,6})[ \t]+(\S.{0,200})")
_BOLD = re.compile(r"(?:\*\*|__)([^*_\n]{2,60}?):?(?:\*\*|__):?\s*")
_BOLD_ITEM = re.compile(r"[-*+][ \t]+\*\*([^*\n]{2,60}?)\*\*:?[ \t]*(.*)")
_FENCE = re.compile(r"\s{0,3}(```|~~~)")
_BOLD_LEVEL = 7
_TIMELINE = re.compile(
    r"\btime ?line|\bchronolog|\bsequence of events|\bincident log\b|\bkey events\b|^context$|\bverlauf\b",
    re.IGNORECASE,
)
_ACTIONS = re.compile(
    r"\baction (?:items?|points?|plan)\b|\bactions?$|^actions?\b(?! taken)|\bfollow[- ]?ups?\b|\bnext steps\b|\bremediations?\b"
    r"|\bcorrective\b|\bprevent(?:ion|ive|ative)\b|\bto-?dos?\b|\bimprovements\b|\bmaßnahmen\b",
    re.IGNORECASE,
)
_CAUSES = (
    ("root_cause", re.compile(r"\broot[- ]causes?\b|\bursache", re.IGNORECASE)),
    (
        "contributing_factor",
        re.compile(r"\bcontributing (?:factors?|causes?)\b|\bcontributory\b", re.IGNORECASE),
    ),
    ("trigger", re.compile(r"^triggers?\b", re.IGNORECASE)),
    (
        "went_well",
        re.compile(r"\bwent (?:well|right|good)\b(?<!not went well)|\bwhat worked\b", re.IGNORECASE),
    ),
    ("luck", re.compile(r"\bgot lucky\b|\bluck\b", re.IGNORECASE)),
    ("", re.compile(r"^causes?\b|\bwhat caused\b|\bcause of\b|^why did (?:it|this) happen", re.IGNORECASE)),
)
_NOT_WELL = re.compile(r"\b(?:not|n[o']t|didn|poor|bad|wrong)", re.IGNORECASE)
TIMELINE, ACTIONS = "timeline", "actions"


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it, `begin` to before `end` as lines from 0; `kind` says what it tells.

    `kind` is "timeline", "actions", a finding's kind, "cause" for causes of no kind, or "" for anything else.
    """

    title: str
    level: int
    begin: int
    end: int
    kind: str


def sections(text: str) -> list[Section]:
    """The outermost sections that tell something of their own, and those inside a timeline; the others stay text."""
    heads = list(_headings(text.split("\n")))
    count = text.count("\n") + 1
    found: list[Section] = []
    covered = 0
    for at, (line, level, title) in enumerate(heads):
        end = next((heads[n][0] for n in range(at + 1, len(heads)) if heads[n][1] <= level), count)
        kind = kind_of_title(title)
        if kind and line >= covered:
            found.append(Section(title, level, line, end, kind))
            covered = covered if kind == TIMELINE else end
    return found


def with_headings(text: str) -> str:
    """A report that is one list of bold titles, with headings for them and their lists a step further out."""
    lines = text.split("\n")
    titles = {n: found for n, line in enumerate(lines) if (found := _BOLD_ITEM.fullmatch(line))}
    if (
        len(titles) < 3
        or re.search(r"^#{2,6} ", text, re.MULTILINE)
        or not any(kind_of_title(found[1]) for found in titles.values())
    ):
        return text
    told: list[str] = []
    is_inside = False
    for number, line in enumerate(lines):
        if found := titles.get(number):
            told += [f"### {found[1].strip(': ')}", "", *([found[2]] if found[2] else [])]
            is_inside = True
        else:
            is_inside = is_inside and (not line.strip() or line[0] in " \t")
            told.append(re.sub(r"^(?: {1,4}|\t)", "", line) if is_inside else line)
    return "\n".join(told)


def _headings(lines: list[str]) -> Iterator[tuple[int, int, str]]:
    """(line, level, title) of each heading outside code; a line all in bold is a heading below all others."""
    fence = ""
    for number, line in enumerate(lines):
        if marked := _FENCE.match(line):
            fence = "" if fence == marked[1] else fence or marked[1]
        elif not fence and (found := _HEADING.match(line)):
            yield number, len(found[1]), found[2].strip("# *_:")
        elif not fence and len(line) < 80 and (found := _BOLD.fullmatch(line)):
            yield number, _BOLD_LEVEL, found[1].strip(": ")


def kind_of_title(title: str) -> str:
    """What a section of that title tells; "" for anything else."""
    if _TIMELINE.search(title):
        return TIMELINE
    for kind, pattern in _CAUSES:
        if pattern.search(title):
            is_well = kind in {"went_well", "luck"}
            return "" if is_well and _NOT_WELL.search(title) else kind or "cause"
    return ACTIONS if _ACTIONS.search(title) else ""
