"""The organisation that is fuzzed: the sample one, with secrets known, given back as it was before each round."""

from __future__ import annotations

import atexit
import json
import logging
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

DATABASE = "followthrough.sqlite3"
FAST = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA temp_store=MEMORY;"
ROLES = ("administrator", "member", "stakeholder")


def make(folder: Path) -> None:
    """Fills `folder` with the sample organisation; about 10 seconds, once for all rounds."""
    command = [sys.executable, "-m", "followthrough", "demo", "--data", str(folder)]
    environment = os.environ | {"FOLLOWTHROUGH_LOG_LEVEL": "WARNING"}
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    command = [sys.executable, "-c", "from fuzz import organisation; organisation.add_secrets()"]
    environment |= {"FOLLOWTHROUGH_DATA": str(folder), "FOLLOWTHROUGH_DEMO": "true"}
    subprocess.run(command, check=True, env=environment)


def open_copy(template: Path) -> None:
    """Sets Django up in this process on a copy of `template` of its own, which goes with the process."""
    folder = Path(tempfile.mkdtemp(prefix="followthrough-fuzz-")) / "data"
    shutil.copytree(template, folder)
    os.environ |= {
        "FOLLOWTHROUGH_DATA": str(folder),
        "FOLLOWTHROUGH_DEMO": "true",
        "FOLLOWTHROUGH_LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "followthrough.config.settings",
    }
    import django
    from django.conf import settings
    from django.contrib.auth.hashers import PBKDF2PasswordHasher

    from followthrough.calendars import reader_client

    settings.DATABASES["default"]["OPTIONS"]["init_command"] = FAST
    settings.ALLOWED_HOSTS.append("testserver")
    PBKDF2PasswordHasher.iterations = 1
    reader_client.ask_reader = _without_network(reader_client.ask_reader)  # before others import it
    django.setup()
    atexit.register(shutil.rmtree, folder.parent, ignore_errors=True)
    for name in ("django.request", "django.security"):  # what fails is told with its seed
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _without_network(ask: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """Nobody's calendar is asked; what the reading process knows by itself is."""

    def answer(do: str, **question: Any) -> dict[str, Any]:
        return ask(do, **question) if do in {"countries", "regions"} else {"error": "Nobody answers here."}

    return answer


def give_back(template: Path) -> None:
    """The database and what is remembered of it as they were at the beginning."""
    from django.core.cache import cache
    from django.db import connection

    connection.ensure_connection()
    with closing(sqlite3.connect(template / DATABASE)) as before:
        before.backup(connection.connection)
    cache.clear()


def people() -> dict[str, Any]:
    """One person of each role, who may see as much as there is for it."""
    from followthrough.people.models import User

    active = User.objects.filter(is_active=True).order_by("pk")
    return {role: active.filter(role=role)[0] for role in ROLES}


def add_secrets() -> None:
    """Adds what is reached by a secret only, and writes the secrets beside the database; in a process of its own."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "followthrough.config.settings"
    import django
    from django.db import connection

    django.setup()
    (Path(os.environ["FOLLOWTHROUGH_DATA"]) / "secrets.json").write_text(json.dumps(_secrets()))
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def secrets(template: Path) -> dict[str, list[str]]:
    """What stands in an address, such as "hook", to its values that work; "token" to one of each role."""
    found: dict[str, list[str]] = json.loads((template / "secrets.json").read_text())
    return found


def _secrets() -> dict[str, list[str]]:
    from followthrough.calendars.operations import renew_feed
    from followthrough.incidents.operations.catalogue import create_webhook
    from followthrough.meetings.models import Meeting
    from followthrough.notifications import unsubscribe_links
    from followthrough.people.operations import create_token, invite
    from followthrough.reports.models import Summary
    from followthrough.reports.operations import share
    from followthrough.reports.queries import secret_of
    from followthrough.scheduling import invitation_links

    boss, member, guest = people().values()
    meeting = Meeting.objects.filter(state="scheduled").order_by("pk")[0]
    published = Summary.objects.filter(state=Summary.State.PUBLISHED).order_by("pk")
    _, invitation = invite(email="new@northwind.example", role="member", team=None, by=boss)
    return {
        "token": [create_token(person, name="fuzz", by=person)[1] for person in (boss, member, guest)],
        "hook": [create_webhook(name="fuzz", by=boss)[1]],
        "feed": [renew_feed(member, by=member)],
        "invitation": [invitation],
        "shared": [secret_of(share(summary, by=boss)) for summary in published[:2]],
        "answer": [invitation_links.links_for(meeting, member)[0][1].split("/")[2]],
        "unsubscribe": [unsubscribe_links.address_of(member, "reminder").split("/")[-2]],
    }
