"""What the worker does with documents."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from followthrough.writing import operations, queries

AT_REST = timedelta(minutes=5)


def keep_versions() -> int:
    """Keeps a version of every text in which nobody has written for a while; how many that were."""
    resting = queries.resting(since=timezone.now() - AT_REST)
    for document in resting:
        operations.fold(document)
    operations.drop_folded()
    return len(resting)
