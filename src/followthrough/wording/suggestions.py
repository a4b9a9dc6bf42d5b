"""Better forms to offer for an action that is not specific yet, and the question that leads there.

Nothing is invented: a service or finding is one the caller gave, and whatever nobody has said stands in ‹ ›.
"""

import re
from collections.abc import Iterator, Sequence

from followthrough.wording import vocabulary as words
from followthrough.wording.openings import read_opening, without_links
from followthrough.wording.patterns import bounded
from followthrough.wording.text_hints import Hint
from followthrough.wording.verbs import plain_form

_LONGEST_QUOTE = 90
_WORD = re.compile(r"[\w-]+")
_STUDIED = bounded(
    r"^\s*(?:(?:out|up|into|at|about|through|to|over|for|on|with|whether|if|options?|ways?|using|we|"
    r"should|could)\s+)*"
)
_JOINT_END = bounded(r"[\s,;.]*(?:\b(?:and|then|also|plus|as\s+well\s+as)\b\s*){0,3}$", re.NOFLAG)
_CAUSE_ASKED = bounded(r"(?:\s+out)?\s+(?P<asked>(?:why|how|what|where|which)\b.*)")
_TOPICS = (
    ("watching", words.MONITORING_WORDS),
    ("testing", words.TESTING_WORDS),
    ("documenting", words.DOCUMENTING_WORDS),
    ("speed", words.SPEED_WORDS),
)
_QUESTIONS = {
    "watching": "Which signal, at what level, in which service?",
    "testing": "Which case should fail the test, in which service, and when does it run?",
    "documenting": "Which task, for whom, and where will they look for it?",
    "speed": "Which operation, how fast now, and how fast should it be?",
    "other": "Which part changes, and what will show that it is finished?",
}


def question_about(text: str) -> str:
    """The question that makes a vague action concrete, by what it is about."""
    return _QUESTIONS[_topic(text)]


def suggestions(
    text: str, *, missing: Sequence[Hint], services: Sequence[str], findings: Sequence[str]
) -> Iterator[str]:
    """Forms to offer, best first; the caller keeps the first one that is itself specific."""
    finding = _nearest_finding(text, findings)
    service = _service(text, finding, services)
    for hint in missing:
        if hint.code == "two_actions" and hint.span:
            yield _JOINT_END.sub("", text[: hint.span[0]]).strip()
        elif hint.code == "only_studies":
            yield from _instead_of_studying(text)
        elif hint.code == "only_care":
            yield f"Make {service} refuse ‹the risky step› unless ‹a check› passes"
    yield from _by_topic(text, service, finding)


def _by_topic(text: str, service: str, finding: str) -> Iterator[str]:
    topic = _topic(text)
    cause = f"“{finding}”" if finding else "‹the failing case›"
    if topic == "watching":
        yield _alert(text, service, finding)
    elif topic == "testing":
        yield f"Add a test to {service} that reproduces {cause}"
    elif topic == "documenting":
        yield f"Write the {service} runbook page for ‹task›, finished when ‹name› has followed it once"
    elif topic == "speed":
        yield f"Bring ‹operation› in {service} below ‹300 ms› in the ‹busiest hour›"
    yield f"Change ‹setting or code› in {service} so that {cause} cannot return, shown by ‹test or graph›"
    yield "Change ‹setting or code› in ‹service› so that ‹the failing case› cannot return"


def _alert(text: str, service: str, finding: str) -> str:
    """Names the signal that the action or its finding speaks of; the level is always for the team to set."""
    for told in (text, finding):
        for pattern, signal, level in words.SIGNALS:
            if re.search(pattern, told, re.IGNORECASE):
                return f"Alert when {service} {signal} passes {level} for ‹2 min›"
    return f"Alert when {service} ‹signal› passes ‹80 %› for ‹2 min›"


def _instead_of_studying(text: str) -> Iterator[str]:
    """ "Consider adding x" becomes "Add x"; "investigate why x" becomes a written answer with a fix."""
    opening = read_opening(without_links(text))
    if opening is None:
        return
    clause = text[opening.end : opening.clause_end].rstrip(" .?!:")
    if asked := _CAUSE_ASKED.match(clause):
        yield f"Write down {_shortened(asked['asked'])}, with one fix proposed, by ‹date›"
    subject = _STUDIED.sub("", clause, count=1)
    first, _, rest = subject.partition(" ")
    if deed := first.endswith("ing") and plain_form(first):
        yield f"{deed.capitalize()} {rest}"
    if opening.verb in words.CONTACT_VERBS:
        yield f"Agree ‹what exactly› with {_shortened(subject)} by ‹date›"
    if opening.verb in words.DECIDING_VERBS:
        yield f"Decide on {_shortened(subject)} by ‹date›, with the reason written down"
    yield f"Write down the cause of {_shortened(subject)}, with one fix proposed, by ‹date›"


def _topic(text: str) -> str:
    said = set(_WORD.findall(text.lower()))
    return next((topic for topic, topic_words in _TOPICS if said & topic_words), "other")


def _nearest_finding(text: str, findings: Sequence[str]) -> str:
    """The finding that shares most words with the text; a single one is taken as it is."""
    said = set(_WORD.findall(text.lower())) - words.FUNCTION_WORDS
    shared = [len(said & set(_WORD.findall(finding.lower()))) for finding in findings]
    if not findings or (len(findings) > 1 and not any(shared)):
        return ""
    return _shortened(findings[shared.index(max(shared))])


def _service(text: str, finding: str, services: Sequence[str]) -> str:
    for told in (text, finding):
        for service in services:
            if service and service.lower() in told.lower():
                return service
    return services[0] if len(services) == 1 else f"‹{' or '.join(services[:3]) or 'service'}›"


def _shortened(text: str) -> str:
    """One line of at most 90 characters, cut between words."""
    line = " ".join(text.split()).rstrip(" .?!")
    return line if len(line) <= _LONGEST_QUOTE else line[:_LONGEST_QUOTE].rsplit(" ", 1)[0] + "…"
