"""Column names: what programs and people call the facts of an incident, and the field that each means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from followthrough.incidents.imports.cell_values import Unreadable, rank

BODY = "text of the file"
FIELDS: dict[str, str] = {
    "title": "Title",
    "what_happened": "What happened",
    "started": "Started",
    "detected": "Detected",
    "acknowledged": "Acknowledged",
    "mitigated": "Mitigated",
    "resolved": "Resolved",
    "minutes": "Lasted (minutes)",
    "severity": "Severity",
    "status": "Status",
    "kind": "Kind",
    "services": "Services",
    "teams": "Teams",
    "leads": "Incident commander",
    "tags": "Tags",
    "source_title": "Source",
    "source_url": "Link",
    "causes": "Causes",
    "actions": "Action items",
    "external_id": "Its own key",
}
SAMPLE: tuple[dict[str, str], ...] = (
    {
        "Title": "Checkout answered slowly", "Started": "2026-11-20 14:03", "Resolved": "2026-11-20 15:10",
        "Severity": "SEV2", "Kind": "Outage", "Services": "Checkout, Payments", "Owner": "Sana Qureshi",
        "Tags": "database, pool", "What happened": "The pool of connections was drained by a job that ran twice.",
        "Link": "https://wiki.example.org/42", "Key": "PM-42",
    },
    {
        "Title": "New sign-up is live", "Started": "20 Nov 2026", "Resolved": "27 Nov 2026", "Severity": "SEV4",
        "Kind": "Launch", "Services": "Sign-up", "Owner": "Platform", "Tags": "growth",
        "What happened": "Opened to everybody a week after the pilot.", "Link": "", "Key": "PM-43",
    },
)  # fmt: skip
"""A table to begin with, {column: value} a row."""
NAMES: dict[str, tuple[str, ...]] = {
    "title": (
        "title", "headline", "incident title", "incident name", "issue title", "short description", "name",
        "subject", "incident", "summary", "message", "problem",
    ),
    "what_happened": (
        BODY, "what happened", "text", "description", "body", "details", "content", "postmortem", "updates",
        "incident updates", "summary", "message", "problem", "short description", "notes", "impact", "comments",
    ),
    "started": (
        "started at", "start time", "started", "start", "began at", "begin", "began", "incident start",
        "incident started", "incident start time", "impact start", "impact started at", "start date",
        "start date time", "started on", "start at", "date started", "time started", "triggered at", "occurred at",
        "occurred", "time", "incident date", "date", "date time", "datetime", "timestamp", "reported at", "reported",
        "created at", "created on", "opened at", "opened on", "opened", "created", "creation date",
    ),
    "detected": (
        "detected at", "first detected", "detected", "detected on", "time detected", "detection time",
        "date detected", "discovered at", "alerted at",
    ),
    "acknowledged": ("acknowledged at", "acknowledged", "acknowledged on", "ack at", "acked at", "ack time", "responded at"),
    "mitigated": ("mitigated at", "mitigated", "mitigated on", "repaired", "fixed at", "mitigation time"),
    "resolved": (
        "resolved at", "resolved when", "resolved on", "ended at", "end time", "resolved", "ended", "end", "end date",
        "end date time", "end at", "ended on", "incident end", "incident end time", "impact end", "finished at",
        "recovered at", "restored at", "date resolved", "time resolved", "resolution date", "resolutiondate",
        "closed at", "closed on", "date closed", "closed", "resolution time",
    ),
    "minutes": (
        "duration", "minutes", "downtime", "outage duration", "incident duration", "total duration", "lasted",
        "length", "time to resolve", "ttr",
    ),
    "severity": (
        "severity", "sev", "severity level", "incident severity", "priority", "urgency", "criticality", "impact",
    ),
    "status": ("status", "state", "incident status", "current status"),
    "kind": ("kind", "event type", "incident type", "type", "issue type", "kind of event"),
    "services": (
        "services", "service", "service name", "affected services", "affected service", "impacted services",
        "affected", "components", "component", "component s", "affected components", "systems", "affected systems",
        "cmdb ci", "configuration item", "business service",
    ),
    "teams": ("teams", "team", "team name", "owner team", "owning team", "responsible team", "assignment group"),
    "leads": (
        "incident commander", "commander", "incident lead", "lead", "incident owner", "owner", "incident manager",
        "assignee", "assignees", "assigned to",
    ),
    "tags": ("tags", "keywords", "categories", "category", "labels", "label", "tag"),
    "causes": ("root cause", "root causes", "causes", "cause", "contributing factors", "root cause analysis", "rca"),
    "actions": (
        "action items", "actions", "action item", "follow ups", "follow up actions", "followups", "corrective actions",
        "remediation items", "next steps",
    ),
    "source_title": ("source title", "org", "organisation", "organization", "company", "source"),
    "source_url": ("url", "link", "source url", "permalink", "html url", "incident url", "web url", "shortlink"),
    "external_id": (
        "id", "uuid", "external id", "incident id", "issue key", "incident key", "incident number", "key", "number",
        "sys id", "issue id", "reference", "ref", "ticket", "alias", "slug",
    ),
}  # fmt: skip
_WEAK_TITLES = {"summary", "message", "problem", "short description"}
"""Titles only where nothing is called one."""
_UNITS = re.compile(
    r" (?:in )?(?:weeks?|days?|d|hours?|hrs?|h|minutes?|mins?|min|m|seconds?|secs?|sec|s|ms)$"
)
_NAME_OF_A_THING = {"name", "summary", "title", "value", "label", "display name", "display value", "email"}
_THINGS = {"services", "teams", "tags", "severity", "status", "kind", "leads"}
_WRAPPERS = {
    "", "incident", "data", "attributes", "fields", "labels", "meta", "properties", "source", "node", "event", "issue",
    "alert", "result", "payload", "record", "details", "params", "extra", "custom fields",
}  # fmt: skip
_IDENTIFYING = {
    "title",
    "what_happened",
    "external_id",
    "source_url",
    "source_title",
    "status",
    "kind",
    "severity",
    "tags",
}
_OTHERS = {
    "page", "user", "author", "creator", "reporter", "project", "repository", "account", "customer", "environment",
    "milestone", "team", "service", "owner", "assignee",
}  # fmt: skip


def guess(columns: Mapping[str, Any]) -> dict[str, str]:
    """{column: field} by the names that people usually give; `columns` holds a value of each."""
    found = {column: name for column, value in columns.items() if (name := _guess_one(column, value))}
    titles = [column for column, name in found.items() if name == "title"]
    if any(words(column) not in _WEAK_TITLES for column in titles):
        found |= {column: "what_happened" for column in titles if words(column) in _WEAK_TITLES}
    return found


def described() -> list[tuple[str, str, str]]:
    """(the field, how its column may be called, an example) for people who prepare a file."""
    shown = {_of_name(words(column)): value for column, value in SAMPLE[0].items()}
    return [
        (label, ", ".join(name for name in NAMES[name_of][:4] if name != BODY), shown.get(name_of, ""))
        for name_of, label in FIELDS.items()
    ]


def name_rank(column: str, name: str) -> int:
    """How good a name of the field the column has; the least is the best."""
    usual = NAMES.get(name, ())
    known = (said for said in (_bare(column), words(column)) if said in usual)
    return next((usual.index(said) for said in known), -1)


def words(column: str) -> str:
    """The last part of a column's name in small letters, without signs, its number, zone or unit in brackets."""
    return _spaced(column.rpartition(".")[2])


def _spaced(name: str) -> str:
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", re.sub(r" ?\([^()]*\)", "", name)) if name != BODY else name
    return re.sub(r" (?:utc|gmt)$", "", re.sub(r"[\W_]+", " ", name).strip().lower())


def _bare(column: str) -> str:
    return _UNITS.sub("", words(column))


def _guess_one(column: str, value: Any) -> str:
    outer, _, _ = column.rpartition(".")
    around = _spaced(outer.rpartition(".")[2])
    if not outer:
        return _field(column, value)
    if whole := _field(column.replace(".", " "), value):
        return whole
    inner = words(column)
    thing = _of_name(around)
    if thing in _THINGS and inner in (_NAME_OF_A_THING if thing != "tags" else {"name"}):
        return thing
    found = _field(column.rpartition(".")[2], value)
    if (
        around in _OTHERS
        or thing in _THINGS - {"tags"}
        or (found in _IDENTIFYING and around not in _WRAPPERS)
    ):
        return ""
    return found


def _field(column: str, value: Any) -> str:
    said = words(column)
    if said == "impact":
        return "severity" if _is_rank(value) else "what_happened"
    return _of_name(said) or (_of_name(_bare(column)) if _of_name(_bare(column)) == "minutes" else "")


def _of_name(said: str) -> str:
    return next((name for name, usual in NAMES.items() if said in usual), "")


def _is_rank(value: Any) -> bool:
    try:
        rank(value, {})
    except Unreadable:
        return False
    return True
