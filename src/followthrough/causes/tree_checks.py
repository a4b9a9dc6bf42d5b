"""Lint for a why tree: what is worth another look. Hints only: nothing here keeps a meeting from going on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from followthrough.causes.cause_tree import Node, Step, walk
from followthrough.wording.blame import find_blame, names_a_persons_act
from followthrough.wording.text_hints import Hint

DEEP_LEVELS = 5
_SINGLY = 3
_QUOTED = 70
_NUMBERS = ("no", "one", "two", "three", "four")

Level = Literal["ok", "due", "hint"]


@dataclass(frozen=True)
class Check:
    """One remark about `cause` (None: about the tree); `rewrite` is a wording to start from, if there is one."""

    cause: str | None
    level: Level
    text: str
    rewrite: str | None = None


def checks_of(nodes: Sequence[Node], *, names: Sequence[str] = ()) -> list[Check]:
    """The remarks in the order to show them. `names` are the people of the incident."""
    steps = walk(nodes)
    if not steps:
        return [Check(None, "hint", "No cause yet. Begin with what directly made it happen.")]
    known = tuple(names)
    return [*_depth(steps, known), *_wording(steps, known), *_evidence(steps)]


def is_a_persons_act(text: str, names: Sequence[str] = ()) -> bool:
    """Whether the next why would begin at what a person did, or at "human error"."""
    return _is_act(text, tuple(names))


def wording_hint(text: str, names: Sequence[str], *, is_leaf: bool) -> tuple[str, str | None]:
    """(what to think of, a wording to start from) of one cause's words; ("", None) where they are fine."""
    if hints := _blame(text, tuple(names)):
        return hints[0].question, next((hint.rewrite for hint in hints if hint.rewrite), None)
    if is_leaf and is_a_persons_act(text, names):
        return "This branch ends at a person's act: what made it look right at the time?", None
    return "", None


def _depth(steps: list[Step], names: tuple[str, ...]) -> list[Check]:
    leaves = [step for step in steps if step.is_leaf]
    deep = [leaf for leaf in leaves if leaf.depth >= DEEP_LEVELS and not _is_act(leaf.node.text, names)]
    if deep:
        return [Check(None, "ok", _deep_enough(len(deep)))]
    longest = max((leaf for leaf in leaves if not _is_act(leaf.node.text, names)), key=_length, default=None)
    if longest is None or longest.depth >= DEEP_LEVELS:
        return []
    words = f"The longest chain is {_number(longest.depth)} deep, at {_quote(longest.node)}. Why was that so?"
    return [Check(longest.node.key, "hint", words)]


def _deep_enough(count: int) -> str:
    if count == 1:
        return "One chain is five deep and ends in the system"
    return f"{_number(count).capitalize()} chains are five deep and end in the system"


def _length(step: Step) -> int:
    return step.depth


def _wording(steps: list[Step], names: tuple[str, ...]) -> list[Check]:
    return [check for step in steps if (check := _worded(step, names))]


def _worded(step: Step, names: tuple[str, ...]) -> Check | None:
    node = step.node
    if hints := _blame(node.text, names):
        rewrite = next((hint.rewrite for hint in hints if hint.rewrite), None)
        tried = f" Try: “{rewrite}”" if rewrite else ""
        return Check(node.key, "due", f"{_quote(node)}: {hints[0].question}{tried}", rewrite)
    if step.is_leaf and _is_act(node.text, names):
        return Check(
            node.key,
            "due",
            f"This branch ends at a person's act, {_quote(node)}: what made it look right at the time?",
        )
    return None


def _evidence(steps: list[Step]) -> list[Check]:
    bare = [step.node for step in steps if not step.node.evidence]
    if len(bare) > _SINGLY:
        return [Check(None, "hint", f"{_number(len(bare)).capitalize()} causes have no evidence yet")]
    return [Check(node.key, "hint", f"{_quote(node)} has no evidence yet") for node in bare]


def _quote(node: Node) -> str:
    text = " ".join(node.text.split())
    return f"“{text if len(text) <= _QUOTED else text[: _QUOTED - 1].rstrip() + '…'}”"


def _number(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


@lru_cache(maxsize=4096)
def _blame(text: str, names: tuple[str, ...]) -> tuple[Hint, ...]:
    return find_blame(text, names=names)


@lru_cache(maxsize=4096)
def _is_act(text: str, names: tuple[str, ...]) -> bool:
    return names_a_persons_act(text, names)
