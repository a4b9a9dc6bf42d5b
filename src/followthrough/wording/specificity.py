"""Is an action item specific enough to be done, and to be seen to be done?"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from followthrough.wording import vocabulary as words
from followthrough.wording.openings import Opening, after_markers, clause_end, read_opening, without_links
from followthrough.wording.patterns import bounded
from followthrough.wording.suggestions import question_about, suggestions
from followthrough.wording.text_hints import Hint, Span
from followthrough.wording.verbs import plain_form

_MEASURE = bounded(
    r"(?<![\w#/.:-])\d+(?:[.,]\d+)*\s*(?:%|[a-z]{1,9}/s\b|(?:ms|s|secs?|seconds?|mins?|minutes?|hours?|"
    r"hrs?|h|days?"
    r"|weeks?|months?|[kmgt]i?b|x|times|requests?|nodes?|replicas?|pods?|hosts?|instances?|servers?)\b)"
    r"|(?:to|below|under|above|over|exceeds?|least|most|than|within|from|every|into|=|<|>|≤|≥)\s*‹?\d"
    r"|‹[^›]*›|\bzero\b|\bnone\b"
)
_OUTCOME = bounded(
    r"\b(?:so\s+that|so\s+\w+\s+(?:can|do|is|are)|until|unless|when|whenever|if|by\s+\w+ing|"
    r"in\s+order\s+to)\b"
)
_PURPOSE = bounded(r"\b(?:so|to(?!\s+(?:be|become|something)\b)|that|which|because|as|for)\b|[(:]")
_COMPARATIVE = bounded(rf"\b(?:{words.COMPARATIVES}|more\s+(?!than\b)[\w-]+)\b(?!\s+(?:than|or\s+equal)\b)")
_CARE = bounded(rf"\b(?:{'|'.join(words.CARE_PHRASES)})\b")
_CARE_SPARED = bounded(
    r"\b(?:so\s[^.;]{0,40}|instead\s+of|without|rather\s+than|(?:not|n['’]t)\s+(?:have|need)\s+to)\s*$"
)
_HEDGE = bounded(rf"\b(?:{'|'.join(words.HEDGES)})\b")
_MEASURABLE = bounded(rf"\b(?:{words.MEASURABLE_WORDS})\b|\w[_./:]\w|[`‹]|\w-\w+-\w")
_ASKED = bounded(
    r"(?:\s+out)?\s+(?:why|if|whether|how|what|where|which|(?:an?|some|the)?\s*(?:better\s+)?ways?)\b"
)
_MEANS = bounded(r"\b(?:by\s+\w+ing|with\s+an?)\b")
_SETTING = bounded(rf"\b(?:{words.SETTING_WORDS})\b|\w_\w")
_GOES_ON = bounded(
    r"(?:\b(?:and|then|(?P<aim>to))\b|[/:])\s*(?:then\s+)?(?P<verb>[a-z-]+)(?P<object>\s+(?:it|them|the|"
    r"an?|its|their)\b)?"
)
_HEAD_WORDS = bounded(r"(?:\s+[\w-]+){0,3}", re.NOFLAG)
_TOKEN = re.compile(r"[\w`‹“][\w./:@'’-]*")
_JOINT = bounded(
    r"(?:[,;]?\s+(?:and\s+then|and\s+also|and|then|plus|as\s+well\s+as)\s+|[.;]\s+(?:\W*(?:also|then)\s+)?)"
    r"(?P<verb>[A-Za-z-]{3,})(?:\s+(?:up|out|back|down|off))?(?=\s+(?:(?:the|an?|our|all|any|every|each|"
    r"new)\b|[`‹]))",
    re.NOFLAG,
)
_JOINT_SPARED = bounded(
    r"\b(?:to|so|that|which|who|when|if|how|why|whether|can|could|while|before|after|without)\b"
)
_QUESTION_START = bounded(
    r"(?:is|are|was|were|can|what|where|which|who|whose|why)\b"
    r"|(?:do|does|did|should|could|would|will|shall|has|have)\s+(?:we|you|they|it|there|i|any\w*)\b"
)
_QUESTION_END = bounded(r"\?[\s?!\"”’]*$", re.NOFLAG)

LONGEST = 1_000
"""Characters of an action that are looked at."""
_REMEMBER = "What could the system do so that nobody has to remember this?"
_REASONS: dict[str, tuple[str, str | None]] = {
    "empty": ("There is nothing here yet.", "What will be different once this is done?"),
    "question": (
        "This asks something; an action says what somebody will do.",
        "What will be done once the answer is known?",
    ),
    "no_verb": (
        "It does not say what will be done.",
        "What will you do? Start with the verb: add, remove, replace …",
    ),
    "only_care": (
        "Care and memory fade, in the best of people too; a change to the system stays.",
        _REMEMBER,
    ),
    "hedged": (
        "“{quoted}” leaves open whether this will be done.",
        "Will you do it? If that is not decided yet: who decides, and when?",
    ),
    "only_studies": (
        "“{quoted}” can end without anything having changed.",
        "What will exist when this is finished: a decision, a written answer, a fix?",
    ),
    "only_improves": ("“{quoted}” has no point at which it is finished.", None),
    "no_object": ("It does not name the thing to change yet.", None),
    "no_signal": ("It says to watch, but not which sign of trouble to watch for.", None),
    "no_finish_line": (
        "“{quoted}” does not say when it is enough.",
        "How much, or which exactly? When is it finished?",
    ),
    "two_actions": (
        "These are two actions; one may be finished while the other is not.",
        "Would two items, each with its own owner and date, be easier to follow?",
    ),
}


@dataclass(frozen=True, slots=True)
class ActionCheck:
    """`specific` holds exactly when nothing is `missing`; a `suggestion` comes only when something is."""

    specific: bool
    missing: tuple[Hint, ...]
    suggestion: str | None


def check_action(text: str, *, services: Sequence[str] = (), findings: Sequence[str] = ()) -> ActionCheck:
    """Says what an action item still lacks, and offers a form of it that lacks nothing.

    The suggestion is built from the action's own words, the incident's `services` and its `findings`; what
    nobody has said yet (a level, a name, a date) stands in it as a placeholder such as ‹80 %›.
    """
    text = text[:LONGEST]
    missing = _missing(text)
    if not missing:
        return ActionCheck(specific=True, missing=(), suggestion=None)
    told = [finding[:LONGEST] for finding in findings]
    offered = suggestions(text, missing=missing, services=services, findings=told)
    suggestion = next((offer for offer in offered if not _missing(offer)), None)
    return ActionCheck(specific=False, missing=missing, suggestion=suggestion)


def _missing(text: str) -> tuple[Hint, ...]:
    plain = without_links(text)
    start = after_markers(plain)
    if not _TOKEN.search(plain, start):
        return (_hint("empty", text, None),)
    if _asks(plain, start):
        return (_hint("question", text, (start, len(text))),)
    opening = read_opening(plain)
    found = _lacks_after(plain, opening) if opening else _lacks_without_verb(plain, start)
    return tuple(_hint(code, text, span) for code, span in found)


def _hint(code: str, text: str, span: Span | None) -> Hint:
    reason, question = _REASONS[code]
    quoted = text[slice(*span)] if span else ""
    return Hint(code, span, reason.format(quoted=quoted), question or question_about(text))


def _asks(text: str, start: int) -> bool:
    opens_as_question = _QUESTION_START.match(text, start) and "," not in text[start : start + 100]
    return bool(opens_as_question or _QUESTION_END.search(text))


def _lacks_after(text: str, opening: Opening) -> Iterator[tuple[str, Span]]:
    for code, check in _CHECKS.items():
        if span := check(text, opening):
            yield code, span


def _lacks_without_verb(text: str, start: int) -> Iterator[tuple[str, Span | None]]:
    end = clause_end(text, start)
    if care := _care_in(text, start, end):
        yield "only_care", care
    elif hedge := _HEDGE.search(text, start, end):
        yield "hedged", hedge.span()
    elif not _names_a_deliverable(text, start, end):
        yield "no_verb", None


def _names_a_deliverable(text: str, start: int, end: int) -> bool:
    """Whether the thing to make stands for its making: "Runbook for …", "High priority alerts on …"."""
    opening = [match[0].lower() for match in _TOKEN.finditer(text, start, end)][:5]
    place = next((at for at, word in enumerate(opening[:-1]) if word in words.DELIVERABLES), None)
    if place is None or words.FUNCTION_WORDS & set(opening[:place]):
        return False
    return opening[place + 1] in words.DELIVERABLE_LINKS or opening[place + 1].endswith("ing")


def _care_in(text: str, start: int, end: int) -> Span | None:
    for match in _CARE.finditer(text, start, end):
        if not _CARE_SPARED.search(text, start, match.start()):
            return match.span()
    return None


def _only_care(text: str, opening: Opening) -> Span | None:
    if opening.verb in words.CARING_VERBS:
        return opening.start, opening.end
    return _care_in(text, after_markers(text), opening.clause_end)


def _hedged(text: str, opening: Opening) -> Span | None:
    hedge = _HEDGE.search(text, after_markers(text), opening.clause_end)
    return hedge.span() if hedge else None


def _only_studies(text: str, opening: Opening) -> Span | None:
    asks = opening.verb in words.FINDING_VERBS and _ASKED.match(text, opening.end)
    studies = asks or opening.verb in words.STUDYING_VERBS or _studies_by_noun(text, opening)
    if text[opening.start : opening.end + 3].lower() == "look up":
        return None
    if not studies or _goes_on_to_act(text, opening):
        return None
    return opening.start, opening.end


def _studies_by_noun(text: str, opening: Opening) -> bool:
    """Whether a noun names the study: "have a discussion about …", "more research should be done"."""
    if opening.verb not in words.LIGHT_VERBS:
        return False
    near = (
        text[after_markers(text) : opening.start].split() + text[opening.end : opening.clause_end].split()[:4]
    )
    return not words.STUDY_NOUNS.isdisjoint(word.lower() for word in near)


def _goes_on_to_act(text: str, opening: Opening) -> bool:
    for joint in _GOES_ON.finditer(text, opening.end, opening.clause_end):
        verb = joint["verb"].lower()
        if joint["aim"] and opening.verb not in words.CONTACT_VERBS:
            continue
        at_once = not text[opening.end : joint.start()].strip()
        if verb in words.FINISHING_VERBS and (
            at_once or joint["object"] or verb not in words.NOUN_LIKE_VERBS
        ):
            return True
    return False


def _only_improves(text: str, opening: Opening) -> Span | None:
    finish = _MEASURE.search(text, opening.end, opening.clause_end) or _MEANS.search(text, opening.end)
    if opening.verb not in words.IMPROVING_VERBS or finish or _goes_on_to_act(text, opening):
        return None
    return opening.start, opening.end


def _no_object(text: str, opening: Opening) -> Span | None:
    for match in _TOKEN.finditer(text, after_markers(text), opening.clause_end):
        word = match[0].lower()
        if match.start() != opening.start and word not in words.FUNCTION_WORDS | words.GENERIC_OBJECTS:
            return None
    return opening.start, opening.clause_end


def _no_signal(text: str, opening: Opening) -> Span | None:
    if opening.verb not in words.WATCHING_VERBS:
        return None
    head = _HEAD_WORDS.match(text, opening.end)
    watched = {opening.verb, *(head[0].lower().split() if head else ())} & words.WATCHING_WORDS
    if not watched or _MEASURABLE.search(text, opening.end, opening.clause_end):
        return None
    return opening.start, opening.clause_end


def _no_finish_line(text: str, opening: Opening) -> Span | None:
    if opening.verb in words.IMPROVING_VERBS or _has_finish(text, opening):
        return None
    if opening.verb in words.OPEN_ENDED_VERBS and not _SETTING.search(text, opening.end, opening.clause_end):
        return opening.start, opening.end
    purpose = _PURPOSE.search(text, opening.end, opening.clause_end)
    more = _COMPARATIVE.search(text, opening.end, purpose.start() if purpose else opening.clause_end)
    return more.span() if more else None


def _has_finish(text: str, opening: Opening) -> bool:
    start, end = opening.end, opening.clause_end
    return bool(_MEASURE.search(text, start, end) or _OUTCOME.search(text, start, end))


def _two_actions(text: str, opening: Opening) -> Span | None:
    if opening.verb in words.STUDYING_VERBS:
        return None
    for joint in _JOINT.finditer(text, opening.end):
        between = text[opening.start : joint.start()]
        is_part = not joint[0].startswith((".", ";")) and _JOINT_SPARED.search(between)
        if _starts_another(joint["verb"]) and len(between.split()) > 2 and not is_part:
            return joint.span("verb")
    return None


def _starts_another(word: str) -> bool:
    return plain_form(word) == word.lower() and word.lower() not in words.CLOSING_VERBS


_CHECKS = {
    "only_care": _only_care,
    "hedged": _hedged,
    "only_studies": _only_studies,
    "only_improves": _only_improves,
    "no_object": _no_object,
    "no_signal": _no_signal,
    "no_finish_line": _no_finish_line,
    "two_actions": _two_actions,
}
