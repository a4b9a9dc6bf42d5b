"""Reading people's feedback on similarity: what they confirmed to be the same thing again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q, QuerySet

from followthrough.incidents.models import Incident
from followthrough.similarity.models import SimilarityFeedback


def confirmed_similar(keys: Collection[int]) -> set[int]:
    """Open incidents that people confirmed to be the same thing again as one of these."""
    links = SimilarityFeedback.objects.filter(Q(one__in=keys) | Q(other__in=keys))
    return {incident for _, _, incident in linked_rows(links)} - set(keys)


def linked_rows(links: QuerySet[SimilarityFeedback]) -> list[tuple[int, datetime, int]]:
    """Both sides of each confirmed link between incidents that everyone may see."""
    everyones = Incident.Visibility.OPEN
    rows = links.filter(alike=True, one__visibility=everyones, other__visibility=everyones)
    ones = rows.values_list("pk", "one__began_at", "one")
    return [*ones, *rows.values_list("pk", "other__began_at", "other")]
