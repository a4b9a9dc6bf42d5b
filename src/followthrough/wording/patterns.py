"""Regular expressions whose repeats are bounded, so that no text makes them slow (ReDoS)."""

import re

_REPEAT = re.compile(r"(?<!\\)(\\[sW]|\\[wSd]|\])([+*])")
_LONGEST_GAP = 10
_LONGEST_WORD = 40


def bounded(pattern: str, flags: re.RegexFlag = re.IGNORECASE) -> re.Pattern[str]:
    """The pattern with every `+` and `*` behind a class bounded: gaps by 10 characters, words and classes by 40."""
    return re.compile(_REPEAT.sub(_bound, pattern), flags)


def _bound(repeat: re.Match[str]) -> str:
    longest = _LONGEST_GAP if repeat[1] in {r"\s", r"\W"} else _LONGEST_WORD
    return f"{repeat[1]}{{{1 if repeat[2] == '+' else 0},{longest}}}"
