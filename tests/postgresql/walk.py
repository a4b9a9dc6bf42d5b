"""Runs in a process of its own, with its settings on PostgreSQL: loads the sample and walks the main pages."""

from __future__ import annotations

import os
import sys

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "followthrough.config.settings"
django.setup()

from django.db import connection  # noqa: E402 - Django is set up first
from django.test import Client  # noqa: E402

from followthrough.people.models import User  # noqa: E402
from followthrough.postmortems.models import PostMortem  # noqa: E402
from followthrough.sample.operations import load_demo  # noqa: E402
from followthrough.timeline.operations import write_line  # noqa: E402
from followthrough.writing import markdown  # noqa: E402
from followthrough.writing import operations as writing  # noqa: E402
from followthrough.writing.yjs_document import YjsDocument  # noqa: E402
from tests.notifications.concurrent_workers import concurrent_workers  # noqa: E402

PAGES = (
    "/",
    "/incidents/",
    "/incidents/?q=consul",
    "/incidents/INC-36/",
    "/incidents/INC-36/similar/",
    "/incidents/INC-36/schedule/",
    "/incidents/INC-24/summary/",
    "/actions/?who=all",
    "/meetings/",
    "/patterns/",
    "/patterns/services/",
    "/patterns/response/",
    "/insights/",
)


def main() -> int:
    """Prints each page with its status; 0 when all opened."""
    load_demo()
    person = User.objects.get(name="Sana Qureshi")
    entry = write_line(PostMortem.objects.get(pk=36), line="+8m written on the second engine", by=person)
    print(connection.vendor, entry.version)
    _write_together(entry.postmortem, person)
    client = Client(headers={"host": "localhost"})
    client.force_login(person)
    answers = {path: client.get(path) for path in PAGES}
    for path, answer in answers.items():
        print(answer.status_code, path)
    found = "Roblox" in answers["/incidents/?q=consul"].content.decode()
    opened = found and all(answer.status_code == 200 for answer in answers.values())
    return concurrent_workers() if opened else 1


def _write_together(postmortem: PostMortem, person: User) -> None:
    """A text is opened, written, folded, and read again."""
    paper = YjsDocument([writing.open_text(postmortem, name="note:causes")])
    change = paper.rewrite(markdown.read("written **together**"))
    writing.write(postmortem, name="note:causes", data=change, by=person)
    assert writing.fold(postmortem.documents.get(name="note:causes"))
    again = YjsDocument([writing.open_text(postmortem, name="note:causes")])
    assert markdown.write(again.read()) == "written **together**"


if __name__ == "__main__":
    sys.exit(main())
