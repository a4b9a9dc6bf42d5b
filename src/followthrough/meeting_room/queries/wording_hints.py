"""Reading what a hint on wording needs while a text is typed."""

from __future__ import annotations

from followthrough.causes.queries import findings_of
from followthrough.causes.tree_checks import wording_hint
from followthrough.meeting_room.queries.render_input import names_in
from followthrough.meeting_room.wording_hints import blame_in, checked, sentence
from followthrough.postmortems.models import PostMortem
from followthrough.wording.reasons import check_reason
from followthrough.wording.specificity import ActionCheck
from followthrough.wording.text_hints import Hint


def hint_on(postmortem: PostMortem, *, kind: str, text: str) -> dict[str, str]:
    """What to say while `text` is typed, by the same rules as once it is saved: {"words", "rewrite"}, empty where it is
    fine. `kind` is action, cause, leaf for a cause with none below it, reason, or said for entries and answers."""
    if kind == "reason":
        missing = check_reason(text)
        return {"words": sentence(missing) if missing else "", "rewrite": ""}
    incident = postmortem.incident
    if kind == "action":
        services = tuple(incident.services.order_by("tier", "name").values_list("name", flat=True))
        check = checked(text, services, tuple(finding.text for finding in findings_of(postmortem)))
        return {"words": _first(check), "rewrite": check.suggestion or ""}
    names = names_in(postmortem)
    if kind == "said":
        return _kinder(blame_in(text, names))
    words, rewrite = wording_hint(text, names, is_leaf=kind == "leaf")
    return {"words": words, "rewrite": rewrite or ""}


def _kinder(hints: tuple[Hint, ...]) -> dict[str, str]:
    return {
        "words": sentence(hints[0]) if hints else "",
        "rewrite": next((hint.rewrite for hint in hints if hint.rewrite), ""),
    }


def _first(check: ActionCheck) -> str:
    return "" if check.specific else next((sentence(hint) for hint in check.missing), "")
