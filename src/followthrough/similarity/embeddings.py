"""Embeddings of incidents' summaries by a sentence model, if one is used: stored with them, for reranking."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from django.conf import settings

from followthrough.core.errors import DomainError
from followthrough.incidents.models import Incident
from followthrough.similarity.inverted_index import Match
from followthrough.similarity.models import Embedding
from followthrough.similarity.queries.source_text import SourceText, texts_of
from followthrough.similarity.sentence_model import BATCH_SUMMARIES, SentenceModel, mean_pooled, summary_of

log = logging.getLogger(__name__)


def stored_model() -> SentenceModel | None:
    """The model of this process, or None where there is none to be had, which is logged once."""
    folder = settings.ENVIRONMENT.sentence_model
    return _opened(folder) if folder else None


@lru_cache(maxsize=1)
def _opened(folder: Path) -> SentenceModel | None:
    try:
        return SentenceModel(folder)
    except DomainError as error:
        log.warning("Similar incidents are found by their words alone: %s", error.message)
        return None


def write_embeddings(keys: Collection[int]) -> None:
    """Stores where the summaries of these incidents lie, if there is a model."""
    told, model = texts_of(keys), stored_model()
    if model is None or not told:
        return
    vectors = model.vectors_of([summary_of(*one) for one in told.values()])
    Embedding.objects.bulk_create(
        [
            Embedding(incident_id=key, model=model.token, vector=vector.astype("<f2").tobytes())
            for key, vector in zip(told, vectors, strict=True)
        ],
        update_conflicts=True,
        unique_fields=["incident"],
        update_fields=["model", "vector"],
    )


def missing_embeddings() -> Iterator[list[int]]:
    """Incidents that this model has not read yet, some at a time."""
    model = stored_model()
    if model is None:
        return
    read = Embedding.objects.filter(model=model.token).values("incident")
    keys = list(Incident.objects.exclude(pk__in=read).order_by("-pk").values_list("pk", flat=True))
    for first in range(0, len(keys), BATCH_SUMMARIES):
        yield keys[first : first + BATCH_SUMMARIES]


def rerank(matches: Sequence[Match], asked: int, told: SourceText) -> list[Match]:
    """The matches with what their meaning adds to each score, best first: how much nearer it is to the asked incident,
    or sentence, than that of all of them is on average."""
    model = stored_model()
    if model is None or not matches:
        return list(matches)
    rows = Embedding.objects.filter(model=model.token, incident__in=[asked, *(one.key for one in matches)])
    known = {key: np.frombuffer(vector, "<f2") for key, vector in rows.values_list("incident", "vector")}
    own = known.get(asked) if asked else model.vectors_of([summary_of(*told)])[0]
    if own is None:
        return list(matches)
    return mean_pooled(matches, {key: float(vector @ own) for key, vector in known.items() if key != asked})
