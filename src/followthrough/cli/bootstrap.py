"""Bootstraps Django for a command, with configuration errors in plain words."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import django
import typer
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from pydantic import ValidationError

from followthrough.core.errors import DomainError

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
        django.setup()
    except ValidationError as error:
        raise DomainError("; ".join(_describe(dict(problem)) for problem in error.errors())) from error
    except ImproperlyConfigured as error:
        if "psycopg" not in str(error):
            raise
        raise DomainError(
            "PostgreSQL needs its driver, which is not installed: pip install 'psycopg[binary]'."
        ) from error
    except OSError as error:
        raise DomainError(
            f"The data folder cannot be used: {error.strerror} ({error.filename}). Name another with --data."
        ) from error


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
        raise DomainError(
            f"The database {settings.DATABASES['default']['NAME']} cannot be used: {reason}. Make it writable, "
            "restore a backup, or name another folder with --data."
        ) from error


def reach_database() -> None:
    """DomainError if the database cannot be read and written."""
    from django.db import connection, transaction

    with configuration_errors_explained(), transaction.atomic():
        connection.introspection.table_names()


def bring_up_to_date() -> None:
    """Carries out the migrations that the database has not had yet."""
    reach_database()
    with configuration_errors_explained():
        _migrate()


def _migrate() -> None:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)


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
