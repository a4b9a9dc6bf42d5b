"""Evaluation of the checks: precision and recall on rows that somebody has labelled."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from followthrough.wording.blame import find_blame
from followthrough.wording.specificity import check_action
from followthrough.wording.text_hints import Hint

Kind = Literal["action", "blame"]
Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Judged:
    """A row as its reader labelled it and as the check judged it."""

    text: str
    label: str
    flagged: bool
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """`confusion` counts rows by (label, flagged). Rows without a label are only counted."""

    kind: Kind
    positive: frozenset[str]
    undecided: frozenset[str]
    confusion: Mapping[tuple[str, bool], int]
    misses: tuple[Judged, ...]
    unlabelled: int

    @property
    def precision(self) -> float | None:
        """Share of the flagged rows that deserve it; None when nothing was flagged."""
        return _share(self.true_positives, self.true_positives + self.false_positives)

    @property
    def recall(self) -> float | None:
        """Share of the rows that deserve a flag that got one; None when there are no such rows."""
        return _share(self.true_positives, self.true_positives + self.false_negatives)

    @property
    def true_positives(self) -> int:
        return self._count(flagged=True, positive=True)

    @property
    def false_positives(self) -> int:
        return self._count(flagged=True, positive=False)

    @property
    def false_negatives(self) -> int:
        return self._count(flagged=False, positive=True)

    @property
    def true_negatives(self) -> int:
        return self._count(flagged=False, positive=False)

    def _count(self, *, flagged: bool, positive: bool) -> int:
        return sum(
            count
            for (label, was_flagged), count in self.confusion.items()
            if was_flagged is flagged and label not in self.undecided and (label in self.positive) is positive
        )


@dataclass(frozen=True, slots=True)
class _Scale:
    """Which labels deserve a flag, which are left out of the figures, and where row and hints are found."""

    column: str
    positive: frozenset[str]
    undecided: frozenset[str]
    hints: Callable[[str], tuple[Hint, ...]]


_SCALES: dict[Kind, _Scale] = {
    "action": _Scale(
        "label",
        frozenset({"vague", "not_an_action"}),
        frozenset({"ambiguous"}),
        lambda text: check_action(text).missing,
    ),
    "blame": _Scale("blameful", frozenset({"true"}), frozenset(), find_blame),
}


def evaluate_wording(rows: Iterable[Row], kind: Kind) -> Evaluation:
    """Checks each row `{text, label}` (actions) or `{text, blameful}` and compares with what its reader said.

    A flag is one hint or more. Actions labelled vague or not_an_action deserve one, specific ones do not;
    ambiguous ones, on which readers differ, stand in the confusion but in neither precision nor recall.
    """
    scale = _SCALES[kind]
    judged = [_judged(row, scale) for row in rows]
    labelled = [row for row in judged if row.label]
    return Evaluation(
        kind=kind,
        positive=scale.positive,
        undecided=scale.undecided,
        confusion=Counter((row.label, row.flagged) for row in labelled),
        misses=tuple(row for row in labelled if _is_miss(row, scale)),
        unlabelled=len(judged) - len(labelled),
    )


def _judged(row: Row, scale: _Scale) -> Judged:
    text, label = str(row["text"]), row.get(scale.column)
    hints = scale.hints(text)
    return Judged(
        text, "" if label is None else str(label).lower(), bool(hints), tuple(hint.code for hint in hints)
    )


def _is_miss(row: Judged, scale: _Scale) -> bool:
    return row.label not in scale.undecided and row.flagged is not (row.label in scale.positive)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
