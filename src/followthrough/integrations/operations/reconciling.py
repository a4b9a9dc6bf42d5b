"""The reconciling poll: what changed there is listed, page by page, so that no lost webhook matters."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from followthrough.integrations.http_exchange import IssueGone, IssueMoved, IssueRefused
from followthrough.integrations.models import IssueLink
from followthrough.integrations.operations.syncing import SyncSession, merge_snapshot
from followthrough.integrations.queries import linking
from followthrough.integrations.tracker_contract import Issue

INTERVAL = timedelta(minutes=15)
EVERYTHING = timedelta(hours=24)
"""How often every linked issue is looked at, so that one that was deleted is noticed."""
BEFORE_LINKED = timedelta(days=1)
State = IssueLink.State


def reconcile(session: SyncSession) -> bool:
    """Every target of the connection's issues; what was read is kept as it goes, so that a stop loses nothing.

    Whether there was anything to ask for.
    """
    connection, now = session.connection, timezone.now()
    is_whole = connection.compared_at is None or connection.compared_at <= now - EVERYTHING
    linked = IssueLink.objects.filter(connection=connection, state=State.LINKED)
    targets = list(linked.order_by("target").values_list("target", flat=True).distinct())
    for target in targets:
        _reconcile_target(session, target, is_whole=is_whole)
    connection.reconcile_at = now + INTERVAL
    if is_whole:
        connection.compared_at = now
    connection.save(update_fields=["reconcile_at", "compared_at", "reconciled_to"])
    return bool(targets)


def _reconcile_target(session: SyncSession, target: str, *, is_whole: bool) -> None:
    linked = IssueLink.objects.filter(connection=session.connection, target=target, state=State.LINKED)
    first = linked.order_by("created_at").values_list("created_at", flat=True).first()
    if first is None:
        return
    since, seen = first - BEFORE_LINKED, set[str]()
    reached = session.connection.reconciled_to.get(target)
    if reached and not is_whole:
        since = datetime.fromisoformat(reached)
    try:
        for page in session.client.changed_since(target, since):
            seen |= _merge_page(session, target, page)
    except (IssueGone, IssueMoved, IssueRefused):
        seen = set()
        linked.update(look_at=timezone.now())
    if is_whole and (unseen := set(linked.values_list("issue", flat=True)) - seen):
        linked.filter(issue__in=unseen).update(look_at=timezone.now())


def _merge_page(session: SyncSession, target: str, page: Sequence[Issue]) -> set[str]:
    by_id = {issue.ref.id: issue for issue in page}
    rows = IssueLink.objects.filter(
        connection=session.connection, target=target, issue__in=list(by_id), state=State.LINKED
    )
    for link in linking.with_facts(rows):
        merge_snapshot(session, link, by_id[link.issue])
    if page:
        last = max(issue.updated_at for issue in page).astimezone(UTC).isoformat()
        session.connection.reconciled_to[target] = last
        session.connection.save(update_fields=["reconciled_to"])
    return set(by_id)
