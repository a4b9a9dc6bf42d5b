"""Markdown says everything that the editor can, and reading it gives the same text again."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followthrough.core.markdown_html import to_html
from followthrough.writing import markdown
from followthrough.writing.document_tree import Node, Span, normal, paragraph
from tests.writing.trees import TEXTS

PIECES = [
    "# A",
    "- a",
    "  - b",
    "1. c",
    "> d",
    "```\nx\n```",
    "|a|b|\n|-|:-:|\n|1|2|",
    "**b** _i_ ~~s~~",
    "",
    "a  ",
    "\\",
    "---",
]


@given(TEXTS)
@settings(max_examples=120, deadline=None)
def test_a_text_is_the_same_after_markdown(blocks: list[Node]) -> None:
    assert markdown.read(markdown.write(blocks)) == normal(blocks)


@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=8).map("\n".join)), st.booleans())
@settings(max_examples=120, deadline=None)
def test_markdown_is_stable_once_it_was_read(text: str, lines: bool) -> None:
    once = markdown.write(markdown.read(text, keep_lines=lines))
    assert markdown.write(markdown.read(once)) == once
    assert markdown.read(once) == markdown.read(text, keep_lines=lines)


@pytest.mark.parametrize(
    "text",
    [
        "Plain words, a snake_case name, 2 \\* 3 and `code`.",
        "## What happened\n\nThe cache **expired** _early_, see [the graph](https://graphs.example/1).",
        "- one\n- two\n  - under two\n- three",
        "1. first\n2. second",
        "> said\n>\n> and said again",
        "```python\nprint(1)\n```",
        "[@Mira Chen](/people/?who=7) did [ACT-31](/actions/ACT-31/)",
        "| a | b |\n| --- | :-: |\n| 1 \\| 2 | **3** |",
        "first\\\nsecond",
    ],
)
def test_what_people_write_stays_as_it_is(text: str) -> None:
    assert markdown.write(markdown.read(text)) == text


def test_notes_keep_their_lines_and_other_prose_flows() -> None:
    assert markdown.read("a\nb", keep_lines=True) == (paragraph(Span("a"), Node("hard_break"), Span("b")),)
    assert markdown.read("a\nb") == (paragraph(Span("a b")),)


def test_the_rest_of_the_product_shows_it_as_meant() -> None:
    text = markdown.write([paragraph(Span("a", {}), Span("(b)", {"strong": ""}), Span("c <d>"))])
    assert to_html(text) == "<p>a<strong>(b)</strong>c &lt;d&gt;</p>\n"
