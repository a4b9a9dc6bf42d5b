"""Markdown is understood within milliseconds, whatever it holds."""

from __future__ import annotations

import pytest

from followthrough.core.markdown_html import LONGEST_PARSED, to_html
from followthrough.incidents.models import LONGEST_TEXT
from followthrough.writing.markdown import read
from tests.pace import taking_at_most

MARKS = [
    "[", "![", "![[", "[x][", "[a](", "[a]: ", "[](<", "*", "_", "**a", "*a_", "***a ", "~~a", "`", "`a``b", "`\n", "<", "<a", "<!--",
    ">", "\n>", "> ", "-", "- ", "- a\n  ", "1. ", "a\n=\n", "|-|\n", "|a|b|\n|-|-|\n", "\\", "&", "&#x", "# ", "\n", "[a][b]\n", "]",
]  # fmt: skip
pytestmark = pytest.mark.slow
SECONDS = 2.0
"""Ten times what is promised, as other tests may run beside this one; unguarded, brackets take far longer."""


def nested(step: str, end: str = " a") -> str:
    return "\n".join(step * depth + end for depth in range(200))


@pytest.mark.parametrize(
    "text", [*(mark * 50_000 for mark in MARKS), nested("  ", "- a"), nested(">"), nested("- ")]
)
def test_marks_without_sense_hold_nobody_up(text: str) -> None:
    for length in (LONGEST_TEXT, 50_000):
        with taking_at_most(SECONDS):
            to_html(text[:length])
            read(text[:length])


def test_the_text_of_five_megabytes_that_took_a_minute_is_shown_at_once() -> None:
    with taking_at_most(SECONDS):
        shown = to_html("[" * 2_400_000)
    assert shown.count("[") == 2_400_000


def test_what_is_too_long_to_be_understood_is_shown_as_typed() -> None:
    shown = to_html("**bold** " + "word " * (LONGEST_PARSED // 5) + "**not** <b>")
    assert shown.startswith("<p><strong>bold</strong>")
    assert "**not** &lt;b&gt;" in shown


def test_a_long_text_of_somebody_is_understood() -> None:
    paragraph = "At **14:11** the [gateway](https://example.com/a) answered `502`, see <https://example.com>.\n\n- one\n- two\n\n"
    shown = to_html(paragraph * 300)
    assert shown.count("<strong>14:11</strong>") == 300
    assert shown.count("<li>one</li>") == 300
