"""What holds for every text: no crash, places inside the text, the same answer twice, answers in time."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from followthrough.wording.blame import find_blame, names_a_persons_act
from followthrough.wording.specificity import check_action
from followthrough.wording.text_hints import Hint
from tests.pace import taking_at_most

SCRAPS = """
    we I Sam the engineer team should not have been human error forgot to failed mistakenly add improve investigate
    monitoring a test if had and then more careful maybe 80 % . , ? : ; - ( ) `x` ‹n› https://x.y T12 [x] didn't
    properly reviewed
"""
WORDS = st.sampled_from([*SCRAPS.split(), "\n"])
TEXTS = st.text(max_size=200) | st.lists(WORDS, max_size=30).map(" ".join)
NAMES = st.sampled_from([[], ["Sam"], ["Priya Nair", "Will"], ["", " ", "(", "a.b|c", "[x"]])
THINGS = st.lists(st.text(max_size=12), max_size=3)


def spans_lie_within(text: str, hints: tuple[Hint, ...]) -> bool:
    return all(hint.span is None or 0 <= hint.span[0] <= hint.span[1] <= len(text) for hint in hints)


@settings(max_examples=100, deadline=None)
@given(TEXTS, THINGS, THINGS)
def test_actions(text: str, services: list[str], findings: list[str]) -> None:
    check = check_action(text, services=services, findings=findings)
    assert check.specific is (not check.missing)
    assert (check.suggestion is None) is check.specific
    assert spans_lie_within(text, check.missing)
    assert check == check_action(text, services=services, findings=findings)


@settings(max_examples=100, deadline=None)
@given(TEXTS, THINGS)
def test_a_suggestion_needs_no_further_suggestion(text: str, findings: list[str]) -> None:
    suggestion = check_action(text, findings=findings).suggestion
    assert suggestion is None or check_action(suggestion).specific


@settings(max_examples=100, deadline=None)
@given(TEXTS, NAMES)
def test_blame(text: str, names: list[str]) -> None:
    hints = find_blame(text, names=names)
    assert spans_lie_within(text, hints)
    assert hints == find_blame(text, names=names)
    assert all(not find_blame(hint.rewrite, names=names) for hint in hints if hint.rewrite)
    assert names_a_persons_act(text, names) is names_a_persons_act(text, names)


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_marks_of_blame_do_not_overlap(text: str) -> None:
    spans = [hint.span for hint in find_blame(text) if hint.span]
    assert all(left[1] <= right[0] for left, right in pairwise(spans))


def test_a_check_is_fast_enough_to_run_at_every_key() -> None:
    action = (
        "Investigate why the retry queue of the ledger filled and consider adding an alert for its length"
    )
    sentence = (
        "The on-call engineer should have noticed that the queue was full before the deploy was not reverted"
    )
    with taking_at_most(200 * 0.002):
        for _ in range(100):
            check_action(action, services=["ledger"], findings=["The retry queue filled"])
            find_blame(sentence, names=["Priya Nair", "Will Stone"])
