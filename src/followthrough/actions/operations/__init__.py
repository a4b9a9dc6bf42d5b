"""Every change to action items."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from followthrough.actions import queries
from followthrough.actions.models import ActionItem, ActionLink
from followthrough.actions.operations.acceptance import choosing_date, handing_over, ownership, saying_yes
from followthrough.activity import operations as activity
from followthrough.causes.models import Finding
from followthrough.core.addresses import web_address
from followthrough.core.errors import Conflict, DomainError
from followthrough.core.parsing import host_of
from followthrough.incidents import queries as incidents
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem
from followthrough.postmortems.queries import quota
from followthrough.records import operations as records

S = ActionItem.State

_CHANGEABLE = frozenset({"text", "kind", "priority", "owner", "due_on", "finding"})
_NEEDS_WORDS = "Say what is to be done: start with a verb and name the thing."
_ATTEMPTS = 5


@transaction.atomic
def add_action(
    postmortem: PostMortem,
    *,
    text: str,
    by: User | None,
    id: UUID | None = None,  # noqa: A002
    kind: str = ActionItem.Kind.PREVENT,
    priority: str = ActionItem.Priority.MEDIUM,
    owner: User | None = None,
    due_on: date | None = None,
    finding: Finding | None = None,
    no_finding_reason: str = "",
    replaces: ActionItem | None = None,
    here: Collection[int] = (),
) -> ActionItem:
    """Proposes an action under the next number; `replaces` is the fix that did not hold. An owner who is not `by`, nor `here`
    in the room, is asked."""
    action = ActionItem(
        id=id or uuid4(),
        postmortem=postmortem,
        author=by,
        replaces=replaces,
        no_finding_reason=records.reason(no_finding_reason, limit=300, field="no_finding_reason"),
        **_checked(
            postmortem, text=text, kind=kind, priority=priority, owner=owner, due_on=due_on, finding=finding
        ),
        **(ownership(owner, by=by, here=here) if owner else {}),
    )
    quota.check(ActionItem, postmortem.pk, [action.text])
    _insert(action)
    activity.record(action, "added", by=by)
    return action


def _insert(action: ActionItem) -> None:
    """Takes the next number; where another process took it at the same moment, the one after."""
    for _ in range(_ATTEMPTS):
        action.number = queries.next_number()
        try:
            with transaction.atomic():
                action.save(force_insert=True)
        except IntegrityError:
            if ActionItem.objects.filter(pk=action.pk).exists():
                break
        else:
            return
    raise Conflict("This action was added already. Nothing was added twice.")


@transaction.atomic
def change_action(
    action: ActionItem, *, by: User | None, base: int | None = None, here: Collection[int] = (), **fields: Any
) -> ActionItem:
    """Changes text, kind, priority, owner, due_on or finding. Other words need to be accepted anew, and so does a promise
    by another owner, who is asked unless they are `here` in the room.

    Conflict if `base` is stale and the text is among the changes.
    """
    values = _checked(action.postmortem, **fields)
    records.still_there(action)
    if action.state not in {S.PROPOSED, S.DECLINED}:
        _keeps_promise(values)
    if values.get("text", action.text) != action.text:
        values["wording_accepted_by"] = None
    if "owner" in values and values["owner"] != action.owner:
        values |= handing_over(action, values["owner"], by=by, here=here)
    elif values.get("due_on", action.due_on) != action.due_on:
        values |= choosing_date(action, values["due_on"], by=by)
    records.revise(action, values, by=by, base=base if "text" in values else None)
    return action


@transaction.atomic
def accept_wording(action: ActionItem, *, by: User) -> ActionItem:
    """Records that somebody finds the text specific enough although the check does not."""
    records.still_there(action)
    records.revise(action, {"wording_accepted_by": by}, by=by, verb="accepted the wording of")
    return action


@transaction.atomic
def commit(action: ActionItem, *, by: User, here: Collection[int] = ()) -> ActionItem:
    """Makes a proposal a promise; it needs an active owner and a date.

    For an owner who is not `by` it is one only while they are `here` in the room; else they are asked.
    """
    _check_promise(action)
    now = timezone.now()
    if action.owner_id == by.pk:
        values: dict[str, Any] = {"accepted_at": action.accepted_at or now, "committed_by": by}
    elif action.owner_id in here:
        values = {"asked_at": action.asked_at or now, "committed_by": by}
    else:
        return _ask(action, by=by)
    return step(action, S.COMMITTED, (S.PROPOSED,), by=by, verb="committed", committed_at=now, **values)


def _ask(action: ActionItem, *, by: User) -> ActionItem:
    """Leaves it a proposal until its owner says yes; nothing changes where they were asked already."""
    if action.is_asked:
        return action
    given = {"given_at": action.given_at or timezone.now(), "given_by": action.given_by or by}
    return step(
        action,
        S.PROPOSED,
        (S.PROPOSED,),
        by=by,
        verb="asked",
        asked_at=timezone.now(),
        accepted_at=None,
        **given,
    )


def _check_promise(action: ActionItem) -> None:
    if action.owner is None:
        raise DomainError(
            f"{action.key} has no owner. Choose who answers for it, then commit.", field="owner"
        )
    if not action.owner.is_active:
        raise DomainError(
            f"{action.owner.name} is no longer here. Choose another owner first.", field="owner"
        )
    if action.due_on is None:
        raise DomainError(f"{action.key} has no date. Say by when, then commit.", field="due_on")


@transaction.atomic
def start(action: ActionItem, *, by: User) -> ActionItem:
    return step(action, S.IN_PROGRESS, (S.COMMITTED,), by=by, verb="started", **saying_yes(action, by))


@transaction.atomic
def complete(action: ActionItem, *, by: User) -> ActionItem:
    return step(
        action,
        S.DONE,
        (S.COMMITTED, S.IN_PROGRESS),
        by=by,
        verb="done",
        done_at=timezone.now(),
        **saying_yes(action, by),
    )


@transaction.atomic
def decline(action: ActionItem, *, reason: str, by: User) -> ActionItem:
    """Decides against an action, for a reason that stays with it."""
    reason = records.reason(reason, needed="Say why it will not be done, so that nobody wonders.")
    possible = (*ActionItem.OPEN, S.DONE) if action.has_failed else ActionItem.OPEN
    return step(action, S.DECLINED, possible, by=by, verb="declined", decline_reason=reason)


@transaction.atomic
def reopen(action: ActionItem, *, by: User | None) -> ActionItem:
    """Takes up again what was done, verified or declined: committed if it still has owner and date."""
    said_yes = action.accepted_at or action.committed_by_id
    promised = action.committed_at and said_yes and action.owner_id and action.due_on
    return step(
        action,
        S.COMMITTED if promised else S.PROPOSED,
        (S.DONE, S.VERIFIED, S.DECLINED),
        by=by,
        verb="reopened",
        done_at=None,
        verified_at=None,
        verified_by=None,
        proof="",
        early_reason="",
        decline_reason="",
    )


def step(
    action: ActionItem, to: str, possible: Sequence[str], *, by: User | None, verb: str, **values: Any
) -> ActionItem:
    """Brings an action to its next state from a `possible` one. Conflict if it moved on meanwhile."""
    records.still_there(action)
    if action.state not in possible:
        expected = " or ".join(S(state).label.lower() for state in possible)
        raise DomainError(
            f"{action.key} is {action.get_state_display().lower()}, and this needs it to be {expected}. "
            "It was left as it is.",
            field="state",
        )
    records.revise(action, {"state": to, **values}, by=by, base=action.version, verb=verb)
    return action


@transaction.atomic
def remove_action(action: ActionItem, *, by: User) -> None:
    records.remove(action, by=by)


@transaction.atomic
def restore_action(action: ActionItem, *, by: User) -> None:
    records.restore(action, by=by)


@transaction.atomic
def add_link(
    action: ActionItem,
    *,
    url: str,
    by: User | None,
    title: str = "",
    id: UUID | None = None,  # noqa: A002
) -> ActionLink:
    """Says where the work is done. Without a title the link is called by its host."""
    records.still_there(action)
    url = web_address(url)
    title = records.words(title, limit=200, field="title") or host_of(url)
    link = ActionLink.objects.create(id=id or uuid4(), action=action, url=url, title=title, added_by=by)
    activity.record(action, "linked", by=by, changes={"links": [None, title]})
    return link


@transaction.atomic
def remove_link(link: ActionLink, *, by: User) -> None:
    activity.record(link.action, "unlinked", by=by, changes={"links": [str(link), None]})
    link.delete()


@transaction.atomic
def share_with(action: ActionItem, person: User, *, by: User) -> None:
    """Makes somebody a collaborator: one who helps, while the owner answers for it."""
    records.still_there(action)
    _can_take_part(action.postmortem, person, field="person")
    if person.pk == action.owner_id:
        raise DomainError(f"{person.name} owns this action already.", field="person")
    if not action.collaborators.filter(pk=person.pk).exists():
        action.collaborators.add(person)
        activity.record(action, "shared", by=by, changes={"collaborators": [None, person.name]})


@transaction.atomic
def stop_sharing_with(action: ActionItem, person: User, *, by: User) -> None:
    if action.collaborators.filter(pk=person.pk).exists():
        action.collaborators.remove(person)
        activity.record(action, "stopped sharing", by=by, changes={"collaborators": [person.name, None]})


def _checked(postmortem: PostMortem, **fields: Any) -> dict[str, Any]:
    """`fields` as they may be stored. DomainError names the one that cannot."""
    if unknown := fields.keys() - _CHANGEABLE:
        raise DomainError(f"An action has no “{min(unknown)}”. Nothing was changed.")
    if "text" in fields:
        fields["text"] = records.words(fields["text"], needed=_NEEDS_WORDS, limit=1000)
    if "kind" in fields and fields["kind"] not in ActionItem.Kind.values:
        raise DomainError("There is no such kind of action. Choose one from the list.", field="kind")
    if "priority" in fields and fields["priority"] not in ActionItem.Priority.values:
        raise DomainError("A priority is high, medium or low.", field="priority")
    if owner := fields.get("owner"):
        _can_take_part(postmortem, owner, field="owner")
    finding = fields.get("finding")
    if finding and finding.postmortem_id != postmortem.pk:
        raise DomainError(
            "This finding belongs to another post-mortem. Nothing was changed.", field="finding"
        )
    return fields


def _can_take_part(postmortem: PostMortem, person: User, *, field: str) -> None:
    if not person.is_active:
        raise DomainError(f"{person.name} is no longer here. Choose somebody who is.", field=field)
    if not person.is_member:
        raise DomainError(f"{person.name} only reads summaries. Choose a member of a team.", field=field)
    if not incidents.visible_to(person).filter(pk=postmortem.pk).exists():
        raise DomainError(
            f"{person.name} may not see {postmortem.key}. Name them on the incident first, or choose another.",
            field=field,
        )


def _keeps_promise(values: dict[str, Any]) -> None:
    """Nobody may leave a committed action without owner or date."""
    if "owner" in values and values["owner"] is None:
        raise DomainError("A committed action keeps an owner. Choose who takes over.", field="owner")
    if "due_on" in values and values["due_on"] is None:
        raise DomainError("A committed action keeps a date. Choose another one.", field="due_on")
