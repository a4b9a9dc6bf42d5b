"""The figures that say how good the checks are."""

import pytest

from followthrough.wording.wording_evaluation import Row, evaluate_wording

ACTIONS: list[Row] = [
    {"text": "Add a probe for the login page", "label": "specific"},
    {"text": "Improve the login page", "label": "specific"},
    {"text": "Be more careful", "label": "vague"},
    {"text": "Add a probe for the cart", "label": "vague"},
    {"text": "The cart was slow", "label": "not_an_action"},
    {"text": "Investigate the cart", "label": "ambiguous"},
    {"text": "Rename the cart", "label": None},
]


def test_precision_and_recall_of_actions() -> None:
    result = evaluate_wording(ACTIONS, "action")
    assert result.precision == pytest.approx(2 / 3)
    assert result.recall == pytest.approx(2 / 3)
    assert result.true_negatives == 1
    assert result.unlabelled == 1


def test_confusion_counts_every_labelled_row() -> None:
    result = evaluate_wording(ACTIONS, "action")
    assert dict(result.confusion) == {
        ("specific", False): 1,
        ("specific", True): 1,
        ("vague", True): 1,
        ("vague", False): 1,
        ("not_an_action", True): 1,
        ("ambiguous", True): 1,
    }


def test_misses_say_what_was_found() -> None:
    flagged, passed = evaluate_wording(ACTIONS, "action").misses
    assert (flagged.text, flagged.label, flagged.codes) == (
        "Improve the login page",
        "specific",
        ("only_improves",),
    )
    assert (passed.text, passed.flagged) == ("Add a probe for the cart", False)


def test_blame_takes_true_and_false_in_either_writing() -> None:
    rows: list[Row] = [
        {"text": "Human error", "blameful": True},
        {"text": "The sloppy change", "blameful": "True"},
        {"text": "The disk was full", "blameful": False},
    ]
    result = evaluate_wording(rows, "blame")
    assert (result.precision, result.recall, result.misses) == (1.0, 1.0, ())


def test_nothing_to_measure_gives_no_figure() -> None:
    result = evaluate_wording([], "blame")
    assert result.precision is None
    assert result.recall is None
