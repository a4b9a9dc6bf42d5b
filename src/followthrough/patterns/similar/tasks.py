"""Keeping what incidents are compared by up to date, done by the worker."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django_tasks import task

from followthrough.incidents.models import Incident
from followthrough.patterns.similar import waiting

AT_A_TIME = 100


@task()
def write_texts(keys: list[int]) -> str:
    """Stores what these incidents are compared by."""
    _write(keys)
    return f"{len(keys)} written"


def write_new(incident: Incident) -> None:
    """The same for one that was saved just now, in its own transaction."""
    from followthrough.patterns.similar import store  # noqa: PLC0415 - brings numpy

    store.write_new(incident)
    if settings.ENVIRONMENT.sentence_model:
        read_meanings.enqueue([incident.pk])


@task()
def read_meanings(keys: list[int]) -> str:
    """Lets the sentence model read the summaries of these incidents."""
    from followthrough.patterns.similar import meaning  # noqa: PLC0415 - brings numpy

    meaning.write(keys)
    return f"{len(keys)} read"


@task()
def learn_words() -> str:
    """Learns anew which words are telling, if anything was stored since."""
    if not waiting.is_outdated():
        return "nothing new"
    from followthrough.patterns.similar import store  # noqa: PLC0415 - brings numpy

    store.learn()
    return "learnt"


def learn_nightly() -> None:
    """Once a night: stores what changed or is missing, then learns words anew, if there is anything."""
    _write(waiting.missing_or_changed())
    learn_words.call()
    if settings.ENVIRONMENT.sentence_model:
        _read_missing()


def _read_missing() -> None:
    from followthrough.patterns.similar import meaning  # noqa: PLC0415 - brings numpy

    for keys in meaning.missing():
        meaning.write(keys)


def _write(keys: Sequence[int]) -> None:
    if not keys:
        return
    from followthrough.patterns.similar import store  # noqa: PLC0415 - brings numpy

    for first in range(0, len(keys), AT_A_TIME):
        store.write(keys[first : first + AT_A_TIME])
        if settings.ENVIRONMENT.sentence_model:
            read_meanings.enqueue(list(keys[first : first + AT_A_TIME]))
