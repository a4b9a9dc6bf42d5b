"""What readers are mailed when a summary is published: what happened, how much, why, and what is done about it by when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from followthrough.core.headers import header_line
from followthrough.core.times import in_full
from followthrough.people.mail_layout import Mail
from followthrough.people.models import User
from followthrough.people.queries import organisation_name
from followthrough.reports.models import Reader, Summary
from followthrough.reports.queries import address_of
from followthrough.reports.report import Report
from followthrough.writing import markdown
from followthrough.writing.document_tree import Node, Span

MOST_ACTIONS = 5
"""Actions that the message names."""
MOST_TOLD = 12
"""Changes that the message of a new version names; the summary has them all."""


@dataclass(frozen=True)
class Letter:
    subject: str
    body: str


def letter_of(summary: Summary, text: Report, *, by: User) -> Letter:
    """What everybody here is told of the version `text`; of a restricted incident that it is there, and no more."""
    again, incident = text.edition > 1, summary.postmortem.incident
    is_open = incident.visibility == incident.Visibility.OPEN
    told = [_news(text) if again else words(text.section("overview").text), _actions(text), _lacks(text)]
    parts = [
        f"{by} asks: {summary.note}" if summary.note else "",
        *(told if is_open else [_RESTRICTED]),
    ]
    name = f"{text.key}: {text.title}" if is_open else text.key
    subject = f"Summary of {name}" + (f" (version {text.edition})" if again else "")
    return Letter(subject, "\n\n".join(filter(None, parts)))


def mail_outside(reader: Reader) -> Mail:
    """What somebody without an account is mailed of the published version, with the link that is theirs."""
    summary, by, link = reader.summary, reader.summary.published_by, reader.link
    text = Report.model_validate(summary.published)
    letter = outside(
        letter_of(summary, text, by=by) if by else Letter(summary.postmortem.incident.outside_name, ""), by=by
    )
    ends = in_full(link.expires_at, text.zone) if link and link.expires_at else ""
    return Mail(
        name="",
        address=reader.address,
        subject=letter.subject,
        body=letter.body,
        facts=[("Works", f"until {ends}; the link is yours alone")] if ends else [],
        url=address_of(link) if link else "",
        opens="Read the summary, without an account",
        footer=f"Sent by Followthrough because {by or 'somebody'} gave your address. Nothing else is sent to it.",
        reply_to=by,
    )


def outside(letter: Letter, *, by: User | None) -> Letter:
    """`letter` as it goes outside, but for the link."""
    organisation = organisation_name()
    whose = f" of {organisation}" if organisation else ""
    words = f"{by or 'Somebody'}{whose} shares the summary of a post-mortem with you."
    return Letter(header_line(letter.subject), f"{words}\n\n{letter.body}".strip())


_RESTRICTED = "It is for those who are named there, so this mail says no more of it."


def _news(text: Report) -> str:
    news = [change.words for change in text.changes[:MOST_TOLD]]
    return "\n".join(["The summary has a new version. What was added since:", *news])


def _lacks(text: Report) -> str:
    return f"It {text.closed_without}." if text.omissions else ""


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
    line = f"What is done about it: {number},{first or one}{ends}.".replace(",.", ".")
    return "\n".join([line, *(f"{action.key}: {action.text}" for action in kept[:MOST_ACTIONS])])


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
