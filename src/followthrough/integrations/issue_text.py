"""What an issue says of its action: its title, and a block of Markdown that is ours in a text that is not."""

from __future__ import annotations

import re
from datetime import date

from followthrough.core.headers import header_line
from followthrough.integrations.tracker_contract import Details
from followthrough.writing.markdown.portable import escape

LONGEST_TITLE = 250
_DATE = re.compile(r"^- \*\*Due:\*\* *(.*)$", re.MULTILINE)
NO_DATE = "no date"


def title_of(text: str) -> str:
    """An action's words as the title of an issue: one line, at most 250 characters."""
    line = header_line(text, limit=len(text) + 1)
    return line if len(line) <= LONGEST_TITLE else f"{line[: LONGEST_TITLE - 2].rstrip()} …"


def marker_of(text: str) -> str:
    """The marker of the block in `text`, "" where there is none."""
    found = re.search(r"<!-- followthrough:([0-9a-f-]{36}) -->", text)
    return found[1] if found else ""


def comment_marker(marker: str) -> str:
    """What a comment of ours carries, unseen, so that it is found again."""
    return f"<!-- followthrough-comment:{marker} -->"


def block_of(details: Details) -> str:
    """The block, between its two marks. What people wrote in it says itself only: it closes no mark and calls nobody."""
    lines = [f"- **{label}:** {said(text, url)}" for label, text, url in details.lines]
    block = [
        _begin(details.marker),
        f"Kept in step with {said(details.key, details.url)}: title, owner, date and state go both ways.",
        "",
        *lines,
        f"- **Due:** {details.due or NO_DATE}",
        _end(details.marker),
    ]
    return "\n".join(block)


def with_block(text: str, details: Details) -> str:
    """`text` with the block put in place of its earlier one, or at its end."""
    block, earlier = block_of(details), _span(text, details.marker)
    if earlier is None:
        return f"{text.rstrip()}\n\n{block}" if text.strip() else block
    return text[: earlier[0]] + block + text[earlier[1] :]


def due_in(text: str, marker: str) -> str | None:
    """The date that stands in the block, None for none. KeyError where the block says nothing that can be understood."""
    span = _span(text, marker)
    found = _DATE.search(text[span[0] : span[1]]) if span else None
    words = found[1].strip() if found else ""
    if words == NO_DATE:
        return None
    try:
        return date.fromisoformat(words).isoformat()
    except ValueError as error:
        raise KeyError(words) from error


def said(text: str, url: str = "") -> str:
    """Words of people in one line of Markdown: they say themselves, close no mark and call nobody."""
    words = escape(text.replace("<!--", "<! --")).replace("@", "@\N{WORD JOINER}")
    return f"[{words}]({url})" if url else words


def _begin(marker: str) -> str:
    return f"<!-- followthrough:{marker} -->"


def _end(marker: str) -> str:
    return f"<!-- /followthrough:{marker} -->"


def _span(text: str, marker: str) -> tuple[int, int] | None:
    begin, end = text.find(_begin(marker)), text.find(_end(marker))
    return (begin, end + len(_end(marker))) if 0 <= begin < end else None
