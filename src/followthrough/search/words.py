"""Tokenisation for full-text search: words of any script, folded alike whatever the database.

Scripts that are written without blanks (Chinese, Japanese, Korean, Thai and their neighbours) are cut into pairs of
letters (bigrams), so that what stands in the middle of a run is found as well.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

MAX_TOKEN_CHARACTERS = 60
MAX_ASKED_WORDS = 12
MIN_LOG_WORDS, MAX_LOG_WORDS = 6, 24
"""A question of so many words is a pasted line, of which any three neighbours may be what was seen before."""
RUNS = (
    "\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf"  # Thai, Lao, Tibetan, Burmese, Khmer, Tai
    "\u3005-\u3007\u3040-\u30ff\u3105-\u312f\u31a0-\u31bf\u31f0-\u31ff"  # kana, bopomofo
    "\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uaa60-\uaadf\uac00-\ud7a3\uf900-\ufaff"  # Han, Yi, Tai, Hangul
    "\U00020000-\U0003ffff"
)
_RUN = re.compile(f"[{RUNS}]+")
_WORD = re.compile(rf"[{RUNS}]+|[^\W_{RUNS}]+")
_ACCENTS = re.compile("[\u0300-\u036f]")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NAME = re.compile(r"\w+", re.ASCII)
_SAYS_LITTLE = re.compile(r"\d|^.{1,2}$")
"""Numbers, identifiers and stamps: what differs each time a program writes the same line."""


def is_run(word: str) -> bool:
    """Whether the word is of a script that is written without blanks."""
    return bool(_RUN.match(word))


class Term(NamedTuple):
    """One token that is looked for; with `begins`, also words that only begin so."""

    token: str
    begins: bool = False


def fold(text: str) -> str:
    """ "Café" as "cafe", full-width letters as plain ones; syllables and vowel signs of other scripts stay whole."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text)
    return unicodedata.normalize("NFC", _ACCENTS.sub("", apart)).casefold()


def tokens_of(text: str) -> list[str]:
    """What `text` is found by, each once: its words, the parts of joinedUpNames, pairs of letters of runs."""
    return list(dict.fromkeys(token[:MAX_TOKEN_CHARACTERS] for token in _tokens(text)))


def _tokens(text: str) -> Iterator[str]:
    for word in _WORD.findall(fold(text)):
        if is_run(word):
            yield from map("".join, pairwise(word))
            yield word[-1]
        else:
            yield word
    for name in _NAME.findall(text):
        if _HUMP.search(name):
            yield from _WORD.findall(fold(_HUMP.sub(" ", name)))


def terms_of(text: str) -> list[Term]:
    """What a question of a few words looks for: all of these."""
    terms = [term for word in words_of(text) for term in word]
    return list(dict.fromkeys(terms))[:MAX_LOG_WORDS]


def words_of(text: str) -> list[list[Term]]:
    """The same for each of its words."""
    words = dict.fromkeys(_WORD.findall(fold(text)))
    return [_terms_of_word(word) for word in list(words)[:MAX_ASKED_WORDS]]


def _terms_of_word(word: str) -> list[Term]:
    if len(word) > 1 and is_run(word):
        return [Term(one + other) for one, other in pairwise(word)][:MAX_LOG_WORDS]
    return [Term(word[:MAX_TOKEN_CHARACTERS], begins=True)]


def is_line(text: str) -> bool:
    """Whether somebody pasted a line, as a program wrote it, rather than typed a few words."""
    return len(_WORD.findall(text)) >= MIN_LOG_WORDS


def neighbours_of(text: str) -> list[list[Term]]:
    """Every second three words that follow each other in a pasted line, without what differs from time to time."""
    telling = [word for word in _WORD.findall(fold(text)) if not _SAYS_LITTLE.search(word) or is_run(word)]
    terms = [terms_of(word)[0] for word in telling[:MAX_LOG_WORDS]]
    plain = [Term(term.token) for term in terms]
    starts = sorted({*range(0, len(plain) - 2, 2), max(0, len(plain) - 3)})
    return [plain[at : at + 3] for at in starts if plain]
