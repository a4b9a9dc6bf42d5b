"""Markdown written by people, as HTML sanitised against XSS."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from followthrough.core.addresses import is_link

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

SCHEMES = {"http", "https", "mailto"}


MOST_MARKS = 8_000
"""Emphasis, table cells and the like; parsing takes some 15 µs for each, a line twice and a bracket thrice that."""
LONGEST_PARSED = 100_000
"""Characters. What comes after them is shown as it was typed."""


def to_html(text: str) -> SafeString:
    """CommonMark with tables; raw HTML is shown as text and links get rel="noopener noreferrer".

    A text of little but marks is shown as it was typed: parsing it would hold up every page.
    """
    parser = _plain_parser() if is_dense(text) else _parser()
    rest = f"<p>{escape(text[LONGEST_PARSED:])}</p>" if len(text) > LONGEST_PARSED else ""
    return mark_safe(nh3.clean(parser.render(text[:LONGEST_PARSED]) + rest, url_schemes=SCHEMES))  # noqa: S308 - cleaned in this very line


def is_dense(text: str) -> bool:
    """Whether a text has more marks to be understood than texts of people do."""
    marks = 3 * text.count("[") + 2 * text.count("\n") + sum(map(text.count, "]*_~`|<&\\"))
    return marks > MOST_MARKS


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt  # noqa: PLC0415 - many pages hold no Markdown

    parser = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"])
    parser.validateLink = lambda url: is_link(url)  # type: ignore[method-assign]  # noqa: PLW0108 - its parameter has another name
    return parser


@cache
def _plain_parser() -> MarkdownIt:
    from markdown_it import MarkdownIt  # noqa: PLC0415 - only pages with Markdown need it

    return MarkdownIt("zero", {"html": False})
