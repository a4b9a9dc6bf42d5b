"""Keeping the TF-IDF index up to date, done by the worker."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.dispatch import receiver
from django_tasks import task

from followthrough.incidents.models import Incident
from followthrough.similarity.queries import backlog

BATCH_TEXTS = 100


@task()
def write_texts(keys: list[int]) -> str:
    """Stores what these incidents are compared by."""
    _write(keys)
    return f"{len(keys)} written"


def write_new(incident: Incident) -> None:
    """The same for one that was saved just now, in its own transaction."""
    from followthrough.similarity import index_store  # noqa: PLC0415 - brings numpy

    index_store.write_new(incident)
    if settings.ENVIRONMENT.sentence_model:
        write_embeddings.enqueue([incident.pk])


@task()
def write_embeddings(keys: list[int]) -> str:
    """Lets the sentence model read the summaries of these incidents."""
    from followthrough.similarity import embeddings  # noqa: PLC0415 - brings numpy

    embeddings.write_embeddings(keys)
    return f"{len(keys)} read"


@task()
def fit_index() -> str:
    """Learns anew which words are telling, if anything was stored since."""
    if not backlog.is_outdated():
        return "nothing new"
    from followthrough.similarity import index_store  # noqa: PLC0415 - brings numpy

    index_store.fit_index()
    return "learnt"


@receiver(backlog.index_outdated)
def ask_for_fit(**_: object) -> None:
    """The worker learns anew; questions are answered from what is known meanwhile."""
    fit_index.enqueue()


def fit_index_nightly() -> None:
    """Once a night: stores what changed or is missing, then learns words anew, if there is anything."""
    _write(backlog.missing_or_changed())
    fit_index.call()
    if settings.ENVIRONMENT.sentence_model:
        _read_missing()


def _read_missing() -> None:
    from followthrough.similarity import embeddings  # noqa: PLC0415 - brings numpy

    for keys in embeddings.missing_embeddings():
        embeddings.write_embeddings(keys)


def _write(keys: Sequence[int]) -> None:
    if not keys:
        return
    from followthrough.similarity import index_store  # noqa: PLC0415 - brings numpy

    for first in range(0, len(keys), BATCH_TEXTS):
        index_store.write(keys[first : first + BATCH_TEXTS])
        if settings.ENVIRONMENT.sentence_model:
            write_embeddings.enqueue(list(keys[first : first + BATCH_TEXTS]))
