"""Hints: what a wording check hands back."""

from dataclasses import dataclass

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Hint:
    """One thing a writer may want to look at again.

    `span` is (start, end) in characters of the checked text, None when the text as a whole is meant.
    `rewrite` is a wording to start from; what stands in ‹ › is for the writer to fill in.
    """

    code: str
    span: Span | None
    reason: str
    question: str
    rewrite: str | None = None
