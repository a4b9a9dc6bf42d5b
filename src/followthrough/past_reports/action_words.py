"""An action item as reports write it: its words, owner, day, whether it is done, and where the work is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from followthrough.core.text import line
from followthrough.incidents.imports.cell_values import Unreadable
from followthrough.incidents.imports.moments import moment
from followthrough.past_reports.listed_items import Item

_LINK = re.compile(r"\[([^\]\[\n]{1,200})\]\((https?://[^\s()]{1,900}(?:\([^\s()]{0,99}\)[^\s()]{0,99})?)\)")
_URL = re.compile(r"<?(https?://[^\s<>)\]]{3,900})>?")
_BOX = re.compile(
    r"\[(?P<mark>[ xX])\]\s+|(?P<sign>✅|☑️?|✔️?|~~(?=.+~~))\s*|(?:done|completed|fixed)\s{0,4}[:–-]\s{0,4}",
    re.IGNORECASE,
)
_SAID_DONE = re.compile(r"[\[(](?:done|completed?|fixed|resolved|merged)[\])]|✅|☑|✔", re.IGNORECASE)
_OWNER = re.compile(
    r"[(\[]?\b(?:owners?|assignees?|assigned to|dri|responsible)\s{0,4}[:=]\s{0,4}@?(?P<name>[^,;()\[\]|\n]{1,80})[)\]]?",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?:^|[\s(])@(?P<name>[\w.-]{1,60})(?P<end>\)?:?)")
_DUE = re.compile(
    r"[(\[]?\b(?:due(?: date)?|by|deadline|eta|target)\s{0,4}[:=]?\s{0,4}(?P<day>\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{1,2} [A-Za-z]{3,9} \d{4}|[A-Za-z]{3,9} \d{1,2},? \d{4})[)\]]?",
    re.IGNORECASE,
)
_MOST_MARKS, _MOST_OF_A_CELL = 4, 200
_DONE = {
    "done",
    "complete",
    "completed",
    "closed",
    "fixed",
    "resolved",
    "merged",
    "finished",
    "yes",
    "✅",
    "verified",
}
_COLUMNS = {
    "text": ("action", "item", "task", "description", "what", "title", "todo", "step", "summary", "follow"),
    "owner": ("owner", "assignee", "assigned", "dri", "who", "responsible", "lead"),
    "due": ("due", "deadline", "date", "eta", "target", "when"),
    "status": ("status", "state", "done", "progress"),
    "link": ("ticket", "issue", "link", "bug", "tracking", "jira", "pr", "reference", "url"),
}  # fmt: skip


@dataclass
class ActionWords:
    """`owner` is a name, address or handle as it is written; `links` are (title, address)."""

    text: str
    owner: str = ""
    due_on: date | None = None
    is_done: bool = False
    links: list[tuple[str, str]] = field(default_factory=list)


def read_action(item: Item) -> ActionWords:
    """The item's facts taken out of its words; what is not understood stays in them."""
    found = ActionWords(item.text, is_done=item.is_under_done)
    if item.cells:
        _read_cells(found, item.cells)
    return _read_words(found)


def read_lines(text: str) -> list[ActionWords]:
    """The action items of a table's cell: one a line, or parted by semicolons."""
    parts = text.split("\n") if "\n" in text else text.split(";")
    said = (re.sub(r"^\s*(?:[-*•]|\d{1,3}[.)])\s+", "", part).strip() for part in parts[:_MOST_OF_A_CELL])
    return [read_action(Item([part], [0])) for part in said if part]


def _read_cells(found: ActionWords, cells: dict[str, str]) -> None:
    words, rest = "", []
    for heading, cell in cells.items():
        part = next(
            (part for part, usual in _COLUMNS.items() if any(heading.startswith(word) for word in usual)), ""
        )
        if part == "text" and not words:
            words = cell
        elif part == "owner" and not found.owner:
            found.owner = _plain(cell)
        elif part == "due" and (day := _day(cell)):
            found.due_on = day
        elif part == "status" and cell:
            found.is_done = _plain(cell).lower() in _DONE or bool(_SAID_DONE.search(cell))
        elif cell.strip(" -–"):
            rest.append(cell if part == "link" else f"{heading}: {cell}")
    found.text = " · ".join([words, *rest] if words else rest)


def _read_words(found: ActionWords) -> ActionWords:
    text = found.text
    for _ in range(_MOST_MARKS):
        if (marked := _BOX.match(text)) is None:
            break
        found.is_done |= marked["mark"] != " " if marked["mark"] else True
        text = text[marked.end() :].replace("~~", "") if marked["sign"] == "~~" else text[marked.end() :]
    found.is_done |= bool(_SAID_DONE.search(text))
    if owner := None if found.owner else _OWNER.search(text) or _HANDLE.search(text):
        found.owner = owner["name"].strip(" .*_")
        text = text[: owner.start()] + text[owner.end() :]
    if not found.due_on and (due := _DUE.search(text)) and (day := _day(due["day"])):
        found.due_on = day
        text = text[: due.start()] + text[due.end() :]
    found.links = [(_plain(title)[:200], url) for title, url in _LINK.findall(text)]
    text = _LINK.sub(lambda link: link[1], text)
    found.links += [("", url.rstrip(".,;:")) for url in _URL.findall(text)]
    text = _URL.sub("", text)
    found.text = _plain(re.sub(r"\(\s*\)|\[\s*\]", "", text)) or (found.links[0][0] if found.links else "")
    return found


def _plain(text: str) -> str:
    """One line without marks of emphasis."""
    lines = (re.sub(r"^\s*(?:[-*+•]|\d{1,3}[.)])\s+", "", said).strip() for said in text.split("\n"))
    joined = " ".join(said for said in lines if said)
    return line(re.sub(r"\*\*|__|`", "", " ".join(joined.split())).strip(" ·–-,;"))


def _day(text: str) -> date | None:
    try:
        found = moment(text, zone="UTC", days_first=False)
    except Unreadable:
        return None
    return found.date() if found else None
