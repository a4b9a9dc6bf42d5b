"""Storage of the TF-IDF index: terms in the database with each incident, arrays in the data folder.

Import this where it is needed, not at start: numpy costs memory that an idle server can do without.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import numpy as np
from django.conf import settings
from django.db import transaction

from followthrough.activity.operations import allocate_numbers
from followthrough.core.bulk_insert import bulk_insert
from followthrough.incidents.models import Incident
from followthrough.similarity.columns import Row, Texts, starts_of
from followthrough.similarity.features import KINDS, Features, features_of
from followthrough.similarity.inverted_index import Index
from followthrough.similarity.models import IndexBuild, TermFrequencies
from followthrough.similarity.queries import backlog
from followthrough.similarity.queries.source_text import SourceText, texts_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

TOPIC = "compared texts"
INSERT_ROWS, BATCH_TEXTS = 100, 2000
MAX_LATE_TEXTS, SMALL_INDEX_TEXTS, MAX_LATE_SHARE = 20, 2000, 0.1
"""Words are learnt anew once LATE texts and one in fifty came since, or while there are few texts a tenth of them: up to
SMALL texts at once, else by the worker."""
UNFINISHED, ABANDONED = ".unfinished-", 3600
"""What a process is still writing is called so, and is nobody's any more after so many seconds."""
COLUMNS = ("words", "word_counts", "letters", "letter_counts")
_lock = threading.RLock()


class _Held:
    """What this process has in memory, if anything."""

    index: Index | None = None
    token: UUID | None = None
    number = 0
    asked: UUID | None = None
    """The token for which this process asked the worker to learn anew."""


def day_of(moment: datetime) -> float:
    """Days since 1970."""
    return moment.timestamp() / 86400


def write(keys: Collection[int]) -> None:
    """Stores what these incidents are compared by, as their texts stand."""
    rows = [_row(key, told) for key, told in sorted(texts_of(keys).items())]
    if not rows:
        return
    with transaction.atomic():
        last = allocate_numbers(TOPIC, len(rows))
        for number, row in enumerate(rows, last - len(rows) + 1):
            row.number = number
        TermFrequencies.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["incident"], update_fields=["number", *COLUMNS]
        )


def write_new(incident: Incident) -> None:
    """The same for one that was saved just now, of which only it tells yet."""
    row = _row(incident.pk, SourceText(incident.title, incident.what_happened))
    row.number = allocate_numbers(TOPIC, 1)
    bulk_insert([row])


def _row(key: int, told: SourceText) -> TermFrequencies:
    features = features_of(*told)
    columns = {name: getattr(features, name).tobytes() for name in COLUMNS}
    return TermFrequencies(incident_id=key, **columns)


def current() -> Index:
    """The index of this process with everything that is stored by now."""
    with _lock:
        write(backlog.newest_missing(INSERT_ROWS))
        learnt = IndexBuild.objects.first()
        if learnt is None:
            return fit_index()
        if _Held.index is None or _Held.token != learnt.token:
            _hold(_open(learnt), learnt.token, learnt.number)
        index = _append()
        if index.late <= min(MAX_LATE_TEXTS + len(index) // 50, MAX_LATE_SHARE * len(index)):
            return index
        if len(index) <= SMALL_INDEX_TEXTS:
            return fit_index()
        _ask_for_learning(learnt.token)
        return index


def stored_weights() -> NDArray[np.float32]:
    """How telling each word is, by its number."""
    return current().weights.words if _Held.index is None else _Held.index.weights.words


def fit_index() -> Index:
    """Learns anew which words are telling, from the incidents that are open to everyone, and keeps it as files."""
    with _lock:
        token, before = uuid4(), IndexBuild.objects.first()
        number = _last_number()
        index = _fit()
        _save(index, token)
        IndexBuild.objects.update_or_create(pk=1, defaults={"token": token, "number": number})
        _tidy({token, before.token} if before else {token})
        _hold(index, token, number)
        return _append()


def _hold(index: Index, token: UUID, number: int) -> None:
    _Held.index, _Held.token, _Held.number = index, token, number


def _ask_for_learning(token: UUID) -> None:
    if _Held.asked != token:
        _Held.asked = token
        backlog.index_outdated.send(sender=None)


def _append() -> Index:
    """Adds what was stored since the last look."""
    index = _Held.index
    assert index is not None  # noqa: S101 - held by the caller
    rows = TermFrequencies.objects.filter(number__gt=_Held.number).order_by("number")
    found = list(rows.values_list("incident", "incident__began_at", "number", *COLUMNS))
    if found:
        index.append([Row(key, day_of(began_at), _features(columns)) for key, began_at, _, *columns in found])
        _Held.number = found[-1][2]
    return index


def _features(columns: list[bytes]) -> Features:
    return Features(*(np.frombuffer(column, kind) for column, kind in zip(columns, KINDS, strict=True)))


def _fit() -> Index:
    texts, everyones = [Texts.of([])], [np.zeros(0, bool)]
    for rows in _stored():
        texts.append(_columns(rows))
        everyones.append(np.array([row[2] == Incident.Visibility.OPEN for row in rows]))
    return Index.fit(Texts.join(texts), among=np.concatenate(everyones))


def _stored() -> Iterator[list[tuple[Any, ...]]]:
    """Everything that is stored, by ascending keys, some at a time."""
    rows = TermFrequencies.objects.order_by("pk").values_list(
        "incident", "incident__began_at", "incident__visibility", *COLUMNS
    )
    found = rows.iterator(chunk_size=BATCH_TEXTS)
    while piece := list(islice(found, BATCH_TEXTS)):
        yield piece


def _columns(rows: list[tuple[Any, ...]]) -> Texts:

    columns = [
        np.frombuffer(b"".join(row[at] for row in rows), kind) for at, kind in enumerate(KINDS, start=3)
    ]
    return Texts(
        keys=np.array([row[0] for row in rows], np.int64),
        days=np.array([day_of(row[1]) for row in rows]),
        word_starts=starts_of([len(row[4]) for row in rows]),
        words=columns[0],
        word_counts=columns[1],
        letter_starts=starts_of([len(row[6]) for row in rows]),
        letters=columns[2],
        letter_counts=columns[3],
    )


def _folder() -> Path:
    folder: Path = settings.ENVIRONMENT.data / "similar"
    return folder


def _save(index: Index, token: UUID) -> None:
    _folder().mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(dir=_folder(), prefix=UNFINISHED))
    index.save(unfinished)
    try:
        unfinished.rename(_folder() / str(token))
    except OSError:  # another process was first
        shutil.rmtree(unfinished)


def _open(learnt: IndexBuild) -> Index:
    """From the files; where they are missing or damaged, from the database."""
    try:
        return Index.load(_folder() / str(learnt.token))
    except (OSError, ValueError):
        shutil.rmtree(_folder() / str(learnt.token), ignore_errors=True)
    learnt.number = _last_number()
    index = _fit()
    _save(index, learnt.token)
    return index


def _tidy(kept: set[UUID]) -> None:
    """Removes what was learnt before and what was left unfinished; a process that still reads it keeps its hold."""
    for folder in _folder().iterdir():
        with suppress(OSError):
            is_being_written = folder.name.startswith(UNFINISHED) and _age(folder) < ABANDONED
            if folder.name not in map(str, kept) and not is_being_written:
                shutil.rmtree(folder)


def _age(folder: Path) -> float:
    """Seconds since something was put into it."""
    return time.time() - folder.stat().st_mtime


def _last_number() -> int:
    return TermFrequencies.objects.order_by("-number").values_list("number", flat=True).first() or 0
