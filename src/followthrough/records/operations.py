"""Writing versioned records: added once, changed under a version (optimistic concurrency), removed with a way back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

from django.db import IntegrityError
from django.utils import timezone

from followthrough.activity import operations as activity
from followthrough.core.bulk_insert import bulk_insert
from followthrough.core.errors import Conflict, DomainError
from followthrough.core.field_changes import Changes, set_fields
from followthrough.core.fields import tidied
from followthrough.core.text import prose, refuse_no_text, refuse_too_long
from followthrough.people.models import User
from followthrough.records.models import VersionedRecord
from followthrough.wording.reasons import check_proof, check_reason
from followthrough.wording.text_hints import Hint

R = TypeVar("R", bound=VersionedRecord)

_MAX_ATTEMPTS = 5


class GrowthLimit(Protocol):
    """Raises DomainError where one more record (`is_new`), or `characters` more text, do not fit any more."""

    def __call__(self, record: VersionedRecord, *, is_new: bool, characters: int) -> None: ...


_limits: list[GrowthLimit] = []


def limit_growth(limit: GrowthLimit) -> None:
    """Asks `limit` before any record is added, restored or gets longer. Rooms above call it from ready()."""
    _limits.append(limit)


def _check_growth(record: VersionedRecord, *, is_new: bool, characters: int) -> None:
    for limit in _limits:
        limit(record, is_new=is_new, characters=characters)


def add(record: R, *, by: User | None) -> R:
    """Inserts a new record and logs it. Conflict if its key is taken, DomainError where no more fit."""
    _check_growth(record, is_new=True, characters=len(getattr(record, "text", "")))
    try:
        bulk_insert([record])
    except IntegrityError as error:
        raise Conflict("This was added already. Nothing was added twice.") from error
    activity.record(record, "added", by=by)
    return record


def revise(
    record: VersionedRecord,
    values: Mapping[str, Any],
    *,
    by: User | None,
    base: int | None = None,
    verb: str = "changed",
) -> Changes:
    """Sets `values`, raises the version and logs it; nothing happens where nothing differs.

    `base` is the version that somebody edited. Conflict, with the record's text as it stands, if it has moved
    on since; without a `base` the last writer wins per field.
    """
    values = tidied(record, values)
    for _ in range(_MAX_ATTEMPTS):
        if all(getattr(record, name) == value for name, value in values.items()):
            return {}
        if base is not None and base != record.version:
            raise stale_conflict(record)
        if (longer := len(values.get("text", "")) - len(getattr(record, "text", ""))) > 0:
            _check_growth(record, is_new=False, characters=longer)
        changes = set_fields(record, values)
        if _store(record, changes):
            activity.record(record, verb, by=by, changes=changes)
            return changes
        record.refresh_from_db()
    raise stale_conflict(record)


def stale_conflict(record: VersionedRecord) -> Conflict:
    """The refusal of a change to something that somebody else changed first."""
    return Conflict(
        "Somebody else changed this first. Your words were kept beside it: read both, then save again.",
        current={"id": str(record.pk), "version": record.version, "text": str(record)},
        field="text",
    )


def _store(record: VersionedRecord, changes: Changes) -> bool:
    """Writes the changed fields unless the row has another version by now."""
    rows = type(record)._default_manager.filter(pk=record.pk, version=record.version)
    values = {name: getattr(record, name) for name in changes}
    if not rows.update(**values, version=record.version + 1):
        return False
    record.version += 1
    return True


def remove(record: VersionedRecord, *, by: User | None, base: int | None = None) -> None:
    """Takes a record away; `restore` brings it back."""
    if record.removed_at is None:
        revise(record, {"removed_at": timezone.now()}, by=by, base=base, verb="removed")


def restore(record: VersionedRecord, *, by: User | None) -> None:
    if record.removed_at is not None:
        _check_growth(record, is_new=True, characters=len(getattr(record, "text", "")))
    revise(record, {"removed_at": None}, by=by, verb="restored")


def still_there(record: VersionedRecord) -> None:
    """DomainError for a record that was removed meanwhile."""
    if record.removed_at is not None:
        raise DomainError("This was removed meanwhile. Restore it first, then do this again.")


def words(text: str, *, needed: str = "", limit: int = 4000, field: str = "text") -> str:
    """`text` without blanks around it. DomainError over `limit` characters, or `needed` where nothing is left."""
    refuse_no_text(text, field=field)
    text = prose(text).strip()
    if needed and not text:
        raise DomainError(needed, field=field)
    refuse_too_long(text, limit=limit, field=field)
    return text


def reason(text: str, *, needed: str = "", limit: int = 500, field: str = "reason") -> str:
    """The same for every reason that people are asked to write: DomainError asks on where it says nothing, such as "x"
    or "none". Without `needed` it may be left out."""
    return _saying_something(words(text, needed=needed, limit=limit, field=field), check_reason, field)


def proof(text: str, *, needed: str, limit: int = 500, field: str = "proof") -> str:
    """The same for what shows that a fix held, or did not: a word or a link."""
    return _saying_something(words(text, needed=needed, limit=limit, field=field), check_proof, field)


def _saying_something(text: str, check: Callable[[str], Hint | None], field: str) -> str:
    if text and (hint := check(text)):
        raise DomainError(f"{hint.reason} {hint.question}", field=field)
    return text
