"""How actions, entries and causes are worded; a text that did not change is not checked again."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from followthrough.actions.models import ActionItem
from followthrough.meetings.room.facts import Facts
from followthrough.wording.blame import find_blame
from followthrough.wording.hints import Hint
from followthrough.wording.specificity import ActionCheck, check_action


@lru_cache(4096)
def _checked(text: str, services: tuple[str, ...], findings: tuple[str, ...]) -> ActionCheck:
    return check_action(text, services=services, findings=findings)


@lru_cache(8192)
def blame_in(text: str, names: tuple[str, ...]) -> tuple[Hint, ...]:
    """Wording that blames one of `names` or anybody, or judges with hindsight."""
    return find_blame(text, names=names)


def wording_of(action: ActionItem, facts: Facts) -> dict[str, Any]:
    """Whether an action is specific, what it lacks in sentences, and a form that lacks nothing ("" for none)."""
    check = _checked(action.text, facts.service_names, facts.finding_texts)
    return {
        "specific": check.specific,
        "missing": [f"{hint.reason} {hint.question}" for hint in check.missing],
        "suggestion": check.suggestion or "",
    }
