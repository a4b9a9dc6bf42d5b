from __future__ import annotations

import random
import re
from itertools import combinations
from xml.etree import ElementTree as ET

import pytest

from followthrough.causes.cause_tree import Node
from followthrough.causes.drawing import fishbone, why_tree
from followthrough.causes.models import Cause
from followthrough.drawing.palette import PAPER
from followthrough.drawing.text_metrics import text_width, wrap_text

PROBLEM = "Checkout returned 502 for 38 minutes"
CATEGORIES = Cause.Category.values
SENTENCE = (
    "the retry queue of checkout grows without a limit while orders-db refuses new connections at 100 %"
)
WORDS = SENTENCE.split()
CHAIN = [
    Node("1", "orders-db refused new connections", None, "infrastructure", 2),
    Node("2", "Each checkout worker opened 40 connections", "1", "configuration", 1),
    Node("3", "The deployment checklist has no validation", "2", "process", 0, "root_cause"),
    Node("4", "The on-call engineer did not page Storage until 14:29"),
]
BOTH = pytest.mark.parametrize("draw", [fishbone, why_tree])


def grown(count, seed):
    """A tree of `count` causes, some of them long, in all categories and none."""
    chance = random.Random(seed)
    return [
        Node(
            str(number),
            " ".join(chance.choices(WORDS, k=chance.choice([2, 6, 14, 60]))),
            str(chance.randrange(number)) if number and chance.random() < 0.6 else None,
            chance.choice([*CATEGORIES, ""]),
            chance.choice([0, 1, 12]),
            chance.choice(["", "", "root_cause", "contributing_factor"]),
        )
        for number in range(count)
    ]


def read(svg):
    root = ET.fromstring(svg)
    return root, [element for element in root.iter() if element.tag.endswith("}text")]


def box_of(text):
    """Left, top, right and bottom of a line of text."""
    size = float(text.get("font-size"))
    x, base, width = float(text.get("x")), float(text.get("y")), text_width(text.text, size)
    left = {"start": x, "middle": x - width / 2, "end": x - width}[text.get("text-anchor", "start")]
    return left, base - size * 0.75, left + width, base + size * 0.2


def overlap(one, other):
    return (
        one[0] < other[2] - 0.5
        and other[0] < one[2] - 0.5
        and one[1] < other[3] - 0.5
        and other[1] < one[3] - 0.5
    )


@BOTH
@pytest.mark.parametrize("count", [0, 1, 2, 8, 25, 60])
def test_no_words_meet_or_leave_the_picture(draw, count):
    for seed in range(3):
        root, texts = read(draw(PROBLEM, grown(count, seed)))
        width, height = (float(side) for side in root.get("viewBox").split()[2:])
        boxes = [(box_of(text), text.text) for text in texts]
        for (left, top, right, bottom), words in boxes:
            assert left >= 0, words
            assert top >= 0, words
            assert right <= width, words
            assert bottom <= height, words
        assert [(a, b) for (one, a), (two, b) in combinations(boxes, 2) if overlap(one, two)] == []


@BOTH
def test_it_says_in_a_sentence_what_it_shows(draw):
    root, _ = read(draw(PROBLEM, CHAIN))
    assert root.get("role") == "img"
    assert PROBLEM in root.get("aria-label")
    assert "4 causes" in root.get("aria-label")
    empty, texts = read(draw(PROBLEM, []))
    assert "no causes yet" in empty.get("aria-label")
    assert any("No causes yet" in text.text for text in texts)


@BOTH
def test_nothing_that_a_strict_policy_refuses_or_that_runs(draw):
    told = "<script>alert(1)</script> & \"quotes\" \x00 'x'"
    svg = draw(told, [Node("1", told, category="code")])
    read(svg)
    assert "<script" not in svg
    assert "style" not in svg
    assert not re.search(r"\son\w+=", svg)


@BOTH
def test_colours_come_from_the_page_or_from_a_palette(draw):
    assert 'var(--forward)"' in draw(PROBLEM, CHAIN)
    on_paper = draw(PROBLEM, CHAIN, palette=PAPER)
    assert "var(" not in on_paper
    assert PAPER["forward"] in on_paper


def test_a_fishbone_has_a_rib_for_each_category_that_is_used():
    _, texts = read(
        fishbone(PROBLEM, [Node(category, "words", category=category) for category in CATEGORIES])
    )
    labels = {text.text for text in texts if text.get("font-weight") == "600"}
    assert set(Cause.Category.labels) <= labels
    assert "Not sorted yet" not in labels


def test_a_cause_without_category_goes_with_the_one_above_it():
    _, texts = read(
        fishbone(PROBLEM, [Node("1", "first", category="code"), Node("2", "second", "1"), Node("3", "third")])
    )
    words = {text.text for text in texts}
    assert {"Code", "Not sorted yet", "first", "second", "third"} <= words


def test_many_causes_of_one_category_get_more_ribs():
    _, texts = read(fishbone(PROBLEM, [Node(str(at), f"cause {at}", category="code") for at in range(30)]))
    words = [text.text for text in texts]
    assert words.count("Code, continued") == 2
    assert all(f"cause {at}" in words for at in range(30))


def test_a_why_tree_counts_the_whys_and_marks_acts_and_findings():
    svg = why_tree(PROBLEM, CHAIN)
    words = [text.text for text in read(svg)[1]]
    assert words.count("Why 1") == 2
    assert "Why 3" in words
    assert "Root cause · Process" in words
    assert "2 pieces of evidence" in words
    assert "a person's act: what made it look right?" in words


def test_text_is_broken_between_words_where_it_can_be():
    lines = wrap_text("a pool of forty connections for each worker", width=90, size=12, most=9)
    assert " ".join(lines) == "a pool of forty connections for each worker"
    assert all(text_width(line, 12) <= 90 for line in lines)
    long_word = wrap_text("x" * 100, width=90, size=12, most=20)
    assert "".join(long_word) == "x" * 100
    assert wrap_text("", width=90, size=12, most=3) == []


def test_text_that_does_not_fit_ends_in_an_ellipsis():
    lines = wrap_text("word " * 50, width=90, size=12, most=2)
    assert len(lines) == 2
    assert lines[-1].endswith("…")
    assert text_width(lines[-1], 12) <= 90
