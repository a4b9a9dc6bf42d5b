"""What GitHub sends: its signature (X-Hub-Signature-256), and the events that concern issues."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from followthrough.integrations.github.issue_mapping import repository_of
from followthrough.integrations.issue_text import marker_of
from followthrough.integrations.tracker_contract import Hint, IssueRef, Verdict
from followthrough.integrations.webhook_signatures import refusal_of

SILENT = frozenset({"ping", "issue_comment", "label", "milestone"})
"""Events that are understood and change nothing here."""


def verify(headers: Mapping[str, str], body: bytes, secrets: Iterable[str]) -> Verdict:
    """GitHub says no time that is signed; that a delivery comes again is seen by its id and its body."""
    if refusal := refusal_of(headers.get("x-hub-signature-256", ""), body, secrets):
        return Verdict(refusal)
    return Verdict(delivery=headers.get("x-github-delivery", ""), event=headers.get("x-github-event", ""))


def read_event(event: str, payload: Mapping[str, Any]) -> Sequence[Hint] | None:
    """None also for an event of issues without an issue."""
    if event in SILENT:
        return ()
    issue = payload.get("issue")
    if event != "issues" or not isinstance(issue, dict):
        return None
    account = (payload.get("sender") or {}).get("login")
    ref = IssueRef(repository_of(str(issue.get("repository_url", ""))), str(issue.get("number", "")))
    return [Hint(ref, account, marker_of(str(issue.get("body") or "")))]
