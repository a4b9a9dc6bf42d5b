"""Uploaded files and the runs that import them."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path, PurePath
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from followthrough.core.errors import DomainError, NotFound
from followthrough.core.text import line, repaired
from followthrough.incidents.imports.column_mapping import Meaning
from followthrough.incidents.imports.import_run import Report, run
from followthrough.incidents.models import ImportRun
from followthrough.people.models import User

State = ImportRun.State
MAX_IMMEDIATE_BYTES = 300_000
"""Some 3,000 rows of a table; more is the worker's."""
KEPT = timedelta(days=2)
"""How long files wait for somebody to look at their preview and import them."""
MAX_NAME_BYTES = 200


def keep_uploads(files: Iterable[UploadedFile[bytes]], *, by: User) -> ImportRun:
    """Stores the files in a folder of their own until they are imported."""
    found = ImportRun(id=uuid4(), started_by=by, files=[])
    folder = folder_of(found)
    folder.mkdir(mode=0o700, parents=True)
    for number, file in enumerate(files):
        given = _last_bytes(PurePath(line(repaired(file.name or "")) or "file").name)
        name = f"{number}-{given}" if given in found.files else given
        (folder / name).touch(mode=0o600)
        with (folder / name).open("wb") as target:
            target.writelines(file.chunks())
        found.files.append(name)
    found.save()
    return found


def _last_bytes(name: str) -> str:
    """File systems count a name's bytes, 255 of them."""
    return name.encode()[-MAX_NAME_BYTES:].decode(errors="ignore")


def find_run(user: User, pk: UUID) -> ImportRun:
    """One's own run; those of others do not exist."""
    found = ImportRun.objects.filter(pk=pk, started_by=user).first()
    if found is None:
        raise NotFound("There is no such import, or somebody else began it.")
    return found


def folder_of(upload: ImportRun) -> Path:
    return Path(settings.MEDIA_ROOT) / "imports" / str(upload.pk)


def paths_of(upload: ImportRun) -> list[Path]:
    return [folder_of(upload) / name for name in upload.files]


def is_long(upload: ImportRun) -> bool:
    """Whether looking through it takes more than about a second, so that the worker should do it."""
    return sum(path.stat().st_size for path in paths_of(upload)) > MAX_IMMEDIATE_BYTES


def look_through(upload: ImportRun) -> None:
    """Works out what an import would do and keeps that, so that looking at the page costs nothing.

    With what the person said of the columns, else as they are remembered or guessed. DomainError for files that
    cannot be imported at all.
    """

    def count(rows: int) -> None:
        ImportRun.objects.filter(pk=upload.pk).update(rows_read=rows)

    said = Meaning(**upload.mapping) if upload.mapping else None
    report = run(paths_of(upload), by=upload.started_by, meaning=said, dry_run=True, on_progress=count)
    upload.preview, upload.mapping = report.preview, report.meaning.as_data
    upload.state, upload.rows_read = State.PREVIEW, 0
    upload.save(update_fields=["preview", "mapping", "state", "rows_read"])


def look_through_later(upload: ImportRun) -> None:
    """The same by the worker; what cannot be imported at all is noted on the run."""
    try:
        look_through(upload)
    except Exception as error:
        reason = error.message if isinstance(error, DomainError) else "Something broke on our side."
        _finish(upload, State.FAILED, {"reason": reason, "nothing": True})
        shutil.rmtree(folder_of(upload), ignore_errors=True)
        if not isinstance(error, DomainError):
            raise


def carry_out(upload: ImportRun) -> Report | None:
    """Imports the run's files, counts along on it, and removes the files; None if it was carried out before."""
    waiting = ImportRun.objects.filter(pk=upload.pk, state__in=[State.PREVIEW, State.WAITING])
    if not waiting.update(state=State.RUNNING):
        return None

    def count(rows: int) -> None:
        ImportRun.objects.filter(pk=upload.pk).update(rows_read=rows)

    try:
        report = run(
            paths_of(upload), by=upload.started_by, meaning=Meaning(**upload.mapping), on_progress=count
        )
    except Exception as error:
        reason = error.message if isinstance(error, DomainError) else "Something broke on our side."
        _finish(upload, State.FAILED, {"reason": reason})
        raise
    _finish(upload, State.DONE, report.summary)
    shutil.rmtree(folder_of(upload), ignore_errors=True)
    return report


def set_meaning(upload: ImportRun, meaning: Meaning) -> None:
    """Notes what the columns mean for this run."""
    upload.mapping = meaning.as_data
    upload.save(update_fields=["mapping"])


def discard(upload: ImportRun) -> None:
    """Throws a preview away with its files."""
    shutil.rmtree(folder_of(upload), ignore_errors=True)
    upload.delete()


def tidy_uploads() -> int:
    """Throws away previews that nobody imported within KEPT, and the files of runs that ended otherwise; returns how many."""
    before = timezone.now() - KEPT
    left = list(ImportRun.objects.filter(state__in=[State.PREVIEW, State.CHECKING], created_at__lt=before))
    for upload in left:
        discard(upload)
    busy = ImportRun.objects.filter(state__in=[State.CHECKING, State.PREVIEW, State.WAITING, State.RUNNING])
    wanted = {str(key) for key in busy.values_list("pk", flat=True)}
    stray = [
        path for path in _folders() if path.name not in wanted and path.stat().st_mtime < before.timestamp()
    ]
    for path in stray:
        shutil.rmtree(path, ignore_errors=True)
    return len(left) + len(stray)


def _folders() -> list[Path]:
    root = Path(settings.MEDIA_ROOT) / "imports"
    return [path for path in root.iterdir() if path.is_dir()] if root.is_dir() else []


def _finish(upload: ImportRun, state: str, report: dict[str, object]) -> None:
    upload.state, upload.report, upload.finished_at = state, report, timezone.now()
    upload.save(update_fields=["state", "report", "finished_at"])
