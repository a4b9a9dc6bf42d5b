"""Bootstraps Django for a command, with configuration errors in plain words."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import django
import typer
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from pydantic import ValidationError

from followthrough.config.environment import Environment
from followthrough.core.errors import DomainError

GO_BACK = (
    "Install that version again, or stop the server and restore the backup that was made before the upgrade."
)
_ROOM_TO_OPEN = 1_000_000
"""Bytes that SQLite needs at least beside a database to open it."""
SECRET = {"secret_key", "database_url", "mail_url", "replies_url", "metrics_token"}
Data = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER", help="Folder of the database, files and key.  [default: data]", show_default=False
    ),
]


def bootstrap(data: Path | None = None) -> None:
    """Sets Django up, on the data folder `data` if one was named; DomainError names a wrong setting."""
    if data is not None:
        os.environ["FOLLOWTHROUGH_DATA"] = str(data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "followthrough.config.settings")
    os.umask(0o077)  # what is kept is for this account alone: the database's own -wal and -shm too
    try:
        with _wrong_settings_named():
            django.setup()
    except ImproperlyConfigured as error:
        if str(error).startswith("The secret key"):
            raise DomainError(str(error)) from error
        if "psycopg" not in str(error):
            raise
        raise DomainError(
            "PostgreSQL needs its driver, which is not installed: pip install 'psycopg[binary]'."
        ) from error
    except OSError as error:
        raise DomainError(
            f"The data folder cannot be used: {error.strerror} ({error.filename}). Run this as the account "
            "that it belongs to, or name another with --data."
        ) from error


def bootstrap_read_only(data: Path | None = None) -> bool:
    """The same for a command that only looks and leaves the folder as it is; whether the secret key is where it should be.

    DomainError if there is no data there.
    """
    environment = environment_of(data)
    if not (environment.database_url or environment.database_size):
        raise DomainError(
            f"There is no data in {environment.data}. Name the folder of the server with --data."
        )
    has_key = environment.has_key
    if not has_key:
        os.environ["FOLLOWTHROUGH_SECRET_KEY"] = secrets.token_urlsafe(50)
    bootstrap(data)
    return has_key


def environment_of(data: Path | None) -> Environment:
    """The settings, on the data folder `data` if one was named; DomainError names a wrong one."""
    if data is not None:
        os.environ["FOLLOWTHROUGH_DATA"] = str(data)
    with _wrong_settings_named():
        return Environment()


def settings_in_use() -> Environment:
    """The settings that Django was set up with."""
    from django.conf import settings

    found: Environment = settings.ENVIRONMENT
    return found


@contextmanager
def _wrong_settings_named() -> Iterator[None]:
    try:
        yield
    except ValidationError as error:
        raise DomainError("; ".join(_describe(dict(problem)) for problem in error.errors())) from error


@contextmanager
def configuration_errors_explained() -> Iterator[None]:
    """What the database refuses meanwhile is a DomainError that says which one and what to do."""
    from django.conf import settings
    from django.db import Error

    try:
        yield
    except Error as error:
        reason = str(error).strip().partition("\n")[0].rstrip(".")
        if settings.ENVIRONMENT.database_url:
            raise DomainError(
                f"FOLLOWTHROUGH_DATABASE_URL names a database that cannot be used: {reason}. "
                "Start PostgreSQL there, or correct the address."
            ) from error
        if shutil.disk_usage(settings.ENVIRONMENT.data).free < _ROOM_TO_OPEN:
            raise DomainError(
                f"The disk of {settings.ENVIRONMENT.data} is full, so the database cannot be used. Make room there and try "
                "again; what was saved before is kept."
            ) from error
        raise DomainError(
            f"The database {settings.DATABASES['default']['NAME']} cannot be used: {reason}. Make it writable, "
            "restore a backup, or name another folder with --data."
        ) from error


def reach_database() -> None:
    """DomainError if the database cannot be read and written, or is of a later version."""
    from django.db import connection, transaction

    with configuration_errors_explained():
        with transaction.atomic():
            connection.introspection.table_names()
        _refuse_if_later()


def _refuse_if_later() -> None:
    if is_later():
        raise DomainError(f"The database is of a later version of Followthrough than this one. {GO_BACK}")


def bring_up_to_date() -> None:
    """Carries out the migrations that the database has not had yet."""
    reach_database()
    with configuration_errors_explained():
        _migrate()


def _migrate() -> None:
    from followthrough.cli import new_database

    if new_database.is_new():
        new_database.create_tables()
    elif not is_migrated():
        typer.echo(
            "The database is of an earlier version and is brought up to date. This may take some minutes."
        )
        call_command("migrate", verbosity=0, interactive=False)


def refuse_if_outdated() -> None:
    """DomainError if the database lacks migrations, for a command that must not carry them out."""
    with configuration_errors_explained():
        _refuse_if_later()
        if not is_migrated():
            raise DomainError(
                "The database is not up to date with this version. Start `followthrough serve` once."
            )


def is_migrated() -> bool:
    """Whether the database has had all migrations."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def is_later() -> bool:
    """Whether the database has had migrations that only a later version knows."""
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(connection)
    known: dict[str, str] = {}
    for app, name in loader.disk_migrations:
        known[app] = max(name, known.get(app, ""))
    return any(name > known.get(app, name) for app, name in loader.applied_migrations)


def _describe(problem: dict[str, object]) -> str:
    place = problem["loc"]
    reason = str(problem["msg"]).removeprefix("Value error, ")
    if not isinstance(place, tuple) or not place:
        return reason
    name = f"FOLLOWTHROUGH_{str(place[0]).upper()}"
    if place[0] in SECRET:
        return f"{name} is wrong: {reason}"
    if problem["type"] == "bool_parsing":
        reason = "It must be true or false."
    return f"{name} is {problem['input']!r}, which is wrong: {reason}"
