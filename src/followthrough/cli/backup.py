"""backup and restore."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from followthrough.cli import backup_archive
from followthrough.cli.bootstrap import Data, bootstrap, bring_up_to_date, environment_of
from followthrough.cli.data_lock import restore_lock
from followthrough.config.environment import Environment
from followthrough.core.errors import DomainError

RUNNING = "A server or worker is running on this data. Stop it first, then restore."


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
    folder = _data_folder(environment_of(data))
    if not folder.is_dir():
        raise DomainError(f"There is no folder {folder}, so there is nothing to back up.")
    now = datetime.now().astimezone()
    target = file or Path(f"followthrough-{now:%Y-%m-%d-%H%M%S}.tar.gz")
    if not target.parent.is_dir():
        raise DomainError(f"There is no folder {target.parent}. Make it first, or name another file.")
    try:
        size = backup_archive.write_archive(folder, target, made_at=now)
    except OSError as error:
        raise DomainError(
            f"{target} cannot be written: {error.strerror or error}. Name another file."
        ) from error
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
    environment = environment_of(data)
    folder = _data_folder(environment)
    if file.is_dir():
        raise DomainError(f"{file} is a folder. Name the file that `followthrough backup` wrote.")
    if not file.is_file():
        raise DomainError(f"There is no file {file}.")
    if not folder.is_dir() and not folder.parent.is_dir():
        raise DomainError(f"There is no folder {folder.parent}. Make it first, or name another with --data.")
    with _alone(folder):
        aside, made_at = _put_in_place(file, folder, asked=yes)
    bootstrap(data)
    bring_up_to_date()
    kept = f" The data of before is in {aside}." if aside else ""
    typer.echo(f"Restored the backup of {made_at:%d %B %Y %H:%M}.{kept}")


def _alone(folder: Path) -> AbstractContextManager[None]:
    return restore_lock(folder, refusal=RUNNING) if folder.is_dir() else nullcontext()


def _put_in_place(file: Path, folder: Path, *, asked: bool) -> tuple[Path | None, datetime]:
    """Where the data of before is now, and when the backup was made; asks unless somebody was asked."""
    unpacked = Path(tempfile.mkdtemp(dir=folder if folder.is_dir() else folder.parent, prefix=".restoring-"))
    try:
        made_at = backup_archive.open_archive(file, unpacked)
        if not asked and folder.is_dir():
            typer.confirm(
                f"Replace the data in {folder} by the backup of {made_at:%d %B %Y %H:%M}?", abort=True
            )
        aside = backup_archive.put_in_place(unpacked, folder, now=datetime.now().astimezone())
    finally:
        shutil.rmtree(unpacked)
    return aside, made_at


def _data_folder(environment: Environment) -> Path:
    if environment.database_url:
        raise DomainError(
            "The database is PostgreSQL: use pg_dump and pg_restore for it, and copy the folder `files` and "
            f"`secret.key` from {environment.data}."
        )
    return environment.data.resolve()
