"""Every change of a summary."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from followthrough.activity.operations import record
from followthrough.core.errors import Conflict, DomainError
from followthrough.meetings.models import Answer
from followthrough.notifications.models import Message
from followthrough.people.models import User
from followthrough.postmortems import operations as postmortems
from followthrough.postmortems.models import PostMortem, Promise
from followthrough.postmortems.operations.omissions import explain_omission
from followthrough.reports.anonymisation import unsure_of
from followthrough.reports.models import Feedback, Summary
from followthrough.reports.operations.changing import hold, refuse_if_published, save
from followthrough.reports.operations.draft_review import submit
from followthrough.reports.operations.links import count_opening, end_links_of, revoke, share
from followthrough.reports.operations.recipients import choose_readers, refuse_unfit, tell_readers
from followthrough.reports.queries.assembly import edition_of
from followthrough.reports.queries.prose import TITLES
from followthrough.reports.queries.reader_mail import letter_of
from followthrough.reports.queries.readers import Recipients, proposed
from followthrough.reports.queries.spoken import find_said
from followthrough.reports.report import Report
from followthrough.writing.operations import rewrite

__all__ = [
    "count_opening",
    "decide_word",
    "edit_prose",
    "end_links_of",
    "give_feedback",
    "keep_prose",
    "leave_out",
    "publish",
    "publish_again",
    "refuse_if_published",
    "revoke",
    "share",
    "show_names",
    "submit",
    "summary_of",
    "take_back",
    "take_in",
]

MOST_ANONYMOUS_A_DAY = 50
"""Answers of readers without an account, for each summary."""


def summary_of(postmortem: PostMortem) -> Summary:
    """The post-mortem's summary; it exists from the first time anybody looks for it."""
    return Summary.objects.get_or_create(postmortem=postmortem)[0]


@transaction.atomic
def edit_prose(summary: Summary, *, section: str, text: str, by: User, base: int | None = None) -> None:
    """Puts `text` (Markdown) for what the record says in `section`; empty goes back to the record."""
    hold(summary)
    refuse_if_published(summary)
    if section not in TITLES:
        raise DomainError("There is no such section in the summary.", field="section")
    if base is not None and base != summary.version:
        raise Conflict(
            "Somebody changed the summary while you wrote. Your text is still here: compare and save again.",
            current={"text": summary.prose.get(section, ""), "version": summary.version},
        )
    before = summary.prose.get(section, "")
    keep_prose(summary, section=section, text=text.strip())
    rewrite(summary.postmortem, name=f"summary:{section}", text=text.strip(), by=by)
    record(summary, "changed", by=by, changes={TITLES[section]: [before, text.strip()]})


def keep_prose(summary: Summary, *, section: str, text: str) -> None:
    """Stores `text` for a section, in the caller's transaction; empty goes back to the record."""
    prose = {**summary.prose, section: text} if text else _without(summary.prose, section)
    save(summary, prose=prose)


@transaction.atomic
def show_names(summary: Summary, *, blameless: bool, by: User) -> None:
    """Chooses between roles and names."""
    hold(summary)
    refuse_if_published(summary)
    changes = save(summary, blameless=blameless)
    if changes:
        record(summary, "changed", by=by, changes=changes)


@transaction.atomic
def decide_word(summary: Summary, *, word: str, is_name: bool, by: User) -> None:
    """Has a role stand for a word that could not be told from a name, or the word again. Twice changes nothing."""
    hold(summary)
    refuse_if_published(summary)
    others = [other for other in summary.said_to_be_names if other != word]
    if is_name and word not in {*others, *unsure_of(summary.postmortem, [word])}:
        raise DomainError("This word is not the name of anybody who took part. Nothing was changed.")
    changes = save(summary, said_to_be_names=[*others, word] if is_name else others)
    if changes:
        record(
            summary, "changed", by=by, changes={f"“{word}”": ["a word", "a name"][:: 1 if is_name else -1]}
        )


@transaction.atomic
def leave_out(summary: Summary, *, key: str, by: User) -> None:
    """Has the summary not show an answer or a parked item; the record keeps it. Twice changes nothing."""
    _show(summary, key=key, shown=False, by=by)


@transaction.atomic
def take_in(summary: Summary, *, key: str, by: User) -> None:
    """Shows again what was left out."""
    _show(summary, key=key, shown=True, by=by)


def _show(summary: Summary, *, key: str, shown: bool, by: User) -> None:
    hold(summary)
    refuse_if_published(summary)
    said = find_said(summary.postmortem, key)
    others = [other for other in summary.left_out if other != key]
    if save(summary, left_out=others if shown else [*others, key]):
        about = said.question.text if isinstance(said, Answer) else said.text
        words = ["left out", "shown"] if shown else ["shown", "left out"]
        record(summary, "changed", by=by, changes={about: words})


@transaction.atomic
def take_back(summary: Summary, *, by: User) -> None:
    """Back to a draft, from review or from publication; readers see nothing until it is published again."""
    hold(summary)
    if summary.state == Summary.State.DRAFT:
        raise DomainError("The summary is a draft already.")
    nothing = {"published": None, "published_at": None, "published_by": None}
    save(summary, state=Summary.State.DRAFT, earlier=summary.published or summary.earlier, **nothing)
    incident = summary.postmortem.incident
    incident.shared_at = None
    incident.save(update_fields=["shared_at"])
    record(summary, "taken back", by=by)


@transaction.atomic
def publish(
    summary: Summary,
    *,
    by: User,
    reasons: Mapping[str, str] = MappingProxyType({}),
    recipients: Recipients | None = None,
    note: str = "",
) -> None:
    """Fixes the text, keeps the 24-hour promise and tells `recipients`, or those whom `proposed` names.

    What is missing needs a reason, given before or in `reasons`; DomainError names what has none. `note` goes with the mail.
    """
    hold(summary)
    postmortem = summary.postmortem
    if summary.state == Summary.State.PUBLISHED:
        raise DomainError("The summary is published already.")
    if postmortem.closed_at is None:
        raise DomainError("The meeting is not closed yet. Close it first; then the summary can be published.")
    for what, reason in reasons.items():
        explain_omission(postmortem, what, reason=reason, by=by)
    text = edition_of(summary)
    _refuse_unexplained(text)
    chosen = recipients or proposed(summary)
    refuse_unfit(summary, chosen)
    now = _fix(summary, text, by=by, note=note)
    postmortem.incident.shared_at = now
    postmortem.incident.save(update_fields=["shared_at"])
    record(summary, "published", by=by)
    postmortems.keep_promise(postmortem, Promise.Kind.SUMMARY, at=now, by=by)
    if postmortem.state == PostMortem.State.TO_SHARE:
        postmortems.set_state(postmortem, PostMortem.State.SHARED, by=by)
    choose_readers(summary, chosen)
    tell_readers(summary, letter_of(summary, text, by=by), by=by)


@transaction.atomic
def publish_again(summary: Summary, *, by: User) -> None:
    """Publishes what the record says by now as a new version that tells what was added since.

    Those who got an earlier one are told. DomainError where nothing has changed.
    """
    hold(summary)
    if summary.state != Summary.State.PUBLISHED:
        raise DomainError(
            "The summary is not published, so there is no version to replace. Publish it first."
        )
    text = edition_of(summary)
    if not text.changes:
        raise DomainError("The record says what the published summary says. Nothing was sent.")
    _refuse_unexplained(text)
    choose_readers(summary, _told_before(summary))
    _fix(summary, text, by=by, note="")
    record(summary, "published again", by=by, label=f"version {text.edition}")
    tell_readers(summary, letter_of(summary, text, by=by), by=by)


def _fix(summary: Summary, text: Report, *, by: User, note: str) -> datetime:
    """Makes `text` what readers see from now on."""
    now = timezone.now()
    fixed = {"published": text.model_dump(mode="json"), "published_at": now, "published_by": by}
    save(summary, state=Summary.State.PUBLISHED, earlier=None, note=note, **fixed)
    return now


def _refuse_unexplained(text: Report) -> None:
    if unsaid := [omission for omission in text.omissions if not omission.reason]:
        names = ", ".join(omission.name.lower() for omission in unsaid)
        raise DomainError(
            f"The summary would go out with {names}, and nobody said why. Nothing was published;"
            " write the reason for each beside the button.",
            field=unsaid[0].what,
        )


@transaction.atomic
def give_feedback(
    summary: Summary, *, useful: bool, comment: str = "", reader: User | None = None
) -> Feedback:
    """Answers "was this useful?"; somebody with an account may change their answer."""
    if reader is None:
        _refuse_flood(summary)
        return Feedback.objects.create(summary=summary, useful=useful, comment=comment[:500])
    values = {"useful": useful, "comment": comment[:500]}
    return Feedback.objects.update_or_create(summary=summary, reader=reader, defaults=values)[0]


def _refuse_flood(summary: Summary) -> None:
    """Links need no account, so one reader could answer for ever."""
    lately = summary.feedback.filter(reader=None, at__gte=timezone.now() - timedelta(days=1))
    if lately.count() >= MOST_ANONYMOUS_A_DAY:
        raise DomainError(
            "This summary had many answers by its link today, so yours was not kept. Come back tomorrow."
        )


def _told_before(summary: Summary) -> Recipients:
    """Those who get it now; of summaries from before readers were kept, whoever was told."""
    now = proposed(summary)
    if summary.readers.exists():
        return now
    told = Message.objects.filter(
        kind="summary_published", key__startswith=f"summary-published:{summary.pk}:"
    )
    theirs = Q(pk__in=told.values("person")) | Q(pk=summary.published_by_id)
    return Recipients(frozenset(User.objects.filter(theirs, is_active=True)))


def _without(prose: dict[str, str], section: str) -> dict[str, str]:
    return {name: text for name, text in prose.items() if name != section}
