"""The check of a connection: what works and what is missing, in words, and what each target wants filled in."""

from __future__ import annotations

from django.utils import timezone

from followthrough.integrations.http_exchange import ConnectionRefused, IssueRefused, TrackerError
from followthrough.integrations.models import TargetRule, TrackerConnection
from followthrough.integrations.operations.syncing import SyncSession
from followthrough.integrations.tracker_contract import Finding


def ask_for_check(connection: TrackerConnection) -> None:
    """The worker carries it out; nothing else speaks with services."""
    TrackerConnection.objects.filter(pk=connection.pk).update(check_asked_at=timezone.now())


def carry_out(session: SyncSession) -> None:
    """What it found stands on the connection's page, also that nothing works. A good one ends what the breaker held up."""
    connection = session.connection
    rules = list(TargetRule.objects.filter(connection=connection))
    findings: list[Finding] = []
    try:
        findings.extend(session.client.check(list(dict.fromkeys(rule.target for rule in rules))))
        connection.account = session.client.own_account()
        _read_required(session, rules, findings)
        connection.failures, connection.retry_at, connection.refusal = 0, None, ""
    except TrackerError as error:
        findings.append(Finding(ok=False, words=str(error)))
        if isinstance(error, ConnectionRefused):
            connection.refusal, connection.refused_at = str(error)[:600], timezone.now()
    connection.findings = [[finding.ok, finding.words] for finding in findings]
    connection.checked_at, connection.check_asked_at = timezone.now(), None
    connection.save(
        update_fields=[
            *("findings", "account", "failures", "retry_at", "refusal", "refused_at"),
            *("checked_at", "check_asked_at"),
        ]
    )


def _read_required(session: SyncSession, rules: list[TargetRule], findings: list[Finding]) -> None:
    for rule in rules:
        try:
            fields = session.client.fields_of(rule.target, rule.extra)
        except IssueRefused:
            continue
        except ConnectionRefused:
            raise
        except TrackerError:
            continue
        rule.required = [[field.name, field.label, list(field.choices)] for field in fields if field.required]
        rule.save(update_fields=["required"])
        missing = [label for name, label, _ in rule.required if not rule.extra.get(name)]
        if missing:
            words = f"{rule.target} wants {', '.join(missing)} filled in: give the rule a value for each."
            findings.append(Finding(ok=False, words=words))
