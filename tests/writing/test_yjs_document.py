"""Texts as Yjs documents: the same text in and out, and bytes from outside do no harm."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from followthrough.writing import markdown
from followthrough.writing.document_tree import Node, normal
from followthrough.writing.yjs_document import Unreadable, YjsDocument
from tests.writing.trees import TEXTS

SOON = 5
"""Seconds of processor time; before, the first of these took a minute, with the lock that every writer waits for."""


def _paper(text: str) -> YjsDocument:
    paper = YjsDocument()
    paper.rewrite(markdown.read(text))
    return paper


@given(TEXTS, TEXTS)
@settings(max_examples=50, deadline=None)
def test_a_text_is_the_same_in_the_document_and_after_it_was_rewritten(
    one: list[Node], other: list[Node]
) -> None:
    paper = YjsDocument()
    first = paper.rewrite(one)
    assert paper.read() == normal(one)
    second = paper.rewrite(other)
    assert paper.read() == normal(other)
    assert YjsDocument([second, first]).read() == normal(other)


@pytest.mark.parametrize("text", ["|\n" * 12_000, "x\n\n" * 12_000, "- x\n" * 3_900])
def test_a_text_of_very_many_lines_is_written_soon(text: str) -> None:
    blocks, paper = markdown.read(text), YjsDocument()
    began = time.thread_time()
    paper.rewrite(blocks)
    paper.rewrite(markdown.read("a line alone"))
    assert time.thread_time() - began < SOON


def test_rewriting_leaves_the_blocks_that_are_the_same_to_those_who_type_there() -> None:
    paper = _paper("# Head\n\nmiddle\n\nend")
    typist = YjsDocument([paper.state])
    rewritten = paper.rewrite(markdown.read("# Head\n\nanother middle\n\nend"))
    typed = typist.rewrite(markdown.read("# Head\n\nmiddle\n\nend\n\nand more"))
    for each, update in ((paper, typed), (typist, rewritten)):
        each.apply(update)
        assert markdown.write(each.read()) == "# Head\n\nanother middle\n\nend\n\nand more"


def test_a_change_that_rests_on_a_missing_one_is_refused() -> None:
    paper = _paper("one")
    typist = YjsDocument([paper.state])
    typist.rewrite(markdown.read("one\n\ntwo"))
    loose = typist.rewrite(markdown.read("one\n\ntwo\n\nthree"))
    with pytest.raises(Unreadable, match="rests on one"):
        paper.apply(loose)


@given(st.binary(max_size=60), st.integers(0, 80), st.binary(max_size=4))
@settings(max_examples=80, deadline=None)
def test_bytes_from_outside_are_read_or_refused(noise: bytes, at: int, put: bytes) -> None:
    good = _paper("one **two**")
    update = YjsDocument([good.state]).rewrite(markdown.read("one **two** three"))
    for bytes_ in (noise, update[:at] + put + update[at + len(put) :], update[:at]):
        paper = YjsDocument([good.state])
        try:
            paper.apply(bytes_)
            paper.read()
        except Unreadable:
            continue
    assert markdown.write(good.read()) == "one **two**"


def test_what_is_no_text_of_the_editors_is_refused() -> None:
    from pycrdt import Doc, XmlElement, XmlFragment, XmlText  # noqa: PLC0415

    for odd in (XmlText("loose"), XmlElement("script"), XmlElement("bullet_list", {}, [XmlText("loose")])):
        doc: Doc = Doc()
        doc.get("prose", type=XmlFragment).children.append(odd)
        paper = YjsDocument()
        paper.apply(doc.get_update())
        with pytest.raises(Unreadable, match="cannot"):
            paper.read()
