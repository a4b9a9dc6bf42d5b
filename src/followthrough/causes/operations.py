"""Every change to the why tree."""

from __future__ import annotations

import math
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone

from followthrough.activity import operations as activity
from followthrough.causes import queries
from followthrough.causes.models import Cause, Finding
from followthrough.core.errors import DomainError
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem
from followthrough.postmortems.queries.quota import ENTRIES_CITED_BY_A_CAUSE
from followthrough.records import operations as records
from followthrough.timeline.models import Entry

_FINDING_NEEDS_WORDS = "Say what was found; a finding needs words."


@transaction.atomic
def add_cause(
    postmortem: PostMortem,
    *,
    text: str,
    by: User | None,
    id: UUID | None = None,  # noqa: A002
    parent: Cause | None = None,
    position: float | None = None,
) -> Cause:
    """Adds an answer to the why of `parent` (of the problem itself without one), by default the last.

    `text` may be empty: the page adds a node first and then writes in it.
    """
    if parent:
        _belongs(parent.postmortem_id, postmortem.pk)
        records.still_there(parent)
    cause = Cause(
        id=id or uuid4(),
        postmortem=postmortem,
        parent=parent,
        position=queries.next_position(postmortem, parent) if position is None else _finite(position),
        text=records.words(text),
        author=by,
    )
    return records.add(cause, by=by)


@transaction.atomic
def change_cause(
    cause: Cause, *, by: User, base: int | None = None, text: str | None = None, category: str | None = None
) -> Cause:
    """Changes what is given. An empty category takes it away. Conflict if `base` is stale."""
    values: dict[str, Any] = {}
    if text is not None:
        values["text"] = records.words(text)
    if category is not None:
        values["category"] = _known_category(category)
    records.still_there(cause)
    records.revise(cause, values, by=by, base=base if text is not None else None)
    return cause


@transaction.atomic
def move_cause(cause: Cause, *, parent: Cause | None, position: float, by: User) -> Cause:
    """Hangs a cause and what is under it elsewhere. DomainError if that would close a circle."""
    PostMortem.objects.select_for_update().get(pk=cause.postmortem_id)
    records.still_there(cause)
    if parent:
        _belongs(parent.postmortem_id, cause.postmortem_id)
        records.still_there(parent)
        if parent.pk in {one.pk for one in queries.subtree(cause)}:
            raise DomainError("A cause cannot stand below itself. It was left where it was.")
    records.revise(cause, {"parent": parent, "position": _finite(position)}, by=by, verb="moved")
    return cause


@transaction.atomic
def remove_cause(cause: Cause, *, by: User) -> None:
    """Takes away a cause with everything under it; `restore_cause` brings back exactly these."""
    if cause.removed_at is not None:
        return
    now = timezone.now()
    for one in queries.subtree(cause):
        if one.removed_at is None:
            records.revise(one, {"removed_at": now}, by=by, verb="removed")


@transaction.atomic
def restore_cause(cause: Cause, *, by: User) -> None:
    """Brings back a cause with what was removed together with it."""
    if cause.removed_at is None:
        return
    if cause.parent and cause.parent.removed_at is not None:
        raise DomainError("What this explains was removed too. Restore that first; this comes back with it.")
    moment = cause.removed_at
    for one in queries.subtree(cause):
        if one.removed_at == moment:
            records.revise(one, {"removed_at": None}, by=by, verb="restored")


@transaction.atomic
def cite(cause: Cause, entry: Entry, *, by: User) -> None:
    """Names an entry of the timeline as evidence."""
    _belongs(entry.postmortem_id, cause.postmortem_id)
    records.still_there(cause)
    records.still_there(entry)
    if not cause.evidence.filter(pk=entry.pk).exists():
        if cause.evidence.count() >= ENTRIES_CITED_BY_A_CAUSE:
            raise DomainError(
                f"A cause names {ENTRIES_CITED_BY_A_CAUSE} entries as evidence at most. Take one away first."
            )
        cause.evidence.add(entry)
        activity.record(cause, "gave evidence for", by=by, changes={"evidence": [None, str(entry.pk)]})


@transaction.atomic
def uncite(cause: Cause, entry: Entry, *, by: User) -> None:
    if cause.evidence.filter(pk=entry.pk).exists():
        cause.evidence.remove(entry)
        activity.record(cause, "withdrew evidence from", by=by, changes={"evidence": [str(entry.pk), None]})


@transaction.atomic
def add_finding(
    postmortem: PostMortem,
    *,
    kind: str,
    text: str,
    by: User | None,
    id: UUID | None = None,  # noqa: A002
    cause: Cause | None = None,
) -> Finding:
    """Promotes a cause to a finding, in its words unless `text` gives others, or states one by itself."""
    if cause:
        _belongs(cause.postmortem_id, postmortem.pk)
        records.still_there(cause)
        if cause.findings.filter(removed_at=None).exists():
            raise DomainError(
                "This cause is a finding already. Change the finding's kind instead.", field="cause"
            )
    finding = Finding(
        id=id or uuid4(),
        postmortem=postmortem,
        cause=cause,
        kind=_known_kind(kind),
        text=records.words(text or (cause.text if cause else ""), needed=_FINDING_NEEDS_WORDS),
        position=queries.next_finding_position(postmortem),
    )
    return records.add(finding, by=by)


@transaction.atomic
def change_finding(
    finding: Finding, *, by: User, base: int | None = None, kind: str | None = None, text: str | None = None
) -> Finding:
    """Changes what is given. Conflict if `base` is stale."""
    values: dict[str, Any] = {}
    if kind is not None:
        values["kind"] = _known_kind(kind)
    if text is not None:
        values["text"] = records.words(text, needed=_FINDING_NEEDS_WORDS)
    records.still_there(finding)
    records.revise(finding, values, by=by, base=base if text is not None else None)
    return finding


@transaction.atomic
def remove_finding(finding: Finding, *, by: User) -> None:
    records.remove(finding, by=by)


@transaction.atomic
def restore_finding(finding: Finding, *, by: User) -> None:
    records.restore(finding, by=by)


@transaction.atomic
def leave_without_action(finding: Finding, *, reason: str, by: User) -> Finding:
    """Records why no action is worth taking."""
    records.still_there(finding)
    if not finding.needs_action:
        raise DomainError(f"{finding.get_kind_display()} needs no action, so it needs no reason for none.")
    needed = "Say why no action is worth taking, so that the next reader understands."
    reason = records.reason(reason, needed=needed)
    records.revise(finding, {"no_action_reason": reason, "no_action_by": by}, by=by, verb="set aside")
    return finding


@transaction.atomic
def take_up_again(finding: Finding, *, by: User) -> Finding:
    """Withdraws the reason for no action: the finding waits for one again."""
    records.still_there(finding)
    records.revise(finding, {"no_action_reason": "", "no_action_by": None}, by=by, verb="took up")
    return finding


def _belongs(postmortem: int, expected: int) -> None:
    if postmortem != expected:
        raise DomainError("This belongs to another post-mortem. Nothing was changed.")


def _finite(position: float) -> float:
    if not math.isfinite(position):
        raise DomainError(
            "A place among the causes must be a number. It was left where it was.", field="position"
        )
    return position


def _known_category(category: str) -> str:
    if category and category not in Cause.Category.values:
        raise DomainError("There is no such category. Choose one of the eight.", field="category")
    return category


def _known_kind(kind: str) -> str:
    if kind not in Finding.Kind.values:
        raise DomainError("There is no such kind of finding. Choose one from the list.", field="kind")
    return kind
