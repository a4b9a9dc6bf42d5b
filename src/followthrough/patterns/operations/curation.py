"""Curation of patterns by people: what they say stays, whatever is counted later, and can be undone."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from followthrough.activity.operations import record
from followthrough.core.errors import DomainError
from followthrough.incidents import queries as incidents
from followthrough.incidents.models import Incident
from followthrough.patterns.models import Pattern, PatternMembership, Proposal, Remark
from followthrough.patterns.operations.pattern_rows import refresh_pattern, update_alarms
from followthrough.patterns.operations.recurrence import mark_recurrences
from followthrough.patterns.queries import root_of, tree_of
from followthrough.people.models import User
from followthrough.records import operations as records

MAX_NAME_CHARACTERS, MAX_REMARK_CHARACTERS, MAX_REASON_CHARACTERS = 200, 4_000, 300
_NEEDS_REASON = "Say why it is no pattern, so that others need not wonder later."


@transaction.atomic
def name_pattern(pattern: Pattern, *, name: str, by: User) -> Pattern:
    """Gives it a name that stays; without one it is called by what it is about again."""
    before, wanted = pattern.name, _name(name)
    if not wanted and pattern.by_people:
        raise DomainError("A pattern that people made needs a name. It kept the one it had.", field="name")
    if pattern.is_named and wanted == before:
        return pattern
    pattern.is_named, pattern.name = bool(wanted), wanted or before
    _write([pattern])
    record(pattern, "renamed", by=by, changes={"name": [before, pattern.name]})
    return pattern


@transaction.atomic
def make_pattern(*, name: str, keys: Collection[int], by: User, proposal: Proposal | None = None) -> Pattern:
    """A pattern of incidents that a person says belong together."""
    wanted = _name(name, needed="Give the pattern a name that says what keeps coming back.")
    allowed = _open_to(by, keys)
    if len(allowed) < 2:
        raise DomainError("A pattern needs two incidents or more that everyone may see.")
    pattern = Pattern.objects.create(name=wanted, by_people=True, is_named=True, **_empty())
    _say(pattern, allowed, belongs=True)
    if proposal:
        Proposal.objects.filter(pk=proposal.pk).update(settled_at=timezone.now())
    _write([pattern], allowed)
    record(pattern, "added", by=by)
    return pattern


@transaction.atomic
def refuse_proposal(proposal: Proposal, *, by: User) -> None:
    """These incidents only sound alike; they are not proposed again."""
    Proposal.objects.filter(pk=proposal.pk).update(settled_at=timezone.now())
    record(proposal, "refused", by=by)


@transaction.atomic
def take_up_proposal(proposal: Proposal, *, by: User) -> None:
    """Proposes it again after all."""
    Proposal.objects.filter(pk=proposal.pk).update(settled_at=None)
    record(proposal, "restored", by=by)


@transaction.atomic
def merge_patterns(pattern: Pattern, *, into: Pattern, by: User) -> Pattern:
    """Lets both be one from now on, under the name of `into`."""
    target = root_of(into)
    if target.pk in {one.pk for one in tree_of(pattern)}:
        raise DomainError("A pattern cannot be merged into itself. Choose another one.", field="into")
    pattern.merged_into = target
    pattern.save(update_fields=["merged_into"])
    _write([target])
    record(pattern, "merged", by=by, changes={"merged_into": [None, target.name]})
    record(target, "joined", by=by, changes={"merged": [None, pattern.name]})
    return target


@transaction.atomic
def unmerge_patterns(pattern: Pattern, *, by: User) -> Pattern:
    """Takes a merge back: both are by themselves again."""
    target = pattern.merged_into
    if target is None:
        raise DomainError("This pattern is by itself already; nothing was changed.")
    pattern.merged_into = None
    pattern.save(update_fields=["merged_into"])
    _write([root_of(target), pattern])
    record(pattern, "parted", by=by, changes={"merged_into": [target.name, None]})
    return pattern


@transaction.atomic
def split_pattern(pattern: Pattern, *, name: str, keys: Collection[int], by: User) -> Pattern:
    """Makes a pattern of its own of some of its incidents."""
    split = make_pattern(name=name, keys=keys, by=by)
    _say(pattern, _open_to(by, keys), belongs=False)
    _write([pattern])
    record(pattern, "split", by=by, changes={"split": [None, split.name]})
    return split


@transaction.atomic
def set_membership(pattern: Pattern, incident: Incident, *, belongs: bool | None, by: User) -> None:
    """Says that an incident belongs to a pattern, that it does not, or (None) takes back what was said."""
    if not _open_to(by, [incident.pk]):
        raise DomainError("A restricted incident takes no part in patterns, so nothing was changed.")
    if belongs is None:
        PatternMembership.objects.filter(pattern=pattern, incident=incident).delete()
    else:
        _say(pattern, [incident.pk], belongs=belongs)
    _write([root_of(pattern)], [incident.pk])
    verb = {True: "put in", False: "taken out", None: "left open"}[belongs]
    record(pattern, verb, by=by, changes={"incident": [None, incident.key]})


@transaction.atomic
def dismiss_pattern(pattern: Pattern, *, reason: str, by: User) -> None:
    """Takes it off the list for a reason that the record keeps, and those of the very same incidents with it."""
    said = records.reason(" ".join(reason.split()), needed=_NEEDS_REASON, limit=MAX_REASON_CHARACTERS)
    for one in _same_incidents(pattern):
        one.dismissed_at, one.dismissal_reason = timezone.now(), said
        one.save(update_fields=["dismissed_at", "dismissal_reason"])
        record(one, "dismissed", by=by, changes={"reason": ["", said]})
    update_alarms()


@transaction.atomic
def reopen_pattern(pattern: Pattern, *, by: User) -> None:
    """Puts a dismissed one back on the list."""
    for one in _same_incidents(pattern):
        one.dismissed_at, one.dismissal_reason = None, ""
        one.save(update_fields=["dismissed_at", "dismissal_reason"])
        record(one, "reopened", by=by)
    update_alarms()


@transaction.atomic
def add_remark(pattern: Pattern, *, text: str, by: User) -> Remark:
    """Adds to the discussion."""
    said = records.words(
        text, needed="Write what you want to say first.", limit=MAX_REMARK_CHARACTERS, field="text"
    )
    remark = Remark.objects.create(pattern=pattern, text=said, author=by)
    record(remark, "added", by=by)
    return remark


@transaction.atomic
def remove_remark(pattern: Pattern, key: UUID, *, by: User) -> None:
    """Its author takes a remark back."""
    _move(pattern, key, by=by, removed_at=timezone.now(), verb="removed")


@transaction.atomic
def restore_remark(pattern: Pattern, key: UUID, *, by: User) -> None:
    """And puts it back."""
    _move(pattern, key, by=by, removed_at=None, verb="restored")


def _move(pattern: Pattern, key: UUID, *, by: User, removed_at: datetime | None, verb: str) -> None:
    remark = Remark.objects.filter(pattern=pattern, author=by, pk=key).first()
    if remark is None:
        raise DomainError("Only who wrote a remark takes it back. It is still there.")
    remark.removed_at = removed_at
    remark.save(update_fields=["removed_at"])
    record(remark, verb, by=by)


def _name(text: str, *, needed: str = "") -> str:
    return records.words(" ".join(text.split()), needed=needed, limit=MAX_NAME_CHARACTERS, field="name")


def _same_incidents(pattern: Pattern) -> Iterable[Pattern]:
    same = Pattern.objects.filter(signature=pattern.signature, merged_into=None)
    return same.filter(dismissed_at__isnull=pattern.dismissed_at is None).order_by("pk")


def _open_to(person: User, keys: Collection[int]) -> list[int]:
    rows = incidents.visible_to(person).filter(pk__in=keys, visibility=Incident.Visibility.OPEN)
    return list(rows.values_list("pk", flat=True))


def _say(pattern: Pattern, keys: Iterable[int], *, belongs: bool) -> None:
    for key in keys:
        PatternMembership.objects.update_or_create(
            pattern=pattern, incident_id=key, defaults={"belongs": belongs}
        )


def _write(patterns: Iterable[Pattern], keys: Collection[int] = ()) -> None:
    """Writes patterns anew at once, as whoever changed them looks at them next."""
    if keys:
        mark_recurrences(keys)
    for pattern in patterns:
        refresh_pattern(pattern, now=timezone.now())
    update_alarms()


def _empty() -> dict[str, Any]:
    counts = ("urgency", "incidents", "actions", "unfinished", "usual_gap_days")
    return dict.fromkeys(counts, 0) | {
        "state": Pattern.State.NO_ACTION, "signature": "", "services": [], "categories": [], "chart_data": {},
    }  # fmt: skip
