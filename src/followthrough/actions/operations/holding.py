"""Whether a fix held: verified with proof once enough days have passed, or seen to fail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from followthrough.actions.models import ActionItem, JudgementDelay
from followthrough.actions.operations import step
from followthrough.actions.queries.holding import days_until_judged, judged_from
from followthrough.activity import operations as activity
from followthrough.core.errors import Conflict, DomainError
from followthrough.core.field_changes import Changes, to_json_value
from followthrough.people.models import User
from followthrough.records import operations as records

S = ActionItem.State
REMEMBERED = (
    *("state", "owner", "due_on", "committed_at", "done_at", "verified_at", "verified_by"),
    *("proof", "early_reason", "failed_at", "decline_reason"),
    *("given_at", "given_by", "asked_at", "accepted_at", "committed_by"),
    *("handed_back_at", "handed_back_reason", "proposed_due_on", "proposed_at"),
)
"""What a check-in's answer may change, and its undo brings back."""
_PEOPLE = ("owner", "verified_by", "given_by", "committed_by")
_NEEDS_PROOF = (
    "Say in a word, or with a link, what shows that it held: a drill, a graph, weeks without the alert."
)
_NEEDS_FAILURE = "Say in a word, or with a link, what came back."


@transaction.atomic
def verify(action: ActionItem, *, proof: str, by: User, early_reason: str = "") -> ActionItem:
    """Records that the fix held, what shows it, and who says so; the owner may, and the record shows it.

    Before enough days have passed since it was done it takes an `early_reason`, which the record keeps.
    """
    proof = records.proof(proof, needed=_NEEDS_PROOF)
    is_early = action.state == S.DONE and timezone.now() < judged_from(action)
    needed = _too_early(action) if is_early else ""
    early = records.reason(early_reason, needed=needed, limit=300, field="early_reason") if is_early else ""
    said = {"proof": proof, "early_reason": early}
    now = timezone.now()
    return step(
        action, S.VERIFIED, (S.DONE,), by=by, verb="verified", verified_at=now, verified_by=by, **said
    )


def _too_early(action: ActionItem) -> str:
    day = timezone.localtime(judged_from(action))
    return (
        f"Whether {action.key} held can be said from {day:%A} {day.day} {day:%B} on, "
        f"{days_until_judged(action)} days after it was done. It stays done. "
        "If you know already, say how; the record keeps it as an exception."
    )


@transaction.atomic
def note_failure(action: ActionItem, *, proof: str, by: User) -> ActionItem:
    """Records that what was done did not hold, and what showed it.

    It stays done, so that figures go on counting it: as a fix that failed.
    """
    if action.state not in ActionItem.FINISHED:
        raise DomainError(f"{action.key} is not done yet, so it could not hold. Give it a new date instead.")
    proof = records.proof(proof, needed=_NEEDS_FAILURE)
    no_longer = {"verified_at": None, "verified_by": None, "early_reason": ""}
    values = {"state": S.DONE, "failed_at": timezone.now(), "proof": proof, **no_longer}
    records.revise(action, values, by=by, base=action.version, verb="did not hold")
    return action


def remember(action: ActionItem) -> dict[str, Any]:
    """What `take_back` needs to bring the action back to how it is now."""
    return {name: to_json_value(getattr(action, name)) for name in REMEMBERED}


@transaction.atomic
def take_back(action: ActionItem, *, before: Mapping[str, Any], version: int, by: User) -> ActionItem:
    """Brings back what was remembered `before`. Conflict if the action has changed since `version`."""
    if action.version != version:
        raise Conflict(
            f"{action.key} was changed meanwhile, so this can no longer be taken back. Change it on its own page."
        )
    people = User.objects.in_bulk([before[name] for name in _PEOPLE if before.get(name)])
    values = {name: _restored(name, value, people) for name, value in before.items() if name in REMEMBERED}
    records.revise(action, values, by=by, base=version, verb="took back")
    return action


def _restored(name: str, value: Any, people: Mapping[int, User]) -> Any:
    if name in _PEOPLE:
        return people.get(value)
    return ActionItem._meta.get_field(name).to_python(value)  # type: ignore[union-attr]


@transaction.atomic
def set_judgement_delays(days: Mapping[str, int], *, by: User) -> None:
    """Sets after how many days actions of each kind can be judged. DomainError outside 0 to 90 days."""
    known = dict(JudgementDelay.objects.values_list("kind", "days"))
    changes: Changes = {}
    for kind in ActionItem.Kind:
        wanted = days[kind]
        if not 0 <= wanted <= JudgementDelay.MOST_DAYS:
            raise DomainError(f"Give 0 to {JudgementDelay.MOST_DAYS} days.", field=kind)
        row = JudgementDelay.objects.update_or_create(kind=kind, defaults={"days": wanted})[0]
        if (before := known.get(kind, JudgementDelay.USUAL_DAYS)) != wanted:
            changes[kind] = [before, wanted]
    if changes:
        activity.record(row, "changed", by=by, changes=changes)
