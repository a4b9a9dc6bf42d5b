"""Looks at an installation and says how to mend what is wrong."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from smtplib import SMTPException
from typing import Literal

import typer

from followthrough.cli.backup_archive import database_problems
from followthrough.cli.bootstrap import (
    GO_BACK,
    Data,
    bootstrap_read_only,
    environment_of,
    is_later,
    is_migrated,
    settings_in_use,
)
from followthrough.cli.permissions import make_private, of_other_accounts
from followthrough.cli.server_record import read_record, settings_of, take_over
from followthrough.core.errors import DomainError


@dataclass(frozen=True)
class Finding:
    """One thing looked at; `mend` says what to do where `state` is not "well"."""

    state: Literal["well", "note", "wrong"]
    name: str
    words: str
    mend: str = ""


SIGNS = {"well": "ok   ", "note": "note ", "wrong": "WRONG"}


def doctor(data: Data = None) -> None:
    """Checks configuration, database, disk, mail and worker.

    Says how to mend what is wrong, and ends with status 1 then. The data stays as it is; only files that other
    accounts could read are closed to them.

    \b
    Example:
      followthrough doctor --data /var/lib/followthrough
    """
    take_over(environment_of(data), "base_url", "demo")
    has_key = bootstrap_read_only(data)
    findings = [*_secret_key(has_key=has_key), *(finding for check in CHECKS for finding in check())]
    for finding in findings:
        typer.echo(f"{SIGNS[finding.state]}  {finding.name}: {finding.words}")
        if finding.mend:
            typer.echo(f"       {finding.mend}")
    if any(finding.state == "wrong" for finding in findings):
        raise typer.Exit(1)


def _configuration() -> Iterator[Finding]:
    from django.conf import settings

    from followthrough.people.models import User
    from followthrough.people.queries import SAMPLE_DOMAIN

    yield Finding("well", "Configuration", f"people open {settings.BASE_URL}")
    if settings.DEBUG:
        yield Finding(
            "wrong", "Debugging", "errors are shown in full to everyone", "Unset FOLLOWTHROUGH_DEBUG."
        )
    if settings.DEMO and _is_usable() and User.objects.exclude(email__endswith=SAMPLE_DOMAIN).exists():
        yield Finding(
            "wrong",
            "Demo mode",
            "anyone may sign in as a sample person, and there are real people here",
            "Unset FOLLOWTHROUGH_DEMO.",
        )


def _secret_key(*, has_key: bool) -> Iterator[Finding]:
    if not has_key:
        words = "it is missing, so the server does not start"
        mend = "Put secret.key back from a backup, or set FOLLOWTHROUGH_SECRET_KEY."
        yield Finding("wrong", "Secret key", words, mend)


def _server() -> Iterator[Finding]:
    """Whether this shell has the settings of the server: what is checked here would else be another's."""
    own, theirs = settings_of(settings_in_use()), read_record(settings_in_use().data)
    other = [name for name, value in theirs.items() if own.get(name, value) != value]
    if other:
        named = ", ".join(f"FOLLOWTHROUGH_{name.upper()} ({theirs[name]} there)" for name in other)
        yield Finding(
            "wrong",
            "Settings",
            f"the server was started with others than this shell has: {named}",
            "Give both the same: put the settings into /etc/followthrough.env, or name the file with --env-file.",
        )
    elif theirs:
        yield Finding("well", "Settings", "as the server has them")


def _database() -> Iterator[Finding]:
    from django.conf import settings
    from django.db import DatabaseError

    try:
        migrated, later = is_migrated(), is_later()
    except DatabaseError as error:
        where = settings.ENVIRONMENT.database_url.rpartition("@")[2] or settings.ENVIRONMENT.data
        yield Finding(
            "wrong",
            "Database",
            f"it cannot be opened: {str(error).strip().partition(chr(10))[0]}",
            f"Look at {where}, or restore a backup.",
        )
        return
    if later:
        yield Finding("wrong", "Database", "it is of a later version than this one", GO_BACK)
        return
    if not migrated:
        yield Finding(
            "wrong", "Database", "it is not up to date with this version", "Start `followthrough serve` once."
        )
        return
    problems = (
        "" if settings.ENVIRONMENT.database_url else database_problems(settings.DATABASES["default"]["NAME"])
    )
    if problems:
        yield Finding("wrong", "Database", f"it is damaged: {problems}", "Restore the latest backup.")
    else:
        yield Finding("well", "Database", "sound and up to date")


def _disk() -> Iterator[Finding]:
    from django.conf import settings

    free = shutil.disk_usage(settings.ENVIRONMENT.data).free
    words = f"{free / 1e9:.1f} GB free in {settings.ENVIRONMENT.data.resolve()}"
    if free < 200e6:
        yield Finding("wrong", "Disk", words, "Make room now: without it nothing more can be saved.")
    elif free < 1e9:
        yield Finding("note", "Disk", words, "Make room soon, or move the data folder to a larger disk.")
    else:
        yield Finding("well", "Disk", words)


def _permissions() -> Iterator[Finding]:
    from django.conf import settings

    folder = settings.ENVIRONMENT.data.resolve()
    if strange := of_other_accounts(folder):
        words = f"{strange[0]} belongs to another account than the folder, so the server may not be able to use it"
        mend = f"Run `chown -R {folder.stat().st_uid} {folder}` as root."
        yield Finding("wrong", "Permissions", words, mend)
        return
    try:
        mended = make_private(folder)
    except OSError as error:
        mend = f"Run `chmod -R go-rwx {folder}` as the account that owns it."
        yield Finding("wrong", "Permissions", f"other accounts may read {error.filename}", mend)
        return
    if mended:
        words = f"{len(mended)} files or folders in {folder} could be read by other accounts of this machine"
        yield Finding("note", "Permissions", words, "That is mended: they are for this account alone now.")
    else:
        yield Finding("well", "Permissions", "the data is for this account alone")


def _mail() -> Iterator[Finding]:
    from django.conf import settings
    from django.core.mail import get_connection

    if not settings.MAIL_ON:
        yield Finding(
            "note",
            "Mail",
            "not set up; messages stay in the inbox",
            "Set FOLLOWTHROUGH_MAIL_URL to send them.",
        )
        return
    server = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    try:
        with get_connection(timeout=10):
            yield Finding("well", "Mail", f"{server} answers")
    except (OSError, SMTPException) as error:
        yield Finding(
            "wrong", "Mail", f"{server} does not take it: {error}", "Look at FOLLOWTHROUGH_MAIL_URL."
        )


def _replies() -> Iterator[Finding]:
    from imaplib import IMAP4

    from django.conf import settings

    from followthrough.calendars.imap_replies import check_mailbox

    if not settings.REPLIES_URL:
        return
    try:
        check_mailbox(settings.REPLIES_URL)
        yield Finding("well", "Answers", f"the mailbox of {settings.REPLIES_ADDRESS} can be read")
    except (OSError, IMAP4.error) as error:
        yield Finding(
            "wrong", "Answers", f"their mailbox cannot be read: {error}", "Look at FOLLOWTHROUGH_REPLIES_URL."
        )


def _sentence_model() -> Iterator[Finding]:
    from django.conf import settings

    from followthrough.similarity.sentence_model import SentenceModel

    folder = settings.ENVIRONMENT.sentence_model
    if not folder:
        return
    try:
        SentenceModel(folder)
        yield Finding("well", "Sentence model", f"{folder} can be read")
    except DomainError as error:
        yield Finding("wrong", "Sentence model", error.message, "Look at FOLLOWTHROUGH_SENTENCE_MODEL.")


def _valkey() -> Iterator[Finding]:
    from django.conf import settings

    from followthrough.live.valkey import connect

    if not settings.VALKEY_URL:
        return
    meanwhile = "people on different server processes see each other's changes up to a second later"
    try:
        connect().ping()
        yield Finding("well", "Valkey", "it answers; hints between server processes go through it")
    except ImportError:
        mend = "Install the extra `valkey`, or unset FOLLOWTHROUGH_VALKEY_URL."
        yield Finding("wrong", "Valkey", f"redis-py is not installed; {meanwhile}", mend)
    except Exception as error:  # noqa: BLE001 - whatever keeps it away is what to tell
        mend = "Look at FOLLOWTHROUGH_VALKEY_URL and its server; nothing is lost meanwhile."
        yield Finding("wrong", "Valkey", f"it does not answer ({error}); {meanwhile}", mend)


def _assets() -> Iterator[Finding]:
    from followthrough.core.assets import asset_url

    try:
        asset_url("app.css")
        yield Finding("well", "Assets", "style sheets and scripts are built")
    except RuntimeError:
        yield Finding(
            "wrong",
            "Assets",
            "style sheets and scripts are missing",
            "Run `make assets` in a checkout, or install a wheel made by `make wheel`.",
        )


def _worker() -> Iterator[Finding]:
    from django.utils import timezone
    from django_tasks_db.models import DBTaskResult

    from followthrough.jobs.work_claims import alive_workers

    if not _is_usable():
        return
    if alive := alive_workers():
        yield Finding("well", "Worker", f"{alive} running")
        return
    waiting = (
        DBTaskResult.objects.ready().filter(enqueued_at__lt=timezone.now() - timedelta(minutes=5)).count()
    )
    mend = "Start `followthrough serve` or `followthrough worker`."
    if waiting:
        yield Finding("wrong", "Worker", f"none is running and {waiting} tasks wait", mend)
    else:
        yield Finding("note", "Worker", "none is running; nothing waits for one", mend)


def _is_usable() -> bool:
    from django.db import DatabaseError

    try:
        return is_migrated()
    except DatabaseError:
        return False


CHECKS: list[Callable[[], Iterator[Finding]]] = [
    _configuration,
    _server,
    _database,
    _disk,
    _permissions,
    _valkey,
    _mail,
    _replies,
    _sentence_model,
    _assets,
    _worker,
]
