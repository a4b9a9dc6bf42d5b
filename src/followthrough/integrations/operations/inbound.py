"""Incoming webhooks: verified over the raw body, kept once, answered at once; a job makes hints of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from followthrough.core.deserialization import load_json
from followthrough.core.errors import DomainError
from followthrough.integrations import tracker_registry
from followthrough.integrations.models import Delivery, IssueLink, TrackerConnection
from followthrough.integrations.queries import connections, linking
from followthrough.integrations.tracker_contract import Hint, Tracker, Verdict
from followthrough.integrations.webhook_signatures import LATE, is_late

State = Delivery.State
BATCH = 200


class Forged(DomainError):
    """It does not come from who it says: nothing of it is kept."""

    status = 401


def receive(connection: TrackerConnection, *, headers: Mapping[str, str], body: bytes) -> Delivery | None:
    """Keeps the delivery for the worker; None where it came before. Forged where its signature is not right."""
    tracker, now = tracker_registry.tracker_of(connection.service), timezone.now()
    verdict = tracker.verify(headers, body, connections.webhook_secrets(connection, now))
    rows = TrackerConnection.objects.filter(pk=connection.pk)
    if verdict.refusal:
        rows.update(forged_at=now, forged_count=F("forged_count") + 1)
        raise Forged(f"{verdict.refusal} Nothing was kept of it.")
    rows.update(heard_at=now)
    return _keep(connection, verdict, body)


def _keep(connection: TrackerConnection, verdict: Verdict, body: bytes) -> Delivery | None:
    digest = hashlib.sha256(body).hexdigest()
    came = Delivery.objects.filter(connection=connection, digest=digest, direction=Delivery.Direction.IN)
    if came.exists():
        return None
    late = verdict.sent_at is not None and is_late(verdict.sent_at, timezone.now())
    try:
        with transaction.atomic():
            return Delivery.objects.create(
                connection=connection,
                direction=Delivery.Direction.IN,
                state=State.REFUSED if late else State.WAITING,
                what=verdict.event[:300] or "no kind",
                delivery=verdict.delivery[:200] or digest,
                digest=digest,
                body=body.decode("utf-8", "replace").replace("\0", ""),
                words=LATE if late else "",
            )
    except IntegrityError:
        return None


def read_waiting(connection: TrackerConnection) -> int:
    """Makes hints of what waits, oldest first; how many. What an issue is like now is asked later, so order is nothing."""
    tracker = tracker_registry.tracker_of(connection.service)
    rows = Delivery.objects.filter(connection=connection, state=State.WAITING).order_by("pk")[:BATCH]
    for delivery in rows:
        _read(tracker, delivery)
    return len(rows)


@transaction.atomic
def _read(tracker: Tracker, delivery: Delivery) -> None:
    hints = _hints(tracker, delivery)
    if hints is None:
        _note(
            delivery,
            State.NOT_UNDERSTOOD,
            "Nothing here knows this kind. It is kept; nothing was made of it.",
        )
        return
    links = [link for hint in hints if (link := _take_hint(delivery, hint))]
    words = "Its issue is looked at." if links else "It is about no issue of ours."
    Delivery.objects.filter(pk=delivery.pk).update(link=links[0] if links else None)
    _note(delivery, State.DONE, words)


def _hints(tracker: Tracker, delivery: Delivery) -> list[Hint] | None:
    try:
        payload = load_json(delivery.body)
        hints = tracker.read_event(delivery.what, payload) if isinstance(payload, dict) else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return None if hints is None else list(hints)


def _take_hint(delivery: Delivery, hint: Hint) -> IssueLink | None:
    link = linking.link_of(delivery.connection_id, hint.ref, hint.marker)
    if link is None:
        return None
    own = delivery.connection.account
    heard = "" if hint.account == own else hint.account or ""
    rows = IssueLink.objects.filter(pk=link.pk)
    rows.filter(state=IssueLink.State.GONE).update(state=IssueLink.State.LINKED)
    rows.update(look_at=timezone.now(), heard_from=heard[:200] or link.heard_from)
    return link


def _note(delivery: Delivery, state: str, words: str) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(state=state, words=words)


def read_again(delivery: Delivery) -> None:
    """Somebody wants it to be read once more."""
    Delivery.objects.filter(pk=delivery.pk).update(state=State.WAITING, words="")
