"""Does a sentence put a person where a cause belongs, or judge with hindsight?"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from followthrough.wording import blame_vocabulary as words
from followthrough.wording.blame_rules import ACT, Rule, has_short_clause, rules, somebody
from followthrough.wording.patterns import bounded
from followthrough.wording.persons import person
from followthrough.wording.text_hints import Hint, Span

_SPARED_BEFORE = bounded(rf"\b(?:{words.PREVENTION})\b(?:\W+\w+){{0,4}}\W*$")
_EXPLAINED = bounded(r"[^.!?;]{0,80}?\b(?:because|since)\s+(?!(?:we|he|she|I|they)\b)")
_EXPLAINED_BEFORE = bounded(
    r"\b(?:because|since|due\s+to|given\s+that|as\s+(?:nothing|no|the))\b[^.!?;]{0,80}$|(?<!doing )\bso\s+$"
)
_NOT_SEEN = bounded(rf"\b(?:{words.PERCEPTIONS})\w*\s*$")
_SITUATION = bounded(
    r"\b(?:while|during|when|instead\s+of|rather\s+than|without\s+(?:an?|any|being|the)|which|because|since|whose|"
    r"tool|script|console|prompt|command|menu|button|interface|dashboard|(?:look|are|is|were|was)\s+alike|identical|"
    r"similar(?:ly)?)\b|`"
)
_ROLE = bounded(person(()))
_SOMEBODY_IN_PARTICULAR = bounded(
    r"\b(?:he|she|I|we|my|nobody|no\s+one|everyone|everybody|some(?:one|body))\b|@\w"
)
_SPARED_AFTER = bounded(
    r"[\s\"”’'*]*(?:is|are|was|as)\W+(?:never|not|an?\s+symptom|no)\b|\s+(?:less\s+likely|unlikely|"
    r"impossible|rare)\b"
)
_SENTENCE_BREAK = bounded(r"[.!?]\s|,\s", re.NOFLAG)
_SENTENCE_END = bounded(r"[.!?]\s|\n", re.NOFLAG)
_FOR_A_PURPOSE = bounded(r"\bso(?:\s+that)?\s+$")
_SPARED_WINDOW = 80
_SENTENCE_WINDOW = 200
LONGEST = 10_000
"""Characters of a text that are looked at."""
MOST_HINTS = 50

_REASONS = {
    "human_error": (
        "“Human error” ends the search too soon: the same step would catch the next person as well.",
        "What made it look right at the time, and what let it through?",
    ),
    "person_as_cause": (
        "A person's act stands here as the cause. People act on what they see; conditions can be changed.",
        "What made it look right at the time?",
    ),
    "counterfactual": (
        "This tells what did not happen, knowing what is known now. What did happen explains more.",
        "What was seen and known at that moment, and what made this the sensible thing to do?",
    ),
    "judgement": (
        "This judges how someone worked instead of saying what the work met.",
        "What would anyone have needed here: time, a check, a signal, a clearer step?",
    ),
}


@dataclass(frozen=True, slots=True)
class _Find:
    rule: Rule
    start: int
    match: re.Match[str]


def find_blame(text: str, *, names: Sequence[str] = ()) -> tuple[Hint, ...]:
    """Marks wording that blames a person or judges with hindsight; a machine may fail and forget as it likes.

    `names` are the people of the incident. A hint's `rewrite` is offered for the clause around its span.
    """
    known = tuple(names)
    finds = islice(_without_overlaps(_finds(text[:LONGEST], known)), MOST_HINTS)
    return tuple(_hint(find, known) for find in finds)


def names_a_persons_act(text: str, names: Sequence[str] = ()) -> bool:
    """Whether a why ends at what a person did, or at "human error": where the next why would begin."""
    known, text = tuple(names), text[:LONGEST]
    if any(find.rule.code != "judgement" for find in _finds(text, known)):
        return True
    acts = (ACT.match(text, person.end()) for person in somebody(known).finditer(text))
    return any(act and (act["omitted"] or act["act"].lower() not in words.STATE_VERBS) for act in acts)


def _finds(text: str, names: tuple[str, ...]) -> Iterator[_Find]:
    people = [person.span() for person in somebody(names).finditer(text)]
    for rule in rules(names):
        for start, match in _places(rule, text, people):
            find = _Find(rule, start, match)
            if not _SPARED[rule.code](find, names):
                yield find


def _places(rule: Rule, text: str, people: Sequence[Span]) -> Iterator[tuple[int, re.Match[str]]]:
    if rule.after_person:
        matches = ((start, rule.pattern.match(text, end)) for start, end in people)
        yield from ((start, match) for start, match in matches if match)
    else:
        yield from ((match.start(), match) for match in rule.pattern.finditer(text))


def _without_overlaps(finds: Iterator[_Find]) -> Iterator[_Find]:
    """Of marks that overlap, the first and longest."""
    end = 0
    for find in sorted(finds, key=lambda find: (find.start, -find.match.end())):
        if find.start >= end:
            yield find
            end = find.match.end()


def _hint(find: _Find, names: tuple[str, ...]) -> Hint:
    reason, question = _REASONS[find.rule.code]
    rewrite = find.rule.rewrite(find.match) if has_short_clause(find.match) else None
    blameless = rewrite is not None and next(_finds(rewrite, names), None) is None
    return Hint(
        find.rule.code, (find.start, find.match.end()), reason, question, rewrite if blameless else None
    )


def _is_explained(find: _Find, names: tuple[str, ...]) -> bool:
    """Whether the sentence says what led to the act, which is what the hint would ask for."""
    match = find.match
    if _EXPLAINED.match(match.string, match.end()) or _tells_a_trap(find, names):
        return True
    before = match.string[max(0, find.start - _SPARED_WINDOW) : find.start]
    return bool(_NOT_SEEN.search(match[0]) and _EXPLAINED_BEFORE.search(before))


def _tells_a_trap(find: _Find, names: tuple[str, ...]) -> bool:
    """Whether a role, nobody in particular, slipped in a situation that the sentence describes."""
    text = find.match.string
    told = text[find.start : find.match.end()]
    parts = (part for name in names for part in name.split())
    if not _ROLE.search(told) or _SOMEBODY_IN_PARTICULAR.search(told) or any(part in told for part in parts):
        return False
    before = _SENTENCE_END.split(text[max(0, find.start - _SENTENCE_WINDOW) : find.start])[-1]
    after = _SENTENCE_END.split(text[find.match.end() : find.match.end() + _SENTENCE_WINDOW])[0]
    return bool(_SITUATION.search(before) or _SITUATION.search(told + after))


def _is_no_cause(find: _Find, _names: tuple[str, ...]) -> bool:
    """Whether error is spoken of as a possibility, or denied as a cause: "to prevent human error"."""
    match = find.match
    before = match.string[max(0, match.start() - _SPARED_WINDOW) : match.start()]
    clause = _SENTENCE_BREAK.split(before)[-1]
    return bool(_SPARED_BEFORE.search(clause) or _SPARED_AFTER.match(match.string, match.end()))


def _is_a_purpose(find: _Find, _names: tuple[str, ...]) -> bool:
    """Whether it says what something is for: "… so they could have tested it"."""
    return (
        _FOR_A_PURPOSE.search(find.match.string, max(0, find.start - _SPARED_WINDOW), find.start) is not None
    )


def _never(_find: _Find, _names: tuple[str, ...]) -> bool:
    return False


_SPARED = {
    "human_error": _is_no_cause,
    "person_as_cause": _is_explained,
    "counterfactual": _is_a_purpose,
    "judgement": _never,
}
