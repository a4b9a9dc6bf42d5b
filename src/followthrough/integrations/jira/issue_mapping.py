"""Jira's issues in the words of the contract, and the other way round. A state is never known by its name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from followthrough.integrations.tracker_contract import (
    BEGUN,
    DECLINED,
    DONE,
    OPEN,
    Details,
    Draft,
    FieldSpec,
    Issue,
    IssueRef,
    Values,
)

FIELDS = ("summary", "status", "resolution", "assignee", "duedate", "labels", "updated", "project")
LABEL = "followthrough-"
PROPERTY = "followthrough"
USUAL_TYPE = "Task"
_CATEGORIES = {"new": OPEN, "indeterminate": BEGUN, "done": DONE}
_GIVEN = frozenset(
    {"project", "issuetype", "summary", "description", "reporter", "labels", "duedate", "assignee"}
)
"""Fields that every issue of ours has a value for, or that Jira fills in."""


@dataclass(frozen=True)
class Dialect:
    """What differs between sites: the address, by which field people are known, and which resolutions mean declined."""

    site: str
    person: str
    declined: frozenset[str]

    @property
    def is_cloud(self) -> bool:
        return self.person == "accountId"


def issue_of(data: Mapping[str, Any], dialect: Dialect) -> Issue:
    """One of Jira's issues. KeyError, TypeError or ValueError for what is none."""
    fields = data["fields"]
    owner = fields.get("assignee") or {}
    values = {
        "title": fields["summary"],
        "state": state_of(fields, dialect),
        "owner": owner.get(dialect.person),
        "due": fields.get("duedate"),
    }
    return Issue(
        ref=IssueRef(data["key"].rpartition("-")[0], data["key"]),
        key=data["key"],
        url=f"{dialect.site}/browse/{data['key']}",
        values=values,
        updated_at=datetime.fromisoformat(fields["updated"]),
        marker=marker_in(fields.get("labels") or []),
    )


def marker_in(labels: Iterable[Any]) -> str:
    found = (str(label) for label in labels if str(label).startswith(LABEL))
    return next(found, "").removeprefix(LABEL)


def state_of(fields: Mapping[str, Any], dialect: Dialect) -> str:
    state = _CATEGORIES.get(fields["status"]["statusCategory"]["key"], OPEN)
    resolution = (fields.get("resolution") or {}).get("name", "")
    return DECLINED if state == DONE and resolution.casefold() in dialect.declined else state


def new_issue(draft: Draft, dialect: Dialect) -> dict[str, Any]:
    """What is posted to make an issue. Its marker is a label, which can be searched for at once."""
    extra = dict(draft.extra)
    labels = [label.strip() for label in extra.pop("labels", "").split(",") if label.strip()]
    fields: dict[str, Any] = {
        "project": {"key": draft.target},
        "issuetype": {"name": extra.pop("issuetype", "") or USUAL_TYPE},
        "summary": draft.values["title"],
        "description": f"Kept in step with {draft.details.key}: {draft.details.url}",
        "labels": [f"{LABEL}{draft.details.marker}", *(label.replace(" ", "-") for label in labels)],
    }
    if draft.values.get("due"):
        fields["duedate"] = draft.values["due"]
    if owner := draft.values.get("owner"):
        fields["assignee"] = {dialect.person: owner}
    for name, value in extra.items():
        field, _, kind = name.partition(":")
        fields[field] = _typed(value, kind)
    return {"fields": fields}


def changed_fields(values: Values, dialect: Dialect) -> dict[str, Any]:
    """The fields that are set by an edit; the state is none of them."""
    fields: dict[str, Any] = {}
    if title := values.get("title"):
        fields["summary"] = title
    if "due" in values:
        fields["duedate"] = values["due"]
    if "owner" in values:
        fields["assignee"] = {dialect.person: values["owner"]} if values["owner"] else None
    return fields


def transition_to(
    state: str, offered: Sequence[Mapping[str, Any]], dialect: Dialect
) -> dict[str, Any] | None:
    """What is posted to bring an issue to `state`, with a resolution where one is asked for; None where no way leads there."""
    wanted = DONE if state == DECLINED else state
    fitting = [row for row in offered if _CATEGORIES.get(row["to"]["statusCategory"]["key"]) == wanted]
    ways = [(row, _resolution(row, dialect, declined=state == DECLINED)) for row in fitting]
    ways.sort(key=lambda way: way[1] is None)
    if not ways:
        return None
    row, resolution = ways[0]
    payload: dict[str, Any] = {"transition": {"id": row["id"]}}
    if resolution:
        payload["fields"] = {"resolution": {"name": resolution}}
    return payload


def _resolution(row: Mapping[str, Any], dialect: Dialect, *, declined: bool) -> str | None:
    asked = (row.get("fields") or {}).get("resolution") or {}
    names = [one["name"] for one in asked.get("allowedValues", [])]
    return next((name for name in names if (name.casefold() in dialect.declined) == declined), None)


def remote_link(details: Details) -> dict[str, Any]:
    """Our card beside the issue; the same `globalId` writes it anew rather than twice."""
    said = "; ".join(f"{label}: {text}" for label, text, _ in details.lines)
    return {
        "globalId": f"followthrough={details.marker}",
        "application": {"name": "Followthrough"},
        "relationship": "follows",
        "object": {"url": details.url, "title": details.key, "summary": said[:250]},
    }


def plain(text: str) -> str:
    """Text of people in a comment: it opens no macro and calls nobody."""
    for sign in "{[!":
        text = text.replace(sign, f"\\{sign}")
    return text


def field_specs(fields: Iterable[Mapping[str, Any]]) -> list[FieldSpec]:
    """Fields that a project wants and nobody has filled in; the name carries after a colon how the value is written."""
    return [
        FieldSpec(
            name=f"{row.get('fieldId') or row.get('key')}:{_kind(row)}",
            label=row["name"],
            choices=[
                (one["id"], one.get("value") or one.get("name", "")) for one in row.get("allowedValues") or []
            ],
        )
        for row in fields
        if row.get("required")
        and not row.get("hasDefaultValue")
        and (row.get("fieldId") or row.get("key")) not in _GIVEN
    ]


def _kind(row: Mapping[str, Any]) -> str:
    schema = row.get("schema") or {}
    is_list = schema.get("type") == "array"
    if row.get("allowedValues"):
        return "options" if is_list else "option"
    return "words" if is_list else "number" if schema.get("type") == "number" else "text"


def _typed(value: str, kind: str) -> Any:
    if kind == "option":
        return {"id": value}
    if kind == "options":
        return [{"id": value}]
    if kind == "words":
        return [word.strip() for word in value.split(",") if word.strip()]
    if kind == "number":
        return float(value)
    return value
