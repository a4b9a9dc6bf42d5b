"""When a written reason says something, and when it only fills its field."""

import pytest

from followthrough.wording.reasons import check_reason

EMPTY = [
    "",
    "   ",
    "x",
    "-",
    "…",
    "n/a",
    "N.A.",
    "none",
    "No.",
    "not needed",
    "Not necessary, really",
    "because",
    "just because",
    "no reason",
    "No action needed",
    "there are no findings",
    "no timeline entries yet",
    "tbd",
    "TODO later",
    "xxxxx xxxx",
    "asdf asdf",
    "qwer hjkl",
    "blah blah",
    "lorem ipsum",
    "test test",
    "123 456",
    "see above",
    "obvious",
    "ok ok ok",
    "it was not necessary",
    "we did not do it",
    "there is no need for it",
    "I do not know why",
    "did not want to",
    "x x x x",
]
TOLD = [
    "Fixed upstream",
    "Duplicate of INC-12",
    "OPS-31",
    "https://tracker.example/7",
    "The vendor has replaced the part",
    "We ran out of time; Priya writes it up on Friday",
    "Already covered by the actions of last week's post-mortem",
    "One alert at 14:03, nothing before it was logged",
    "Planned power cut",
    "The vendor wrote one",
    "Nobody else is awake",
    "We were lucky",
    "Ursache liegt beim Anbieter",
    "原因は上流の障害です",
    "Причина у провайдера",
]


@pytest.mark.parametrize("reason", EMPTY)
def test_a_reason_that_says_nothing_is_asked_about(reason: str) -> None:
    hint = check_reason(reason)
    assert hint is not None
    assert hint.question.endswith("?")


@pytest.mark.parametrize("reason", TOLD)
def test_a_short_and_plain_reason_is_enough(reason: str) -> None:
    assert check_reason(reason) is None
