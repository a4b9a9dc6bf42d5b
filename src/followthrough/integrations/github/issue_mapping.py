"""GitHub's issues in the words of the contract, and the other way round. The date stands in a block of the text."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from followthrough.integrations.issue_text import due_in, marker_of, with_block
from followthrough.integrations.tracker_contract import (
    DECLINED,
    DONE,
    OPEN,
    Details,
    Draft,
    Issue,
    IssueRef,
    Values,
)

NOT_DONE = frozenset({"not_planned", "duplicate"})
_CLOSED_AS = {DONE: "completed", DECLINED: "not_planned"}


def issue_of(data: Mapping[str, Any]) -> Issue:
    """One of GitHub's issues. KeyError, TypeError or ValueError for what is none."""
    target = repository_of(data["repository_url"])
    text = data.get("body") or ""
    owners = [person["login"] for person in data.get("assignees") or []]
    values: dict[str, str | None] = {
        "title": data["title"],
        "state": state_of(data),
        "owner": owners[0] if owners else None,
    }
    marker = marker_of(text)
    with suppress(KeyError):
        values["due"] = due_in(text, marker)
    return Issue(
        ref=IssueRef(target, str(data["number"])),
        key=f"{target}#{data['number']}",
        url=data["html_url"],
        values=values,
        updated_at=datetime.fromisoformat(data["updated_at"]),
        closed_by=(data.get("closed_by") or {}).get("login"),
        also_owners=owners[1:],
        marker=marker,
        text=text,
    )


def repository_of(address: str) -> str:
    """owner/name of …/repos/owner/name."""
    return urlsplit(address).path.partition("/repos/")[2].strip("/")


def state_of(data: Mapping[str, Any]) -> str:
    if data["state"] != "closed":
        return OPEN
    return DECLINED if data.get("state_reason") in NOT_DONE else DONE


def new_issue(draft: Draft) -> dict[str, Any]:
    """What is posted to make an issue."""
    labels = [label.strip() for label in draft.extra.get("labels", "").split(",") if label.strip()]
    payload: dict[str, Any] = {"title": draft.values["title"], "body": with_block("", draft.details)}
    if owner := draft.values.get("owner"):
        payload["assignees"] = [owner]
    if labels:
        payload["labels"] = labels
    return payload


def changes_of(issue: Issue, values: Values, details: Details | None) -> dict[str, Any]:
    """What is patched: only what is in `values`, and our block of the text."""
    payload: dict[str, Any] = {}
    if title := values.get("title"):
        payload["title"] = title
    if "owner" in values:
        others = [account for account in issue.also_owners if account != values["owner"]]
        payload["assignees"] = [values["owner"], *others] if values["owner"] else others
    if state := values.get("state"):
        payload |= closing(state)
    if details:
        payload["body"] = with_block(issue.text, details)
    return payload


def closing(state: str) -> dict[str, str]:
    if state in _CLOSED_AS:
        return {"state": "closed", "state_reason": _CLOSED_AS[state]}
    return {"state": "open", "state_reason": "reopened"}
