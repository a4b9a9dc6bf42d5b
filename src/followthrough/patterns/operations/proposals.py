"""Proposing incidents that sound alike, so that people may make a pattern of them. Nothing is joined without a person."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from followthrough.facts.models import Aggregate
from followthrough.facts.queries import YEAR
from followthrough.incidents.models import Incident
from followthrough.patterns.models import PatternMembership, Proposal
from followthrough.patterns.text_clusters import Cluster, clusters_of

MAX_INCIDENTS = 2000
_MIN_OVERLAP = 0.5
"""A proposal with so large a share in common with one that was settled is not made again."""


def propose_patterns() -> int:
    """Proposes anew from the incidents of twelve months whose causes nobody confirmed; returns how many there are.

    Skipped while the same incidents are told in the same words.
    """
    if not is_outdated():
        return Proposal.objects.filter(settled_at=None).count()
    rows = list(_untold(timezone.now()))
    digest = _digest([(row.pk, row.version) for row in rows])
    found = [
        (cluster, [rows[place] for place in cluster.places])
        for cluster in clusters_of([_text(row) for row in rows])
    ]
    with transaction.atomic():
        _write(found)
        Aggregate.objects.update_or_create(key="proposed", defaults={"value": digest})
    return Proposal.objects.filter(settled_at=None).count()


def is_outdated() -> bool:
    """Whether other incidents, or the same in other words, would be compared than the last time."""
    digest = _digest(_untold(timezone.now()).values_list("pk", "version"))
    return not Aggregate.objects.filter(key="proposed", value=digest).exists()


def _digest(versions: Iterable[tuple[int, int]]) -> str:
    return hashlib.sha256(repr(list(versions)).encode()).hexdigest()


def _untold(now: datetime) -> QuerySet[Incident]:
    """Open incidents of twelve months without a confirmed cause and not in a pattern by people, the newest first."""
    said = PatternMembership.objects.filter(belongs=True).values("incident")
    rows = Incident.objects.filter(metrics__has_cause=False, began_at__gt=now - YEAR).exclude(pk__in=said)
    return rows.order_by("-began_at", "-pk")[:MAX_INCIDENTS]


def _text(incident: Incident) -> str:
    return f"{incident.title} {incident.title} {incident.what_happened}"


def _write(found: Sequence[tuple[Cluster, list[Incident]]]) -> None:
    settled = [
        set(proposal.incidents.values_list("pk", flat=True))
        for proposal in Proposal.objects.exclude(settled_at=None)
    ]
    Proposal.objects.filter(settled_at=None).delete()
    for cluster, incidents in found:
        keys = {incident.pk for incident in incidents}
        if not any(_share(keys, known) >= _MIN_OVERLAP for known in settled):
            proposal = Proposal.objects.create(
                signature=hashlib.sha256(repr(sorted(keys)).encode()).hexdigest(),
                words=cluster.words,
                size=len(keys),
                last_at=max(incident.began_at for incident in incidents),
            )
            proposal.incidents.set(keys)


def _share(keys: Collection[int], known: Collection[int]) -> float:
    """What two sets have in common, by Jaccard."""
    return len(set(keys) & set(known)) / len(set(keys) | set(known))
