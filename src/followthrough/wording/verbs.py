"""Finding the plain form of a verb that is written "adds", "added" or "adding"."""

import re

from followthrough.wording.vocabulary import PAST_FORMS, VERBS

_VOWELS = "aeiou"
_PREFIX = re.compile(r"^(?:re|de|un|auto|pre|over|up)-?")


def _inflections(verb: str) -> tuple[str, ...]:
    if verb.endswith("e"):
        return verb + "s", verb + "d", verb[:-1] + "ing"
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        return verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"
    plural = verb + ("es" if verb.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")
    doubled = verb + verb[-1]
    return plural, verb + "ed", verb + "ing", doubled + "ed", doubled + "ing"


def _plain_forms() -> dict[str, str]:
    forms = {form: verb for verb in VERBS for form in _inflections(verb)}
    return forms | PAST_FORMS | {verb: verb for verb in VERBS}


_PLAIN_FORMS = _plain_forms()


def plain_form(word: str) -> str | None:
    """The plain form of a known verb ("Re-enabling" gives "enable"), or None for any other word."""
    lowered = word.lower()
    return _PLAIN_FORMS.get(lowered) or _PLAIN_FORMS.get(_PREFIX.sub("", lowered, count=1))


def is_past(word: str) -> bool:
    """Whether the word reads as something already done, as "linked" or "raised"."""
    lowered = word.lower()
    return lowered not in VERBS and (lowered.endswith("ed") or lowered in PAST_FORMS)
