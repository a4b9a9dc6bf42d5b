"""Reading the why tree and the findings."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from followthrough.causes.cause_tree import Node
from followthrough.causes.models import Cause, Finding
from followthrough.core.errors import NotFound
from followthrough.postmortems.models import PostMortem


def causes_of(postmortem: PostMortem) -> QuerySet[Cause]:
    """The why tree as a flat list: siblings in their order."""
    return (
        Cause.objects.filter(postmortem=postmortem, removed_at=None)
        .select_related("author")
        .order_by("position", "created_at", "pk")
    )


def findings_of(postmortem: PostMortem) -> QuerySet[Finding]:
    return (
        Finding.objects.filter(postmortem=postmortem, removed_at=None)
        .select_related("cause")
        .order_by("position", "created_at", "pk")
    )


def tree_of(postmortem: PostMortem) -> list[Node]:
    """The why tree as plain values, with how many entries and which finding stand for each cause; two queries."""
    kinds = dict(
        Finding.objects.filter(postmortem=postmortem, removed_at=None, cause__isnull=False)
        .order_by("-created_at")
        .values_list("cause_id", "kind")
    )
    evidence = Count("evidence", filter=Q(evidence__removed_at=None))
    return [
        Node(
            key=str(cause.pk),
            text=cause.text,
            parent=str(cause.parent_id) if cause.parent_id else None,
            category=cause.category,
            evidence=cause.shown_by,
            finding=kinds.get(cause.pk, ""),
        )
        for cause in causes_of(postmortem).annotate(shown_by=evidence)
    ]


def find_cause(postmortem: PostMortem, key: UUID | str) -> Cause:
    """A cause of this post-mortem, removed or not. NotThere otherwise."""
    cause = Cause.objects.filter(postmortem=postmortem, pk=key).first()
    if cause is None:
        raise NotFound("This cause is not part of the post-mortem.")
    return cause


def find_finding(postmortem: PostMortem, key: UUID | str) -> Finding:
    """A finding of this post-mortem, removed or not. NotThere otherwise."""
    finding = Finding.objects.filter(postmortem=postmortem, pk=key).first()
    if finding is None:
        raise NotFound("This finding is not part of the post-mortem.")
    return finding


def subtree(cause: Cause) -> list[Cause]:
    """The cause and everything under it, removed or not, each after its parent."""
    below: dict[UUID | None, list[Cause]] = {}
    for one in Cause.objects.filter(postmortem=cause.postmortem_id):
        below.setdefault(one.parent_id, []).append(one)
    found = [cause]
    for one in found:
        found.extend(below.get(one.pk, []))
    return found


def next_position(postmortem: PostMortem, parent: Cause | None) -> float:
    """After the last sibling."""
    siblings = Cause.objects.filter(postmortem=postmortem, parent=parent)
    return (siblings.aggregate(last=Max("position"))["last"] or 0.0) + 1.0


def next_finding_position(postmortem: PostMortem) -> float:
    findings = Finding.objects.filter(postmortem=postmortem)
    return (findings.aggregate(last=Max("position"))["last"] or 0.0) + 1.0
