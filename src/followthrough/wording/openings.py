"""How an action's text opens: what stands before its verb, the verb, and the clause that follows."""

import re
from dataclasses import dataclass

from followthrough.wording.patterns import bounded
from followthrough.wording.verbs import is_past, plain_form
from followthrough.wording.vocabulary import FUNCTION_WORDS, NOUN_LIKE_VERBS

_LINK = re.compile(r"<?https?://\S+")
_MARKERS = bounded(
    r"(?:\[[^\]\n]{0,20}\]"
    r"|[^\w@‹`]"
    r"|\(?(?:phab(?:ricator)?|bugzilla|bug|task|issue|jira|gerrit|rt|pr)\b[\s:#]*[A-Z]{0,10}-?\d+\)?"
    r"|[A-Z]{1,10}-?\d{2,}\b|\d{1,3}[.)]\s"
    r"|\d{1,3}\s{0,3}\|"
    r"|(?:not\s+done|done|in\s+progress|ongoing|on\s+going|pending(?:\s+review)?|dropped|wip|todo|"
    r"action(?:able|\s+item)?|status)\b(?=\W))+"
)
_COMPONENT = bounded(r"(?:[\w./-]+\s+){0,2}[\w./()-]+:\s+", re.NOFLAG)
_CONDITION = bounded(
    r"(?:if|when|before|after|once|until|while|whenever|for|during|in|to|in\s+order\s+to)\s[^,.;\n]{1,100}"
    r"(?:,\s*(?:then\s+)?|\sthen\s+)"
)
_LEAD_IN = bounded(
    r"(?:please|then|first|also|next|so|and|or|either|finally|further|long[- ]term|short[- ]term|"
    r"[a-z]+ly)\b[\s,:]*"
    r"|(?:we|i|you|they|someone|everyone|everybody|the\s+team|team|"
    r"let['’]?s)(?=['’\s])\s*(?:\(.{0,40}?\)\s*)?"
    r"(?:all\s+|also\s+|really\s+)?(?:(?:need|have|want|plan|agreed|intend)s?\s+to|should|must|will|"
    r"shall|ought\s+to"
    r"|(?:are\s+|['’]re\s+)?going\s+to(?:\s+have\s+to)?)\s+"
    r"|(?:(?:an?\s+)?ticket\s+(?:was\s+|has\s+been\s+)?(?:raised|created|opened|filed)\s+to)\s+"
    r"|(?:let['’]?s|let\s+us|need(?:\s+to)?|have\s+to|to|do\s+not|don['’]?t|never|ever|not)\s+"
)
_DEMAND = bounded(
    r"(?:\b(?:should(?:n['’]t)?|must(?:n['’]t)?|shall|(?:needs?|has|have)\s+to)|(?P<person>\b(?:will|to)))\s+"
    r"(?:(?:not|never|also|always|only|be|[a-z]+ly)\s+){0,3}(?P<verb>[a-z][\w-]+)"
)
_PERSONS = bounded(
    r"(?:(?:(?!\w+ed\b)[A-Z][\w-]*|@[\w-]+|the|team|and|nobody|no\s+one|everyone|everybody)[\s,&/]+){1,4}",
    re.NOFLAG,
)
_WORD = re.compile(r"[A-Za-z][\w'’-]*")
_DETERMINER = bounded(
    r"\s+(?:the|an?|our|all|any|every|each|this|that|these|those|its|their|some|new|both)\b|\s+[`‹“]"
)
_SENTENCE_END = bounded(r"[.!?;](?=\s+\W*[A-Z])|\n|\s\|", re.NOFLAG)
_FINITE = bounded(r"\b(?:is|are|was|were|has|does|did|doesn['’]t|didn['’]t|isn['’]t)\b")
_SUBORDINATE = bounded(
    r"\b(?:that|which|who|when|whenever|if|how|why|what|where|whether|while|until|unless|because|so|as|"
    r"since|after|"
    r"before|once|in\s+case)\b|[,;—–]|:\s|\s-\s"
)


@dataclass(frozen=True, slots=True)
class Opening:
    """`verb` in its plain form, its place in the text, and `clause_end`, where its clause ends."""

    verb: str
    start: int
    end: int
    clause_end: int


def without_links(text: str) -> str:
    """The text with every web address blanked out, of the same length so that places stay the same."""
    return _LINK.sub(lambda match: " " * len(match[0]), text)


def read_opening(text: str) -> Opening | None:
    """The verb that an action opens with ("Done - T123 Add …", "We need to add …", "X should add …")."""
    start = after_markers(text)
    component = _COMPONENT.match(text, start)
    for place in (start, component.end() if component else None):
        opening = _verb_at(text, place) if place is not None else None
        if opening:
            return opening
    return _demand_in(text, start)


def after_markers(text: str) -> int:
    """Where the words begin: after bullets, ticket numbers and states such as "Done"."""
    match = _MARKERS.match(text)
    return match.end() if match else 0


def clause_end(text: str, start: int) -> int:
    """Where the sentence that holds `start` ends."""
    end = _SENTENCE_END.search(text, start)
    return end.start() if end else len(text)


def _verb_at(text: str, place: int) -> Opening | None:
    place = _after_lead_ins(text, place)
    word = _WORD.match(text, place)
    if word is None or word[0].lower() in FUNCTION_WORDS or "'" in word[0] or text[word.end() :][:1] == ":":
        return None
    verb = _verb_of(word, text)
    return Opening(verb, word.start(), word.end(), clause_end(text, word.end())) if verb else None


def _after_lead_ins(text: str, place: int) -> int:
    for pattern in (_LEAD_IN, _CONDITION, _LEAD_IN, _LEAD_IN, _LEAD_IN):
        match = pattern.match(text, place)
        place = match.end() if match else place
    return place


def _verb_of(word: re.Match[str], text: str) -> str | None:
    written = word[0]
    has_object = _DETERMINER.match(text, word.end()) is not None
    verb = plain_form(written)
    if verb is None:
        return written.lower() if has_object and not is_past(written) else None
    if not has_object and (is_past(written) or _names_an_event(written, text[word.end() :])):
        return None
    return None if verb in NOUN_LIKE_VERBS and _is_statement(text, word.end()) else verb


def _names_an_event(written: str, rest: str) -> bool:
    return written.lower().endswith("ing") and rest.lstrip().startswith("of ")


def _is_statement(text: str, start: int) -> bool:
    """Whether a word that may be noun or verb is the noun of a sentence, as in "Test coverage is low"."""
    finite = _FINITE.search(text, start, min(start + 60, clause_end(text, start)))
    return finite is not None and _SUBORDINATE.search(text, start, finite.start()) is None


def _demand_in(text: str, start: int) -> Opening | None:
    """The verb of "the job should skip …", "mailing lists need to be archived", "Sam to write …"."""
    condition = _CONDITION.match(text, start)
    start = condition.end() if condition else start
    end = clause_end(text, start)
    demand = _DEMAND.search(text, start, end)
    if demand is None or _SUBORDINATE.search(text, start, demand.start()):
        return None
    verb = plain_form(demand["verb"])
    asks_somebody = _PERSONS.fullmatch(text, start, demand.start()) and verb
    if demand["person"] and not asks_somebody:
        return None
    return Opening(verb or demand["verb"].lower(), demand.start("verb"), demand.end("verb"), end)
