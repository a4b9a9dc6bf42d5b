"""Does a written reason, or what is given as proof, say anything, or does it only fill the field?"""

import re

from followthrough.wording import vocabulary as words
from followthrough.wording.text_hints import Hint

LONGEST = 1_000
"""Characters of a reason that are looked at."""
_FEWEST_WORDS = 2
_SHORTEST_WORD = 3
_A_SENTENCE = 3
"""So many words that it need name only one thing: "nobody else is awake"."""
_FEWEST_LETTERS_UNSPACED = 4
_TOKEN = re.compile(r"[^\W_][\w'’&-]*")
_NAMES_A_RECORD = re.compile(r"[A-Za-z]{2,10}-?\d+|https?://\S{4,}|#\d+")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_LATIN = re.compile(r"[a-z]+")
_VOWEL = re.compile(r"[aeiouy]")
_ONE_LETTER = re.compile(r"(\w)\1{2,}")
_KEYBOARD_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm", "azertyuiop", "poiuytrewq")


def check_reason(reason: str) -> Hint | None:
    """What a reason lacks that only fills its field ("x", "n/a", "not needed", "asdf"); None where it says something.

    It has to name two things beside the question's own words, one in a sentence, or one record (OPS-31, a link): short
    and plain is enough.
    """
    told = reason[:LONGEST]
    if _says_something(told.casefold()):
        return None
    quoted = " ".join(told.split())[:60]
    return Hint(
        "empty_reason",
        None,
        f"“{quoted}” does not say why yet." if quoted else "There is no reason here yet.",
        "What would somebody who was not there want to know: what is known, and what was decided instead?",
    )


def check_proof(proof: str) -> Hint | None:
    """The same for what shows that a fix held, or did not: one word of its own is enough, such as "drill", or a link."""
    told = proof[:LONGEST]
    if _says_something(told.casefold(), fewest_words=1):
        return None
    return Hint(
        "empty_proof",
        None,
        f"“{' '.join(told.split())[:60]}” does not show it yet.",
        "What would somebody look at to see it: a drill, a graph, a ticket, weeks without the alert?",
    )


def _says_something(reason: str, *, fewest_words: int = _FEWEST_WORDS) -> bool:
    if _NAMES_A_RECORD.search(reason) or len(_UNSPACED.findall(reason)) >= _FEWEST_LETTERS_UNSPACED:
        return True
    words_said = _TOKEN.findall(reason)
    telling = len({word for word in words_said if _carries_meaning(word)})
    return telling >= fewest_words or (telling > 0 and len(words_said) >= _A_SENTENCE)


def _carries_meaning(word: str) -> bool:
    if len(word) < _SHORTEST_WORD or word in words.FUNCTION_WORDS or word in words.EMPTY_REASONS:
        return False
    return not _is_typed_at_random(word)


def _is_typed_at_random(word: str) -> bool:
    """ "asdf", "xxx", "hjkl": no word of any language; what is not written in Latin letters is left alone."""
    if not _LATIN.fullmatch(word):
        return word.isdecimal()
    is_of_one_row = any(word in row + row for row in _KEYBOARD_ROWS)
    return is_of_one_row or not _VOWEL.search(word) or bool(_ONE_LETTER.search(word))
