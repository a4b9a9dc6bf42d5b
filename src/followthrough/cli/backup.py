"""backup and restore."""

from __future__ import annotations

import shutil
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from followthrough.cli import backup_archive
from followthrough.cli.bootstrap import Data, bootstrap, bring_up_to_date
from followthrough.cli.data_lock import data_folder_lock
from followthrough.core.errors import DomainError

RUNNING = "The server is running on this data. Stop it first, then restore."


def backup(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE",
            help="Where to write it.  [default: followthrough-DATE.tar.gz]",
            show_default=False,
        ),
    ] = None,
    data: Data = None,
) -> None:
    """Writes everything into one file, also while the server runs.

    The database as it is at one moment, the uploaded files and the secret key. Keep the file as safe as the data.

    \b
    Examples:
      followthrough backup
      followthrough backup /backups/monday.tar.gz --data /var/lib/followthrough
    """
    if data is not None and not data.is_dir():
        raise DomainError(f"There is no folder {data}, so there is nothing to back up.")
    bootstrap(data)
    now = datetime.now().astimezone()
    target = file or Path(f"followthrough-{now:%Y-%m-%d-%H%M%S}.tar.gz")
    if not target.parent.is_dir():
        raise DomainError(f"There is no folder {target.parent}. Make it first, or name another file.")
    size = backup_archive.write_archive(_data_folder(), target, made_at=now)
    typer.echo(f"Backed up to {target} ({size / 1e6:.1f} MB).")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A file that `followthrough backup` wrote.")],
    data: Data = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
) -> None:
    """Puts a backup in the place of the data there is now.

    Stop the server first. The backup is checked before anything is touched, and the data of now is kept in a
    folder beside it.

    \b
    Example:
      followthrough restore /backups/monday.tar.gz --data /var/lib/followthrough
    """
    bootstrap(data)
    folder = _data_folder()
    if not file.is_file():
        raise DomainError(f"There is no file {file}.")
    _refuse_while_serving(folder)
    with data_folder_lock(folder, refusal=RUNNING):
        aside, made_at = _put_in_place(file, folder, asked=yes)
        bring_up_to_date()
    typer.echo(f"Restored the backup of {made_at:%d %B %Y %H:%M}. The data of before is in {aside}.")


def _put_in_place(file: Path, folder: Path, *, asked: bool) -> tuple[Path, datetime]:
    """Where the data of before is now, and when the backup was made; asks unless somebody was asked."""
    unpacked = Path(tempfile.mkdtemp(dir=folder, prefix=".restoring-"))
    try:
        made_at = backup_archive.open_archive(file, unpacked)
        if not asked:
            typer.confirm(
                f"Replace the data in {folder} by the backup of {made_at:%d %B %Y %H:%M}?", abort=True
            )
        aside = backup_archive.put_in_place(unpacked, folder, now=datetime.now().astimezone())
    finally:
        shutil.rmtree(unpacked)
    return aside, made_at


def _data_folder() -> Path:
    from django.conf import settings

    if settings.ENVIRONMENT.database_url:
        raise DomainError(
            "The database is PostgreSQL: use pg_dump and pg_restore for it, and copy the folder `files` and "
            f"`secret.key` from {settings.ENVIRONMENT.data}."
        )
    folder: Path = settings.ENVIRONMENT.data.resolve()
    return folder


def _refuse_while_serving(folder: Path) -> None:
    from django.db import connection

    from followthrough.jobs.worker import alive_workers

    if not (folder / backup_archive.DATABASE).exists():
        return
    try:
        serving = "jobs_scheduledrun" in connection.introspection.table_names() and alive_workers()
    except Exception:  # noqa: BLE001 - a damaged database is a reason to restore, not a hindrance
        serving = 0
    finally:
        connection.close()
    if serving:
        raise DomainError(RUNNING)
