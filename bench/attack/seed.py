"""The organisation that is attacked; runs in a process of its own with Django set up."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from datetime import timedelta
from typing import Any

from django.utils import timezone

from followthrough.incidents.operations.catalogue import create_webhook
from followthrough.people.models import User
from followthrough.postmortems.models import Omission, PostMortem
from followthrough.reports.operations import publish, share, summary_of
from followthrough.reports.queries import secret_of
from followthrough.timeline.models import Entry
from tests.live import seed

LARGE_ROOM_ENTRIES = 2_900


def main() -> None:
    """Prints what the live tests' organisation holds, with a hook, a large room and a link to its summary."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        seed.main(rooms=6)
    made: dict[str, Any] = json.loads(printed.getvalue())
    administrator = User.objects.get(role=User.Role.ADMINISTRATOR)
    _, hook = create_webhook(name="Monitoring", by=administrator)
    made |= {"hook": hook, **_large(made["rooms"][1], by=administrator)}
    json.dump(made, sys.stdout)


def _large(room: int, *, by: User) -> dict[str, Any]:
    postmortem = PostMortem.objects.get(pk=room)
    began = postmortem.incident.began_at
    Entry.objects.bulk_create(
        Entry(
            postmortem=postmortem,
            text=f"Node {number} reports a timeout to storage, tried again",
            happened_at=began + timedelta(seconds=number),
        )
        for number in range(LARGE_ROOM_ENTRIES)
    )
    postmortem.closed_at = timezone.now()
    postmortem.save(update_fields=["closed_at"])
    summary = summary_of(postmortem)
    reasons = dict.fromkeys(Omission.What.values, "A room of entries only, to measure with")
    publish(summary, reasons=reasons, by=by)
    return {"large": room, "large_entries": LARGE_ROOM_ENTRIES, "share": secret_of(share(summary, by=by))}
