"""Wording hints on actions, entries and causes; a text that did not change is not checked again."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from followthrough.actions.models import ActionItem
from followthrough.meeting_room.render_input import RenderInput
from followthrough.wording.blame import find_blame
from followthrough.wording.specificity import ActionCheck, check_action
from followthrough.wording.text_hints import Hint


@lru_cache(4096)
def checked(text: str, services: tuple[str, ...], findings: tuple[str, ...]) -> ActionCheck:
    return check_action(text, services=services, findings=findings)


@lru_cache(8192)
def blame_in(text: str, names: tuple[str, ...]) -> tuple[Hint, ...]:
    """Wording that blames one of `names` or anybody, or judges with hindsight."""
    return find_blame(text, names=names)


def sentence(hint: Hint) -> str:
    return f"{hint.reason} {hint.question}"


def wording_of(action: ActionItem, facts: RenderInput) -> dict[str, Any]:
    """Whether an action is specific, what it lacks in sentences, and a form that lacks nothing ("" for none)."""
    check = checked(action.text, facts.service_names, facts.finding_texts)
    return {
        "specific": check.specific,
        "missing": [sentence(hint) for hint in check.missing],
        "suggestion": check.suggestion or "",
    }
