"""Inbound webhooks: incidents that other programs report by sending JSON to a secret address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from followthrough.core.deserialization import load_json
from followthrough.core.errors import DomainError, NotFound
from followthrough.core.hashing import digest
from followthrough.incidents.imports.bulk_writer import Names
from followthrough.incidents.imports.cell_values import Unreadable
from followthrough.incidents.imports.column_mapping import Meaning
from followthrough.incidents.imports.column_names import guess
from followthrough.incidents.imports.file_rows import MOST_COLUMNS, Row
from followthrough.incidents.imports.incident_drafts import Draft, draft
from followthrough.incidents.imports.json_records import flatten
from followthrough.incidents.models import Incident, Milestone, Severity, WebhookEndpoint
from followthrough.incidents.operations import report_incident, set_milestone
from followthrough.incidents.queries.external_ids import as_stored

Name = Milestone.Name
OVER = {"resolved", "closed", "completed", "ok"}


@dataclass(frozen=True)
class WebhookReport:
    """The incident, and whether this call made it."""

    incident: Incident
    is_new: bool


@transaction.atomic
def receive_webhook(secret: str, body: bytes) -> WebhookReport:
    """Reports what the JSON in `body` says. With an `id` seen before, only milestones that are new are added.

    NotThere for a secret that is no hook's, before anything is parsed.
    """
    hook = WebhookEndpoint.objects.filter(secret_digest=digest(secret), revoked_at=None).first()
    if hook is None:
        raise NotFound("There is no such hook, or it was revoked.")
    WebhookEndpoint.objects.filter(pk=hook.pk).update(used_at=timezone.now())
    values = _facts(body)
    meaning = Meaning(guess(values))
    said = _read(Row("the request", 1, values), meaning)
    key = _key(hook, meaning, values)
    known = Incident.objects.filter(external_id=key).first() if key else None
    if known:
        _add_milestones(known, said)
        return WebhookReport(known, is_new=False)
    return WebhookReport(_report(said, meaning, hook, key, values), is_new=True)


def _facts(body: bytes) -> dict[str, Any]:
    try:
        payload = load_json(body)
    except ValueError as error:
        raise DomainError(f"Nothing was reported. The body is not JSON: {error}") from error
    if not isinstance(payload, dict):
        raise DomainError("Nothing was reported. The body must be one JSON object.")
    values = flatten(payload)
    if len(values) > MOST_COLUMNS:
        raise DomainError(f"Nothing was reported. Send no more than {MOST_COLUMNS} facts.")
    return values


def _read(row: Row, meaning: Meaning) -> Draft:
    try:
        return draft(
            row, meaning, {severity.name.lower(): severity.rank for severity in Severity.objects.all()}
        )
    except Unreadable as error:
        raise DomainError(f"Nothing was reported. {error}") from error


def _key(hook: WebhookEndpoint, meaning: Meaning, values: Mapping[str, Any]) -> str | None:
    own = next((values[column] for column in meaning.columns("external_id") if values.get(column)), None)
    return as_stored(f"hook:{hook.pk}:{own}") if own else None


def _report(
    said: Draft, meaning: Meaning, hook: WebhookEndpoint, key: str | None, values: Mapping[str, Any]
) -> Incident:
    names, now = Names.load(), timezone.now()
    names.make_missing([said])
    moments: dict[str, datetime | str] = {**said.moments} or {Name.DETECTED.value: now}
    if Name.RESOLVED not in moments and _is_over(meaning, values):
        moments[Name.RESOLVED.value] = now
    started = said.moments.get(Name.STARTED)
    known = [moment for moment in moments.values() if isinstance(moment, datetime)]
    return report_incident(
        title=said.title,
        severity=names.severity(said.rank),
        began_at=started or min(known),
        milestones=moments if started else {**moments, Name.STARTED.value: "not_known"},
        what_happened=said.what_happened,
        services=[names.services[name.lower()] for name in said.services],
        teams=[team for name in said.teams if (team := names.teams.get(name.lower()))],
        tags=said.tags,
        detected_by=Incident.DetectedBy.ALERT,
        external_id=key,
        source_title=said.source_title or hook.name,
        source_url=said.source_url,
        by=None,
    )


def _is_over(meaning: Meaning, values: Mapping[str, Any]) -> bool:
    return any(str(values.get(column)).lower() in OVER for column in meaning.columns("status"))


def _add_milestones(incident: Incident, said: Draft) -> None:
    here = set(incident.milestones.filter(at__isnull=False).values_list("name", flat=True))
    for name, moment in said.moments.items():
        if name not in here:
            set_milestone(incident, name, at=moment, by=None)
