"""Every change of a summary."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from followthrough.activity.operations import allocate_numbers, record
from followthrough.core.errors import Conflict, DomainError
from followthrough.core.field_changes import set_fields
from followthrough.incidents.models import Incident
from followthrough.meetings.models import Answer
from followthrough.notifications.models import Message
from followthrough.notifications.operations import notify
from followthrough.people.models import User
from followthrough.postmortems import operations as postmortems
from followthrough.postmortems.models import PostMortem, Promise
from followthrough.postmortems.operations.omissions import explain_omission
from followthrough.reports.models import Feedback, ShareLink, Summary
from followthrough.reports.queries.assembly import edition_of
from followthrough.reports.queries.prose import TITLES
from followthrough.reports.queries.spoken import find_said
from followthrough.reports.report import Report
from followthrough.writing.operations import rewrite

MOST_ANONYMOUS_A_DAY = 50
"""Answers of readers without an account, for each summary."""
LINK_DAYS = 30
"""How long a link works unless its maker chose otherwise."""
MOST_TOLD = 12
"""Changes that the message of a new version names; the summary has them all."""


def summary_of(postmortem: PostMortem) -> Summary:
    """The post-mortem's summary; it exists from the first time anybody looks for it."""
    return Summary.objects.get_or_create(postmortem=postmortem)[0]


@transaction.atomic
def edit_prose(summary: Summary, *, section: str, text: str, by: User, base: int | None = None) -> None:
    """Puts `text` (Markdown) for what the record says in `section`; empty goes back to the record."""
    _hold(summary)
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
    _save(summary, prose=prose)


@transaction.atomic
def show_names(summary: Summary, *, blameless: bool, by: User) -> None:
    """Chooses between roles and names."""
    _hold(summary)
    refuse_if_published(summary)
    changes = _save(summary, blameless=blameless)
    if changes:
        record(summary, "changed", by=by, changes=changes)


@transaction.atomic
def leave_out(summary: Summary, *, key: str, by: User) -> None:
    """Has the summary not show an answer or a parked item; the record keeps it. Twice changes nothing."""
    _show(summary, key=key, shown=False, by=by)


@transaction.atomic
def take_in(summary: Summary, *, key: str, by: User) -> None:
    """Shows again what was left out."""
    _show(summary, key=key, shown=True, by=by)


def _show(summary: Summary, *, key: str, shown: bool, by: User) -> None:
    _hold(summary)
    refuse_if_published(summary)
    said = find_said(summary.postmortem, key)
    others = [other for other in summary.left_out if other != key]
    if _save(summary, left_out=others if shown else [*others, key]):
        about = said.question.text if isinstance(said, Answer) else said.text
        words = ["left out", "shown"] if shown else ["shown", "left out"]
        record(summary, "changed", by=by, changes={about: words})


@transaction.atomic
def submit(summary: Summary, *, by: User) -> None:
    """Asks the participants to review the draft."""
    _hold(summary)
    if summary.state != Summary.State.DRAFT:
        raise DomainError("Only a draft can go into review. Nothing was changed.")
    _save(summary, state=Summary.State.IN_REVIEW)
    record(summary, "sent to review", by=by)
    incident = summary.postmortem.incident
    for participant in summary.postmortem.participants.select_related("person").exclude(person=by):
        notify(
            participant.person,
            kind="summary_review",
            key=f"summary-review:{summary.pk}:{summary.version}",
            subject=f"Please read the summary of {incident.key} before it is shared",
            body=f"{by} asks you to check the summary of “{incident.title}”.",
            path=f"/incidents/{incident.key}/summary/",
            references=[incident.reference],
        )


@transaction.atomic
def take_back(summary: Summary, *, by: User) -> None:
    """Back to a draft, from review or from publication; readers see nothing until it is published again."""
    _hold(summary)
    if summary.state == Summary.State.DRAFT:
        raise DomainError("The summary is a draft already.")
    nothing = {"published": None, "published_at": None, "published_by": None}
    _save(summary, state=Summary.State.DRAFT, earlier=summary.published or summary.earlier, **nothing)
    incident = summary.postmortem.incident
    incident.shared_at = None
    incident.save(update_fields=["shared_at"])
    record(summary, "taken back", by=by)


@transaction.atomic
def publish(summary: Summary, *, by: User, reasons: Mapping[str, str] = MappingProxyType({})) -> None:
    """Fixes the text, keeps the 24-hour promise and tells participants and stakeholders.

    What is missing needs a reason, given before or in `reasons`; DomainError names what has none.
    """
    _hold(summary)
    postmortem = summary.postmortem
    if summary.state == Summary.State.PUBLISHED:
        raise DomainError("The summary is published already.")
    if postmortem.closed_at is None:
        raise DomainError("The meeting is not closed yet. Close it first; then the summary can be published.")
    for what, reason in reasons.items():
        explain_omission(postmortem, what, reason=reason, by=by)
    text = edition_of(summary)
    _refuse_unexplained(text)
    now = _fix(summary, text, by=by)
    postmortem.incident.shared_at = now
    postmortem.incident.save(update_fields=["shared_at"])
    record(summary, "published", by=by)
    postmortems.keep_promise(postmortem, Promise.Kind.SUMMARY, at=now, by=by)
    if postmortem.state == PostMortem.State.TO_SHARE:
        postmortems.set_state(postmortem, PostMortem.State.SHARED, by=by)
    _announce(summary, text, _readers(summary), by=by)


@transaction.atomic
def publish_again(summary: Summary, *, by: User) -> None:
    """Publishes what the record says by now as a new version that tells what was added since.

    Those who got an earlier one are told. DomainError where nothing has changed.
    """
    _hold(summary)
    if summary.state != Summary.State.PUBLISHED:
        raise DomainError(
            "The summary is not published, so there is no version to replace. Publish it first."
        )
    text = edition_of(summary)
    if not text.changes:
        raise DomainError("The record says what the published summary says. Nothing was sent.")
    _refuse_unexplained(text)
    readers = _told_before(summary)
    _fix(summary, text, by=by)
    record(summary, "published again", by=by, label=f"version {text.edition}")
    _announce(summary, text, readers, by=by)


def _fix(summary: Summary, text: Report, *, by: User) -> datetime:
    """Makes `text` what readers see from now on."""
    now = timezone.now()
    fixed = {"published": text.model_dump(mode="json"), "published_at": now, "published_by": by}
    _save(summary, state=Summary.State.PUBLISHED, earlier=None, **fixed)
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
def share(summary: Summary, *, by: User, days: int | None = LINK_DAYS) -> ShareLink:
    """A link for people without an account; it ends after `days` (None: never) or when it is revoked."""
    if summary.state != Summary.State.PUBLISHED:
        raise DomainError("Publish the summary first; then it can be shared by link.")
    if summary.postmortem.incident.visibility == Incident.Visibility.RESTRICTED:
        raise DomainError(
            "The incident is restricted, so its summary is not shared by link and no link was made."
            " Open the incident to everyone first."
        )
    expires = timezone.now() + timedelta(days=days) if days else None
    link = ShareLink.objects.create(summary=summary, created_by=by, expires_at=expires)
    record(link, "added", by=by)
    return link


@transaction.atomic
def revoke(link: ShareLink, *, by: User | None) -> None:
    """The link stops working at once."""
    if link.revoked_at is None:
        link.revoked_at = timezone.now()
        link.save(update_fields=["revoked_at"])
        record(link, "revoked", by=by)


@transaction.atomic
def end_links_of(maker: User, *, by: User | None) -> None:
    """Revokes every link of somebody who may no longer share."""
    for link in ShareLink.objects.filter(created_by=maker, revoked_at=None):
        revoke(link, by=by)


def count_opening(link: ShareLink) -> None:
    """One more reader by this link."""
    ShareLink.objects.filter(pk=link.pk).update(opened=F("opened") + 1)


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


def _readers(summary: Summary) -> set[User]:
    """Participants, and all stakeholders where the incident is open to them."""
    incident = summary.postmortem.incident
    readers = {p.person for p in summary.postmortem.participants.select_related("person")}
    if incident.visibility == incident.Visibility.OPEN:
        readers |= set(User.objects.filter(role=User.Role.STAKEHOLDER, is_active=True))
    return readers


def _told_before(summary: Summary) -> set[User]:
    """Those who were told of an earlier version, and whoever published it."""
    told = Message.objects.filter(
        kind="summary_published", key__startswith=f"summary-published:{summary.pk}:"
    )
    theirs = Q(pk__in=told.values("person")) | Q(pk=summary.published_by_id)
    return set(User.objects.filter(theirs, is_active=True))


_FIRST = (
    "The summary of the post-mortem is ready to read: what happened, why, and what is done about it by when."
)


def _announce(summary: Summary, text: Report, readers: set[User], *, by: User) -> None:
    incident, again = summary.postmortem.incident, text.edition > 1
    news = [change.words for change in text.changes[:MOST_TOLD]]
    body = "\n".join(["The summary has a new version. What was added since:", *news]) if again else _FIRST
    for reader in readers - {by}:
        notify(
            reader,
            kind="summary_published",
            key=f"summary-published:{summary.pk}:{summary.version}",
            subject=f"{incident.key}: {text.title}" + (f" (version {text.edition})" if again else ""),
            body=body,
            path=f"/incidents/{incident.key}/summary/",
            references=[incident.reference],
        )


def refuse_if_published(summary: Summary) -> None:
    if summary.state == Summary.State.PUBLISHED:
        raise DomainError(
            "The summary is published and its text is fixed. Take it back to a draft to change it."
        )


def _hold(summary: Summary) -> None:
    """The summary as it stands, which nobody else changes until this transaction ends."""
    allocate_numbers(summary.topic, 0)
    summary.refresh_from_db()


def _save(summary: Summary, **values: object) -> dict[str, list[object]]:
    changes = set_fields(summary, values)
    if changes:
        summary.version += 1
        summary.save()
    return changes


def _without(prose: dict[str, str], section: str) -> dict[str, str]:
    return {name: text for name, text in prose.items() if name != section}
