"""Which action is which issue: committed ones are sent by rule, addresses are pasted, links are let go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import cast
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from followthrough.actions import operations as actions
from followthrough.actions.models import ActionItem, ActionLink
from followthrough.activity import operations as activity
from followthrough.activity.models import Activity
from followthrough.core.errors import DomainError
from followthrough.integrations import tracker_registry
from followthrough.integrations.models import IssueLink, OutboxChange, TargetRule, TrackerConnection
from followthrough.integrations.queries import connections
from followthrough.integrations.queries.linking import is_restricted
from followthrough.integrations.tracker_contract import IssueRef
from followthrough.people.models import User

S = ActionItem.State
PROMISED = frozenset({S.COMMITTED, S.IN_PROGRESS})
_SILENT = frozenset({"heard", "linked", "unlinked", "shared", "stopped sharing", "snoozed"})
"""Changes that an issue says nothing of."""
_ALIKE = (IssueLink.State.PENDING, IssueLink.State.LINKED)
_from_tracker: ContextVar[UUID | None] = ContextVar("from_tracker", default=None)


@contextmanager
def coming_from(link: IssueLink) -> Iterator[None]:
    """Changes inside come from the issue of `link` and are no news for it."""
    token = _from_tracker.set(link.pk)
    try:
        yield
    finally:
        _from_tracker.reset(token)


def follow_actions(rows: Sequence[tuple[Activity, models.Model]]) -> None:
    """Puts changes of actions into the outbox, in their transaction; what was committed to gets its issue."""
    changed = {
        action.pk: (row, cast("ActionItem", action)) for row, action in rows if row.verb not in _SILENT
    }
    if not changed:
        return
    links = list(IssueLink.objects.filter(action__in=list(changed), state__in=_ALIKE))
    here = _from_tracker.get()
    OutboxChange.objects.bulk_create(
        OutboxChange(
            link=link, what=changed[link.action_id][0].verb, comment=_comment(*changed[link.action_id], link)
        )
        for link in links
        if link.pk != here
    )
    linked = {link.action_id for link in links}
    fresh = [pair for pk, pair in changed.items() if pk not in linked and _is_promised(pair[1])]
    if fresh and connections.active().exists():
        for row, action in fresh:
            _send_by_rule(action, row.verb)


def _comment(row: Activity, action: ActionItem, link: IssueLink) -> str:
    """What is said there besides: why it was declined, unless that would give away something restricted."""
    if row.verb != "declined" or (is_restricted(action) and not link.is_private):
        return ""
    return f"{action.key} was declined: {action.decline_reason}"


def _is_promised(action: ActionItem) -> bool:
    return action.removed_at is None and action.state in PROMISED


def _send_by_rule(action: ActionItem, what: str) -> None:
    """To the first connection, in the order of their rules, that takes it; one that was let go of is left alone."""
    if IssueLink.objects.filter(action=action).exists():
        return
    rules = TargetRule.objects.filter(connection__removed_at=None).select_related("connection")
    ordered = rules.order_by("connection__created_at", "position", "pk")
    rule = connections.rule_for(action.postmortem.incident, action.kind, ordered)
    if rule:
        link = IssueLink.objects.create(
            connection=rule.connection,
            action=action,
            target=rule.target,
            extra=rule.extra,
            is_private=rule.is_private,
        )
        OutboxChange.objects.create(link=link, what=what)


@transaction.atomic
def link_address(action: ActionItem, *, address: str, by: User) -> IssueLink:
    """Links an issue that is there already. DomainError where no connection knows the address, or it is taken."""
    if action.state == S.PROPOSED:
        raise DomainError(
            f"{action.key} is only proposed, and proposals stay here. Commit to it, then link its issue.",
            field="address",
        )
    connection, ref = _located(address)
    taken = IssueLink.objects.filter(connection=connection, target=ref.target, issue=ref.id)
    if other := taken.exclude(state=IssueLink.State.UNLINKED).select_related("action").first():
        raise DomainError(_taken(other, action), field="address")
    rule = connection.rules.filter(target=ref.target).first()
    values = {
        "state": IssueLink.State.LINKED,
        "target": ref.target,
        "issue": ref.id,
        "url": address.strip()[:1000],
        "is_private": bool(rule and rule.is_private),
        **_BLANK,
        "look_at": timezone.now(),
    }
    link = _relink(action, connection, values)
    OutboxChange.objects.create(link=link, what="linked")
    activity.record(action, "heard", by=by, changes={"tracker": [None, f"linked {address.strip()[:200]}"]})
    return link


_BLANK = {
    "our_base": {},
    "their_base": {},
    "details_digest": "",
    "words": "",
    "attempts": 0,
    "retry_at": None,
}


def _taken(other: IssueLink, action: ActionItem) -> str:
    whose = f"{action.key}" if other.action_id == action.pk else "another action"
    return f"This issue is that of {whose} already. One issue belongs to one action; nothing was changed."


def _relink(action: ActionItem, connection: TrackerConnection, values: dict[str, object]) -> IssueLink:
    link = IssueLink.objects.filter(action=action, connection=connection).first()
    if link and link.state not in {IssueLink.State.UNLINKED, IssueLink.State.GONE}:
        raise DomainError(
            f"{action.key} has {link} in {connection.name} already. Unlink that first; both are kept.",
            field="address",
        )
    try:
        with transaction.atomic():
            link = IssueLink.objects.update_or_create(
                action=action, connection=connection, defaults={**values, "key": ""}
            )[0]
    except IntegrityError as error:
        raise DomainError("Somebody linked this issue at the same moment.", field="address") from error
    return link


def _located(address: str) -> tuple[TrackerConnection, IssueRef]:
    found = list(connections.active())
    for connection in found:
        tracker = tracker_registry.tracker_of(connection.service)
        if ref := tracker.locate(connections.account_of(connection), address):
            return connection, ref
    names = ", ".join(str(connection) for connection in found) or "none yet"
    raise DomainError(
        f"This is no address of an issue in a tracker that is connected ({names}). Copy it whole from there.",
        field="address",
    )


@transaction.atomic
def unlink(link: IssueLink, *, by: User) -> None:
    """From now on both go their own ways; the action keeps its state, the issue stays where it is."""
    name = str(link)
    ActionLink.objects.filter(pk=link.pk).update(title=f"{name} (no longer followed)"[:200])
    OutboxChange.objects.filter(link=link, sent_at=None).delete()
    link.state, link.look_at = IssueLink.State.UNLINKED, None
    link.save(update_fields=["state", "look_at"])
    activity.record(link.action, "heard", by=by, changes={"tracker": [name, None]})


def show_key(link: IssueLink) -> None:
    """The issue stands among the links of its action, wherever those are shown: in the room, on its page, on the board."""
    shown = ActionLink.objects.filter(pk=link.pk).first()
    if shown is None:
        actions.add_link(link.action, url=link.url, title=link.key, by=None, id=link.pk)
    elif (shown.title, shown.url) != (link.key, link.url):
        ActionLink.objects.filter(pk=link.pk).update(title=link.key, url=link.url)
        activity.record(link.action, "linked", by=None, changes={"links": [shown.title, link.key]})
