"""Reading connections: their secrets for those who send, their health for people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from ipaddress import ip_network
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from followthrough.core.encryption import decrypt
from followthrough.core.errors import NotFound
from followthrough.incidents.models import Incident
from followthrough.integrations.models import (
    IssueLink,
    OutboxChange,
    PersonAccount,
    TargetRule,
    TrackerConnection,
)
from followthrough.integrations.tracker_contract import Account

WEBHOOK_SECRET, EARLIER_SECRET = "webhook secret", "earlier webhook secret"
LIVE = (IssueLink.State.PENDING, IssueLink.State.LINKED)


def active() -> QuerySet[TrackerConnection]:
    return TrackerConnection.objects.filter(removed_at=None)


def find(pk: UUID) -> TrackerConnection:
    connection = active().filter(pk=pk).first()
    if connection is None:
        raise NotFound("There is no such connection, or it was disconnected.")
    return connection


def account_of(connection: TrackerConnection) -> Account:
    """What a tracker's client needs. DomainError once the server's secret key is another."""
    secrets = decrypt(connection.encrypted)
    networks = [ip_network(network) for network in settings.INTEGRATION_NETWORKS]
    return Account({**connection.options, **secrets}, networks)


def secrets_of(connection: TrackerConnection) -> list[str]:
    """Everything that must be shown nowhere."""
    return [secret for secret in decrypt(connection.encrypted).values() if secret]


def webhook_secrets(connection: TrackerConnection, now: datetime) -> list[str]:
    """The secret, and during a rotation the one before."""
    sealed = decrypt(connection.encrypted)
    found = [sealed.get(WEBHOOK_SECRET, "")]
    if connection.secret_rotated_at and now < connection.secret_rotated_at + TrackerConnection.ROTATION:
        found.append(sealed.get(EARLIER_SECRET, ""))
    return [secret for secret in found if secret]


def waiting_counts() -> dict[UUID, int]:
    """{key of a connection: how many changes have not gone out}; one query."""
    unsent = OutboxChange.objects.filter(sent_at=None, link__state__in=LIVE).order_by()
    counted = unsent.values("link__connection").annotate(count=Count("pk"))
    return {row["link__connection"]: row["count"] for row in counted}


def due_links(connection: TrackerConnection, now: datetime) -> QuerySet[IssueLink]:
    """Links about which something is to be sent or looked at, the longest waiting first."""
    unsent = OutboxChange.objects.filter(link=OuterRef("pk"), sent_at=None)
    rows = IssueLink.objects.filter(connection=connection, state__in=LIVE)
    rows = rows.filter(Q(retry_at=None) | Q(retry_at__lte=now))
    return rows.filter(Exists(unsent) | Q(look_at__isnull=False)).order_by("look_at", "created_at")


def rule_for(incident: Incident, kind: str, rules: Iterable[TargetRule]) -> TargetRule | None:
    """The first rule that takes an action of this kind; of a restricted incident a private target, if there is one."""
    teams = set(incident.teams.values_list("pk", flat=True))
    services = set(incident.services.values_list("pk", flat=True))
    owners = set(incident.services.values_list("owner", flat=True))
    fitting = [
        rule
        for rule in rules
        if (rule.team_id is None or rule.team_id in teams | owners)
        and (rule.service_id is None or rule.service_id in services)
        and (rule.severity_id is None or rule.severity_id == incident.severity_id)
        and rule.kind in {"", kind}
    ]
    if incident.visibility == Incident.Visibility.RESTRICTED:
        fitting.sort(key=lambda rule: not rule.is_private)
    return fitting[0] if fitting else None


def accounts_of(connection: TrackerConnection) -> dict[int, str]:
    """{key of a person: their account, "" where it was looked for in vain}."""
    return dict(PersonAccount.objects.filter(connection=connection).values_list("person", "account"))
