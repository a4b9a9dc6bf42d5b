"""Indexing backlog: texts that are not indexed yet, or stale; found without loading numpy."""

from __future__ import annotations

from django.db.models import Subquery
from django.db.models.functions import Coalesce
from django.dispatch import Signal

from followthrough.activity.models import Activity
from followthrough.incidents.models import Incident
from followthrough.similarity.models import IndexBuild, TermFrequencies

index_outdated = Signal()
"""Sent when so many texts came since that words should be learnt anew, by whoever does that."""


def newest_missing(limit: int) -> list[int]:
    """Incidents that came after all those of which something is stored, the first of them first."""
    last = TermFrequencies.objects.order_by("-pk").values("pk")[:1]
    rows = Incident.objects.filter(pk__gt=Coalesce(Subquery(last), 0)).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:limit])


def missing_or_changed() -> list[int]:
    """Incidents of which nothing is stored, or where anything happened since words were last learnt."""
    keys = set(Incident.objects.filter(term_frequencies=None).values_list("pk", flat=True))
    if learnt := IndexBuild.objects.first():
        rows = Activity.objects.filter(at__gte=learnt.at, topic__startswith="incident:").order_by()
        keys |= {int(topic.partition(":")[2]) for topic in rows.values_list("topic", flat=True).distinct()}
    return sorted(keys)


def is_outdated() -> bool:
    """Whether anything was stored since words were last learnt."""
    learnt = IndexBuild.objects.first()
    last = TermFrequencies.objects.order_by("-number").values_list("number", flat=True).first() or 0
    return last > (learnt.number if learnt else 0)
