"""What still keeps a meeting from closing: every finding needs a promise or a recorded reason for none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from followthrough.actions import queries as actions
from followthrough.actions.models import ActionItem
from followthrough.causes.models import Finding

State = ActionItem.State
PROMISED = frozenset({State.COMMITTED, State.IN_PROGRESS, State.DONE, State.VERIFIED})


@dataclass(frozen=True)
class Left:
    """One thing that is left to do, in words, and the finding and action it is about."""

    text: str
    finding: UUID
    action: UUID | None = None

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Gate:
    """`covered` of the `total` findings that need an action; `ready` when nothing is `left`."""

    covered: int
    total: int
    left: list[Left]

    @property
    def ready(self) -> bool:
        return not self.left


def judge(findings: Sequence[Finding], items: Iterable[ActionItem], services: Sequence[str]) -> Gate:
    """The gate for `findings` and the action `items` (with owners) of one post-mortem, removed ones left out."""
    by_finding: dict[UUID | None, list[ActionItem]] = defaultdict(list)
    for item in items:
        if item.state != State.DECLINED:
            by_finding[item.finding_id].append(item)
    texts = [finding.text for finding in findings]
    needing = [finding for finding in findings if finding.needs_action]
    left = {finding.pk: _left_of(finding, by_finding[finding.pk], services, texts) for finding in needing}
    covered = sum(not rows for rows in left.values())
    return Gate(covered, len(needing), [row for rows in left.values() for row in rows])


def _left_of(
    finding: Finding, items: Sequence[ActionItem], services: Sequence[str], texts: Sequence[str]
) -> list[Left]:
    if finding.no_action_reason:
        return []
    if not items:
        return [Left(f"“{_short(finding.text)}” has no action and no reason for none", finding.pk)]
    wanting = {item.pk: (item, _wants(item, services, texts)) for item in items}
    if any(not wants for _, wants in wanting.values()):
        return []
    return [
        Left(f"“{_short(item.text)}” {', '.join(wants)}", finding.pk, item.pk)
        for item, wants in wanting.values()
    ]


def _wants(item: ActionItem, services: Sequence[str], findings: Sequence[str]) -> list[str]:
    wants = actions.missing_of(item, services=services, findings=findings)
    if item.owner and not item.owner.is_active:
        wants.append("has an owner who is no longer here")
    return wants


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79].rstrip()}…"
