"""Which section of the summary a question's answers belong to."""

from __future__ import annotations

import re

_BY_PHASE = {
    "timeline": "what_happened",
    "root_cause": "causes",
    "impact": "impact",
    "prevention": "next",
    "looking_back": "next",
    "returning": "next",
}
_BY_WORDS = (
    (re.compile(r"\b(?:lucky|luck)\b", re.IGNORECASE), "luck"),
    (re.compile(r"\b(?:worked|went well|helped|good)\b", re.IGNORECASE), "went_well"),
    (re.compile(r"\b(?:broke|went wrong|why)\b", re.IGNORECASE), "causes"),
)
"""Looking back, the first that a question has decides."""


def section_of(phase: str, question: str) -> str:
    """The section's name, of a question of that phase of the bank."""
    if phase == "looking_back":
        for words, section in _BY_WORDS:
            if words.search(question):
                return section
    return _BY_PHASE.get(phase, "what_happened")
