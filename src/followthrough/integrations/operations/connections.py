"""Connecting a service: its account sealed, rules for targets, who is who there, and letting go of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from followthrough.activity import operations as activity
from followthrough.core.addresses import web_address
from followthrough.core.encryption import decrypt, encrypt
from followthrough.core.errors import DomainError
from followthrough.core.hashing import new_secret
from followthrough.integrations.models import (
    IssueLink,
    OutboxChange,
    PersonAccount,
    TargetRule,
    TrackerConnection,
)
from followthrough.integrations.operations.checking import ask_for_check
from followthrough.integrations.queries.connections import EARLIER_SECRET, LIVE, WEBHOOK_SECRET
from followthrough.integrations.tracker_contract import Tracker
from followthrough.integrations.tracker_registry import tracker_of
from followthrough.people.models import User

_RESTED: dict[str, Any] = {
    "failures": 0,
    "retry_at": None,
    "paused_until": None,
    "reconcile_at": None,
}


@transaction.atomic
def connect(*, service: str, name: str, values: Mapping[str, str], by: User) -> tuple[TrackerConnection, str]:
    """The connection, and the secret of its webhook, which is shown this once. Its check is asked for."""
    tracker = tracker_of(service)
    plain, secret = _divided(tracker, values)
    webhook_secret = new_secret()
    connection = TrackerConnection.objects.create(
        service=service,
        name=name,
        options=plain,
        encrypted=encrypt(secret | {WEBHOOK_SECRET: webhook_secret}),
        created_by=by,
    )
    activity.record(connection, "added", by=by)
    ask_for_check(connection)
    return connection, webhook_secret


@transaction.atomic
def change_connection(
    connection: TrackerConnection, *, name: str, values: Mapping[str, str], closes_declined: bool, by: User
) -> None:
    """Secrets that are left empty stay as they are. What waited is tried at once."""
    tracker = tracker_of(connection.service)
    sealed = decrypt(connection.encrypted)
    kept = {field.name: sealed.get(field.name, "") for field in tracker.settings if field.secret}
    given = {field: value for field, value in values.items() if value}
    plain, secret = _divided(tracker, {**values, **kept, **given})
    connection.name, connection.options = name, plain
    connection.closes_declined = closes_declined
    connection.encrypted = encrypt(sealed | secret)
    connection.save(update_fields=["name", "options", "closes_declined", "encrypted"])
    activity.record(connection, "changed", by=by)
    try_now(connection)


def _divided(tracker: Tracker, values: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """What may be shown, and what is to be sealed. DomainError for an address that is none, or what is missing."""
    plain: dict[str, str] = {}
    secret: dict[str, str] = {}
    for field in tracker.settings:
        value = values.get(field.name, "").strip()
        if field.required and not value:
            raise DomainError(f"{field.label}: {tracker.name} needs it.", field=field.name)
        if field.name.endswith("_url") and value:
            value = web_address(value, field=field.name).rstrip("/")
        (secret if field.secret else plain)[field.name] = value
    return plain, secret


@transaction.atomic
def rotate_webhook_secret(connection: TrackerConnection, *, by: User) -> str:
    """A new secret, shown this once; the one before stays valid for a day, until it is changed there."""
    sealed, fresh = decrypt(connection.encrypted), new_secret()
    sealed |= {WEBHOOK_SECRET: fresh, EARLIER_SECRET: sealed.get(WEBHOOK_SECRET, "")}
    connection.encrypted, connection.secret_rotated_at = encrypt(sealed), timezone.now()
    connection.save(update_fields=["encrypted", "secret_rotated_at"])
    activity.record(connection, "rotated the secret of", by=by)
    return fresh


@transaction.atomic
def disconnect(connection: TrackerConnection, *, by: User) -> None:
    """Nothing goes out or comes in any more; its secrets are thrown away. Actions and issues stay as they are."""
    TrackerConnection.objects.filter(pk=connection.pk).update(
        removed_at=timezone.now(), encrypted=encrypt({})
    )
    IssueLink.objects.filter(connection=connection).update(state=IssueLink.State.UNLINKED, look_at=None)
    OutboxChange.objects.filter(link__connection=connection, sent_at=None).delete()
    activity.record(connection, "removed", by=by)


def try_now(connection: TrackerConnection) -> None:
    """Ends every pause but the service's own wish, asks for a check, and looks at everything that waits."""
    TrackerConnection.objects.filter(pk=connection.pk).update(**_RESTED)
    IssueLink.objects.filter(connection=connection, state__in=LIVE).update(retry_at=None)
    ask_for_check(connection)


@transaction.atomic
def add_rule(connection: TrackerConnection, *, target: str, by: User, **conditions: Any) -> TargetRule:
    """Comes after the rules that are there. DomainError where the target is none."""
    try:
        target = tracker_of(connection.service).read_target(target)
    except ValueError as error:
        raise DomainError(str(error), field="target") from error
    rule = TargetRule.objects.create(
        connection=connection, target=target, position=connection.rules.count(), **conditions
    )
    activity.record(connection, "changed", by=by, changes={"rule": [None, target]})
    ask_for_check(connection)
    return rule


@transaction.atomic
def remove_rule(rule: TargetRule, *, by: User) -> None:
    """Issues that it made stay linked."""
    activity.record(rule.connection, "changed", by=by, changes={"rule": [rule.target, None]})
    rule.delete()


@transaction.atomic
def set_account(connection: TrackerConnection, *, person: User, account: str, by: User) -> None:
    """Says what the service calls somebody. Their open actions follow. DomainError where it is somebody else's."""
    account = account.strip().removeprefix("@")
    try:
        with transaction.atomic():
            PersonAccount.objects.update_or_create(
                connection=connection, person=person, defaults={"account": account, "by_hand": True}
            )
    except IntegrityError as error:
        raise DomainError(
            f"{account} is the account of somebody else here already. Change theirs first.", field="account"
        ) from error
    activity.record(connection, "changed", by=by, changes={"account": [person.name, account]})
    links = IssueLink.objects.filter(connection=connection, state__in=LIVE, action__owner=person)
    OutboxChange.objects.bulk_create(OutboxChange(link=link, what="owner") for link in links)


@transaction.atomic
def send_again(link: IssueLink, *, by: User) -> None:
    """Looks how the issue stands and sends what differs, at once; one that was gone is looked for again."""
    rows = IssueLink.objects.filter(pk=link.pk)
    rows.filter(state=IssueLink.State.GONE).update(state=IssueLink.State.LINKED)
    rows.update(look_at=timezone.now(), retry_at=None)
    OutboxChange.objects.create(link=link, what=f"asked for by {by.pk}")
