"""Is an action item specific enough to be done, and to be seen to be done?"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from followthrough.wording import vocabulary as words
from followthrough.wording.openings import Opening, after_markers, clause_end, read_opening, without_links
from followthrough.wording.patterns import bounded
from followthrough.wording.suggestions import question_about, suggestions
from followthrough.wording.text_hints import Hint, Span
from followthrough.wording.verbs import is_past, plain_form

_MEASURE = bounded(
    r"(?<![\w#/.:-])\d+(?:[.,]\d+)*\s*(?:%|[a-z]{1,9}/s\b|(?:ms|s|secs?|seconds?|mins?|minutes?|hours?|"
    r"hrs?|h|days?"
    r"|weeks?|months?|[kmgt]i?b|x|times|requests?|nodes?|replicas?|pods?|hosts?|instances?|servers?)\b)"
    r"|(?:to|below|under|above|over|exceeds?|least|most|than|within|from|every|into|=|<|>|≤|≥)\s*‹?\d"
    r"|\bto\s+(?:critical|high|low|page|paging)\b|\b(?:hourly|daily|nightly|weekly|monthly|quarterly|yearly)\b"
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
_HEDGE_SPARED = bounded(
    r"\b(?:that|which|when|whenever|how|why|in\s+case|because)\s[^.;]{0,80}$|\([^)]{0,80}$"
)
_PEOPLE_ARE_TO = bounded(
    rf"\b(?:make\s+sure|ensure|ensuring|see\s+to\s+it)(?:\s+that)?\s+(?:(?:all|the|our|each|any)\s+){{0,2}}?"
    rf"(?:[\w-]+\s+)?(?:{words.PEOPLE})\s+(?:always\s+|fully\s+|properly\s+|correctly\s+)?(?:{words.CARE_ACTS})\b"
    rf"|\b(?:make\s+sure|ensure|ensuring)(?:\s+that)?\s+(?:all|any|every)\s[^.;,]{{1,40}}\s(?:is|are|gets?)\s+"
    rf"(?:\w+ly\s+)?(?:{words.CARED_FOR})\b"
    rf"|\b(?:should|must|needs?\s+to|has\s+to|have\s+to)\s+(?:always\s+)?be\s+(?:\w+ly\s+|better\s+)?"
    rf"(?:{words.CARED_FOR})\b"
)
_BY_A_MACHINE = bounded(
    r"\b(?:by\s+\w+|automatic\w*|in\s+(?:ci|the\s+pipeline)|nightly|before|until|unless)\b"
)
_UNMEASURED = bounded(
    rf"\b(?:(?:{words.UNMEASURED})\s+(?:[\w-]+\s+){{0,2}}?(?:{words.PRACTICES})|best\s+practices|"
    r"regular(?:ly)?|properly|adequately|appropriately|some\s+(?:[\w-]+\s+)?ways?|(?:all|every)\s+possible)\b"
)
_EVERYTHING = bounded(rf"\b(?:our|all|the|all\s+our)\s+(?:{words.EVERYTHING})\b(?!\s+[a-z])")
_WANTED_STATE = bounded(
    r"\b(?:(?:is|are|gets?)\s+(?:(?:not|always|only|never)\s+|\w+ly\s+)?(?P<done>\w+)"
    r"|(?:cannot|can\s+(?:not|only|no\s+longer)|no\s+longer|never)\s+(?:be\s+)?(?P<bound>\w+)"
    r"|(?:only\s+|\w+ly\s+)?(?P<acts>\w+s)(?P<object>\s+(?:the|an?|every|each|all|any|no|its|their)\b)?|\w+ly\s+(?P<past>\w+ed))\b"
)
_BY_RULE = bounded(
    r"\b(?:by\s+(?:default|an?|the)|automatic\w*|(?:hour|dai|night|week|month|quarter|year)ly|every|each|before|"
    r"until|unless|when(?:ever)?|instead\s+of|only\s+(?:if|when|after)|without|at\s+(?:least|most)|no\s+longer|"
    r"(?:above|below|over|under|within)\s+‹?\d)\b"
)
_TOLD = bounded(
    r"\b(?:was|were|had|did|been|didn['’]t|doesn['’]t|don['’]t|isn['’]t|aren['’]t|currently|still|already|"
    r"failed|fails|failing|broken|breaks|crash\w*|there\s+(?:is|are))\b"
)
_DEED_NOUN = bounded(
    rf"(?:[\w-]+\s+){{0,2}}?(?:{words.DEED_NOUNS})\s+(?:of|to|from|into|onto|behind)\s+(?P<object>[\w`‹“./-]+)"
)
_TICKET = bounded(r"\b[A-Z]{2,10}-\d+\b|\bT\d{4,}\b|(?<!\w)#\d+|\b(?:issues|pull|browse)/[\w-]*\d", re.NOFLAG)
_STATE_CELL = bounded(
    r"[|;,(:]\s*\W{0,4}(?:done|open|closed|in[ -]progress|to[ -]?do|resolved|pending|completed?|planned|merged|"
    r"not\s+started|blocked)\b"
)
_MEASURABLE = bounded(rf"\b(?:{words.MEASURABLE_WORDS})\b|\w[_./:]\w|[`‹]|\w-\w+-\w")
_ASKED = bounded(
    r"(?:\s+out|\s+on|\s+as\s+a\s+team|\s+together)?\s+(?:why|if|whether|how|what|where|which|"
    r"(?:an?|some|the)?\s*(?:(?!\w+ed\b)[\w-]+\s+)?(?:ways?|paths?|approach|procedures?)|(?:reason|cause)s?)\b"
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
    elif hedge := _hedge_in(text, start, end):
        yield "hedged", hedge
    elif not any(told(text, start, end) for told in _TELLS_WITHOUT_VERB):
        yield "no_verb", None


def _names_a_deliverable(text: str, start: int, end: int) -> bool:
    """Whether the thing to make stands for its making: "Runbook for …", "High priority alerts on …"."""
    opening = [match[0].lower() for match in _TOKEN.finditer(text, start, end)][:5]
    place = next((at for at, word in enumerate(opening[:-1]) if word in words.DELIVERABLES), None)
    if place is None or words.FUNCTION_WORDS & set(opening[:place]):
        return False
    return opening[place + 1] in words.DELIVERABLE_LINKS or opening[place + 1].endswith("ing")


def _states_what_will_hold(text: str, start: int, end: int) -> bool:
    """Whether it describes the system as it will be: "Backups are restored weekly by a job"."""
    if not _BY_RULE.search(text, start, end) or _TOLD.search(text, start, end):
        return False
    return any(_is_deed(match) for match in _WANTED_STATE.finditer(text, start, end))


def _is_deed(match: re.Match[str]) -> bool:
    word = match["done"] or match["bound"] or match["acts"] or match["past"]
    verb = plain_form(word)
    if match["acts"] and not match["object"] and verb in words.NOUN_LIKE_VERBS:
        return False
    return verb in words.FINISHING_VERBS and (not match["done"] or is_past(word))


def _names_a_deed(text: str, start: int, end: int) -> bool:
    """Whether a noun names the deed and its object: "Migration to the new queue", "Removal of the old hosts"."""
    deed = _DEED_NOUN.match(text, start, end)
    return deed is not None and deed["object"].lower() not in words.GENERIC_OBJECTS


def _is_tracked(text: str, start: int, _end: int) -> bool:
    """Whether it is a row of a table, with a state and a ticket where the rest is told."""
    return bool(_TICKET.search(text, start) and _STATE_CELL.search(text, start))


def _care_in(text: str, start: int, end: int) -> Span | None:
    for match in _CARE.finditer(text, start, end):
        if not _CARE_SPARED.search(text, start, match.start()):
            return match.span()
    people = _PEOPLE_ARE_TO.search(text, start, end)
    return people.span() if people and not _BY_A_MACHINE.search(text, people.end(), end) else None


def _hedge_in(text: str, start: int, end: int) -> Span | None:
    for match in _HEDGE.finditer(text, start, end):
        if not _HEDGE_SPARED.search(text, start, match.start()):
            return match.span()
    return None


def _only_care(text: str, opening: Opening) -> Span | None:
    if opening.verb in words.CARING_VERBS:
        return opening.start, opening.end
    return _care_in(text, after_markers(text), opening.clause_end)


def _hedged(text: str, opening: Opening) -> Span | None:
    return _hedge_in(text, after_markers(text), opening.clause_end)


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
    named = _MEASURABLE.search(text, opening.end, opening.clause_end)
    if not watched or (named and not _EVERYTHING.search(text, opening.end, opening.clause_end)):
        return None
    return opening.start, opening.clause_end


def _no_finish_line(text: str, opening: Opening) -> Span | None:
    if opening.verb in words.IMPROVING_VERBS or _has_finish(text, opening):
        return None
    if opening.verb in words.OPEN_ENDED_VERBS and not _SETTING.search(text, opening.end, opening.clause_end):
        return opening.start, opening.end
    purpose = _PURPOSE.search(text, opening.end, opening.clause_end)
    end = purpose.start() if purpose else opening.clause_end
    start = opening.end if opening.verb in words.VERBS else opening.start
    more = _COMPARATIVE.search(text, start, end) or _UNMEASURED.search(text, after_markers(text), end)
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


_TELLS_WITHOUT_VERB = (_names_a_deliverable, _names_a_deed, _states_what_will_hold, _is_tracked)
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
