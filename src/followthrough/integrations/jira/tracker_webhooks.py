"""What Jira sends: its signature (X-Hub-Signature) over the raw body, in which kind and time stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from followthrough.core.deserialization import load_json
from followthrough.integrations.jira.issue_mapping import marker_in
from followthrough.integrations.tracker_contract import Hint, IssueRef, Verdict
from followthrough.integrations.webhook_signatures import refusal_of

EVENTS = frozenset({"jira:issue_created", "jira:issue_updated", "jira:issue_deleted"})
SILENT = frozenset(
    {"comment_created", "comment_updated", "comment_deleted", "issuelink_created", "issuelink_deleted"}
)
"""Events that are understood and change nothing here."""


def verify(headers: Mapping[str, str], body: bytes, secrets: Iterable[str]) -> Verdict:
    if refusal := refusal_of(headers.get("x-hub-signature", ""), body, secrets):
        return Verdict(refusal)
    try:
        payload = load_json(body)
    except ValueError:
        payload = None
    facts = payload if isinstance(payload, dict) else {}
    delivery = headers.get("x-atlassian-webhook-identifier", "")
    return Verdict("", delivery, str(facts.get("webhookEvent", "")), _moment(facts.get("timestamp")))


def read_event(event: str, payload: Mapping[str, Any], person: str) -> Sequence[Hint] | None:
    """None also for an event of issues without an issue. `person` is the field that an account stands in."""
    if event in SILENT:
        return ()
    issue = payload.get("issue")
    if event not in EVENTS or not isinstance(issue, dict) or not issue.get("key"):
        return None
    key = str(issue["key"])
    account = (payload.get("user") or {}).get(person)
    marker = marker_in((issue.get("fields") or {}).get("labels") or [])
    return [Hint(IssueRef(key.rpartition("-")[0], key), account, marker)]


def _moment(value: Any) -> datetime | None:
    """Milliseconds since 1970."""
    is_number = isinstance(value, int) and 0 < value < 10**14
    return datetime.fromtimestamp(value / 1000, UTC) if is_number else None
