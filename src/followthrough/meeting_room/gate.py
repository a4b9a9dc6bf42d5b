"""What still keeps a meeting from closing: a finding without a promise or a reason for none, and what is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from followthrough.actions import queries as actions
from followthrough.actions.models import ActionItem
from followthrough.causes.models import Finding
from followthrough.postmortems.models import Omission, PostMortem

State, What = ActionItem.State, Omission.What
PROMISED = frozenset({State.COMMITTED, State.IN_PROGRESS, State.DONE, State.VERIFIED})
_SAYS_WHY = frozenset({Finding.Kind.ROOT_CAUSE, Finding.Kind.CONTRIBUTING_FACTOR, Finding.Kind.TRIGGER})


@dataclass(frozen=True)
class Left:
    """One thing that is left to do, in words, and the finding and action it is about, or else what is missing."""

    text: str
    finding: UUID | None = None
    action: UUID | None = None
    missing: str = ""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Missing:
    """Something that every post-mortem has and this one has not; `reason` is empty until somebody says why."""

    what: str
    reason: str

    @property
    def name(self) -> str:
        return What(self.what).label


@dataclass(frozen=True)
class Gate:
    """`covered` of the `total` findings that need an action; `ready` when nothing is `left`.

    `missing` may stay so with a reason for each.
    """

    covered: int
    total: int
    left: list[Left]
    missing: list[Missing]

    @property
    def ready(self) -> bool:
        return not self.left


def judge(
    findings: Sequence[Finding],
    items: Iterable[ActionItem],
    services: Sequence[str],
    missing: Sequence[Missing] = (),
) -> Gate:
    """The gate for `findings` and the action `items` (with owners) of one post-mortem, removed ones left out."""
    by_finding: dict[UUID | None, list[ActionItem]] = defaultdict(list)
    for item in items:
        if item.state != State.DECLINED:
            by_finding[item.finding_id].append(item)
    texts = [finding.text for finding in findings]
    needing = [finding for finding in findings if finding.needs_action]
    left = {finding.pk: _left_of(finding, by_finding[finding.pk], services, texts) for finding in needing}
    covered = sum(not rows for rows in left.values())
    unsaid = [
        Left(f"{row.name}, and no reason for none", missing=row.what) for row in missing if not row.reason
    ]
    return Gate(
        covered, len(needing), [row for rows in left.values() for row in rows] + unsaid, list(missing)
    )


def missing_in(
    postmortem: PostMortem,
    *,
    has_timeline: bool,
    has_causes: bool,
    findings: Collection[Finding],
    states: Iterable[str],
    reasons: Mapping[str, str],
) -> list[Missing]:
    """What `postmortem` lacks, with the `reasons` that were given; `states` are its actions'. A finding that says why is a cause as well."""
    asked_only = postmortem.facilitator_state == PostMortem.FacilitatorState.ASKED
    present = {
        What.TIMELINE: has_timeline,
        What.CAUSES: has_causes or any(finding.kind in _SAYS_WHY for finding in findings),
        What.FINDINGS: bool(findings),
        What.ACTIONS: any(state != State.DECLINED for state in states),
        What.FACILITATOR: postmortem.facilitator_id is not None and not asked_only,
    }
    return [Missing(what.value, reasons.get(what, "")) for what, is_there in present.items() if not is_there]


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
