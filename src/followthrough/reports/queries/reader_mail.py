"""What readers are mailed when a summary is published: what happened, how much, why, and what is done about it by when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string

from followthrough.core.headers import header_line
from followthrough.people.models import User
from followthrough.people.queries import organisation_name
from followthrough.reports.models import Reader, Summary
from followthrough.reports.queries import address_of
from followthrough.reports.report import Report
from followthrough.writing import markdown
from followthrough.writing.document_tree import Node, Span

MOST_TOLD = 12
"""Changes that the message of a new version names; the summary has them all."""


@dataclass(frozen=True)
class Letter:
    subject: str
    body: str


def letter_of(summary: Summary, text: Report, *, by: User) -> Letter:
    """What everybody here is told of the version `text`."""
    again = text.edition > 1
    parts = [
        f"{by} asks: {summary.note}" if summary.note else "",
        _news(text) if again else words(text.section("overview").text),
        _actions(text),
    ]
    subject = f"{text.key}: {text.title}" + (f" (version {text.edition})" if again else "")
    return Letter(subject, "\n\n".join(filter(None, parts)))


def letter_outside(reader: Reader) -> Letter:
    """What somebody without an account is mailed of the published version, with the link that is theirs."""
    summary = reader.summary
    text = Report.model_validate(summary.published)
    by = summary.published_by
    letter = letter_of(summary, text, by=by) if by else Letter(text.title, "")
    return outside(letter, text, by=by, reader=reader)


def outside(letter: Letter, text: Report, *, by: User | None, reader: Reader | None = None) -> Letter:
    """`letter` as it goes outside; without a `reader` as the preview shows it."""
    link = reader.link if reader else None
    facts = {
        "letter": letter,
        "by": by,
        "organisation": organisation_name(),
        "address": address_of(link) if link else "(a link of their own, for 30 days)",
        "until": link.expires_at.astimezone(ZoneInfo(text.zone)) if link and link.expires_at else None,
    }
    return Letter(header_line(letter.subject), render_to_string("reports/reader_mail.txt", facts))


def _news(text: Report) -> str:
    news = [change.words for change in text.changes[:MOST_TOLD]]
    return "\n".join(["The summary has a new version. What was added since:", *news])


def _actions(text: Report) -> str:
    """What is done about it by when, in a line."""
    kept = [action for action in text.actions if action.state != "declined"]
    if not kept:
        return ""
    dates = sorted(action.due_on for action in kept if action.due_on)
    number = f"{len(kept)} action{'s' if len(kept) > 1 else ''}"
    ends = f", the last due on {dates[-1].day} {dates[-1]:%B %Y}" if len(dates) > 1 else ""
    first = f" first due on {dates[0].day} {dates[0]:%B %Y}" if len(dates) > 1 else ""
    one = f" due on {dates[0].day} {dates[0]:%B %Y}" if len(dates) == 1 else ""
    return f"What is done about it: {number},{first or one}{ends}.".replace(",.", ".")


def words(text: str) -> str:
    """Markdown as the words alone, a paragraph or item a line."""
    return "\n".join(filter(None, (_line(block.children) for block in _leaves(markdown.read(text)))))


def _leaves(blocks: Iterable[Node | Span]) -> Iterable[Node]:
    for block in blocks:
        if isinstance(block, Node):
            if any(isinstance(child, Span) for child in block.children):
                yield block
            else:
                yield from _leaves(block.children)


def _line(children: Iterable[Node | Span]) -> str:
    return "".join(child.text if isinstance(child, Span) else _line(child.children) for child in children)
