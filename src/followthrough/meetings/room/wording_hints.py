"""Wording hints on actions, entries and causes; a text that did not change is not checked again."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from followthrough.actions.models import ActionItem
from followthrough.causes.queries import findings_of
from followthrough.causes.tree_checks import wording_hint
from followthrough.meetings.room.render_input import RenderInput, names_in
from followthrough.postmortems.models import PostMortem
from followthrough.wording.blame import find_blame
from followthrough.wording.specificity import ActionCheck, check_action
from followthrough.wording.text_hints import Hint


@lru_cache(4096)
def _checked(text: str, services: tuple[str, ...], findings: tuple[str, ...]) -> ActionCheck:
    return check_action(text, services=services, findings=findings)


@lru_cache(8192)
def blame_in(text: str, names: tuple[str, ...]) -> tuple[Hint, ...]:
    """Wording that blames one of `names` or anybody, or judges with hindsight."""
    return find_blame(text, names=names)


def hint_on(postmortem: PostMortem, *, kind: str, text: str) -> dict[str, str]:
    """What to say while `text` is typed, by the same rules as once it is saved: {"words", "rewrite"}, empty where it is
    fine. `kind` is action, cause, leaf for a cause with none below it, or said for entries and answers."""
    incident = postmortem.incident
    if kind == "action":
        services = tuple(incident.services.order_by("tier", "name").values_list("name", flat=True))
        check = _checked(text, services, tuple(finding.text for finding in findings_of(postmortem)))
        return {"words": _first(check), "rewrite": check.suggestion or ""}
    names = names_in(postmortem)
    if kind == "said":
        return _kinder(blame_in(text, names))
    words, rewrite = wording_hint(text, names, is_leaf=kind == "leaf")
    return {"words": words, "rewrite": rewrite or ""}


def _kinder(hints: tuple[Hint, ...]) -> dict[str, str]:
    return {
        "words": _sentence(hints[0]) if hints else "",
        "rewrite": next((hint.rewrite for hint in hints if hint.rewrite), ""),
    }


def _first(check: ActionCheck) -> str:
    return "" if check.specific else next((_sentence(hint) for hint in check.missing), "")


def _sentence(hint: Hint) -> str:
    return f"{hint.reason} {hint.question}"


def wording_of(action: ActionItem, facts: RenderInput) -> dict[str, Any]:
    """Whether an action is specific, what it lacks in sentences, and a form that lacks nothing ("" for none)."""
    check = _checked(action.text, facts.service_names, facts.finding_texts)
    return {
        "specific": check.specific,
        "missing": [_sentence(hint) for hint in check.missing],
        "suggestion": check.suggestion or "",
    }
