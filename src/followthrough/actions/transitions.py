"""The state machine of an action: the transitions it may make, as people are offered them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from followthrough.actions import operations
from followthrough.actions.models import ActionItem
from followthrough.actions.operations import holding
from followthrough.core.errors import DomainError
from followthrough.people.models import User

S = ActionItem.State


@dataclass(frozen=True)
class Step:
    """Leads from one state `to` another; `words` stand on its button."""

    to: S
    words: str
    carry_out: Callable[..., ActionItem]
    asks: tuple[str, ...] = ()
    """What has to be said with it, by name."""

    @property
    def needs_words(self) -> bool:
        return bool(self.asks)


_COMMIT = Step(S.COMMITTED, "Commit to it", operations.commit)
_ASK = Step(S.COMMITTED, "Ask its owner", operations.commit)
_START = Step(S.IN_PROGRESS, "Start", operations.start)
_COMPLETE = Step(S.DONE, "Mark as done", operations.complete)
_VERIFY = Step(S.VERIFIED, "It held: verify", holding.verify, asks=("proof", "early_reason"))
_DECLINE = Step(S.DECLINED, "Decline", operations.decline, asks=("reason",))
_FAIL = Step(S.DONE, "It did not hold", holding.note_failure, asks=("proof",))
_REOPEN = Step(S.COMMITTED, "Reopen", operations.reopen)

_FROM = {
    S.PROPOSED: (_COMMIT, _DECLINE),
    S.COMMITTED: (_START, _COMPLETE, _DECLINE),
    S.IN_PROGRESS: (_COMPLETE, _DECLINE),
    S.DONE: (_VERIFY, _FAIL, _REOPEN),
    S.VERIFIED: (_FAIL, _REOPEN),
    S.DECLINED: (_REOPEN,),
}


def possible(action: ActionItem, by: User | None = None) -> tuple[Step, ...]:
    """The steps that lead on from where the action is, the usual one first; with `by` those that lead somewhere for them.

    Nobody makes a promise of somebody else's by themselves: they ask, once is enough, and who was asked answers that.
    """
    steps = (_REOPEN, _DECLINE) if action.has_failed else _FROM[S(action.state)]
    if by is None or action.state != S.PROPOSED or not action.owner_id:
        return steps
    if action.is_asked:
        return steps[1:]
    return steps if action.owner_id == by.pk else (_ASK, *steps[1:])


def take(action: ActionItem, *, to: str, by: User, **said: str) -> ActionItem:
    """Moves the action to state `to`, with what that step asks for. DomainError where no single step leads there."""
    step = next((step for step in possible(action) if step.to == to), None)
    if step is None:
        raise DomainError(_refusal(action, to))
    return step.carry_out(action, by=by, **{name: said.get(name, "") for name in step.asks})


def _refusal(action: ActionItem, to: str) -> str:
    ways = " or ".join(step.to.label.lower() for step in possible(action) if step != _DECLINE)
    goal = S(to).label.lower() if to in S.values else "somewhere unknown"
    now = action.get_state_display().lower()
    if to == action.state:
        return f"{action.key} is {now} already. Nothing was changed."
    return f"{action.key} is {now} and cannot become {goal} in one step. From here it becomes {ways}."
