"""The why tree as plain values, for checks and drawings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Node:
    """One cause. `evidence` counts what shows it; `finding` is the kind it was promoted to, or ""."""

    key: str
    text: str
    parent: str | None = None
    category: str = ""
    evidence: int = 0
    finding: str = ""


@dataclass(frozen=True)
class Step:
    """A cause in its place: `above` leads from the first why down to its parent."""

    node: Node
    above: tuple[Node, ...]
    is_leaf: bool

    @property
    def depth(self) -> int:
        """Which why it answers, 1 for the first."""
        return len(self.above) + 1


def walk(nodes: Sequence[Node]) -> list[Step]:
    """Every cause before what is under it, siblings in the order given; empty leaves are left out.

    A cause whose parent is not among `nodes` stands at the top.
    """
    known = {node.key for node in nodes}
    below: dict[str | None, list[Node]] = defaultdict(list)
    for node in nodes:
        below[node.parent if node.parent in known else None].append(node)
    return list(_walk(below, None, ()))


def _walk(below: dict[str | None, list[Node]], key: str | None, above: tuple[Node, ...]) -> Iterator[Step]:
    for node in below[key]:
        under = list(_walk(below, node.key, (*above, node)))
        if under or node.text.strip():
            yield Step(node, above, is_leaf=not under)
            yield from under
