"""Markdown written by people, as HTML that is safe to show."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import nh3
from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from markdown_it import MarkdownIt


def to_html(text: str) -> SafeString:
    """CommonMark with tables; raw HTML is shown as text and links get rel="noopener noreferrer"."""
    return mark_safe(nh3.clean(_parser().render(text)))  # noqa: S308 - cleaned in this very line


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt  # noqa: PLC0415 - many pages hold no Markdown

    return MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"])
