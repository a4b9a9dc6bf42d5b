"""The sample material as it stands in its files, checked on reading."""

from __future__ import annotations

from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

HERE = Path(__file__).parent


def _aware(value: Any) -> Any:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value


Stamp = Annotated[datetime, BeforeValidator(_aware)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Source(_Part):
    title: str
    url: str


class Moment(_Part):
    at: Stamp
    kind: str
    text: str
    milestone: str | None = None
    evidence: Source | None = None
    account_of: int | None = None


class Cause(_Part):
    text: str
    category: str
    evidence: list[int] = []
    finding: str | None = None
    children: list[Cause] = []


class Finding(_Part):
    kind: str
    text: str


class Action(_Part):
    text: str
    kind: str
    priority: str
    answers: str = Field(alias="for")
    due_days: int
    state: str
    decline_reason: str = ""


class Impact(_Part):
    users_affected: int | None = None
    users_affected_is_estimate: bool = False
    support_contacts: int | None = None
    revenue_lost: float | None = None
    data_lost: str | None = None
    people: int | None = None
    notes: str | None = None
    scope: str | None = None
    schedule_days: int | None = None
    cost: str | None = None


class Material(_Part):
    """One incident, on its own dates."""

    slug: str
    title: str
    source: Source | None
    kind: str
    severity: str
    zone: str
    services: list[str]
    team: str
    tags: list[str]
    detected_by: str
    data_lost: bool
    customer_impact: str
    what_happened: str
    milestones: dict[str, Stamp | Literal["not_known", "does_not_apply"]]
    impact: Impact
    timeline: list[Moment]
    causes: list[Cause]
    findings: list[Finding] = []
    actions: list[Action] = []

    @property
    def began_at(self) -> datetime:
        """The first known moment of the milestones that say when it began, or else of the timeline."""
        for name in ("started", "actual_start", "planned_start", "detected"):
            stamp = self.milestones.get(name)
            if isinstance(stamp, datetime):
                return stamp
        return min(moment.at for moment in self.timeline)

    @property
    def ended_at(self) -> datetime:
        """When it was over, or else the last moment told."""
        for name in ("resolved", "actual_end", "planned_end", "mitigated", "decided"):
            stamp = self.milestones.get(name)
            if isinstance(stamp, datetime):
                return stamp
        return max(moment.at for moment in self.timeline)


class Team(_Part):
    slug: str
    name: str
    what: str


class Person(_Part):
    slug: str
    name: str
    email: str
    team: str
    lead: bool
    role: str
    zone: str
    work_start: time
    work_end: time
    willing_to_facilitate: bool
    title: str


class Service(_Part):
    slug: str
    name: str
    owner: str
    tier: int
    objective: float
    revenue_per_hour: float
    depends_on: list[str]
    what: str


class Organisation(BaseModel):
    model_config = ConfigDict(frozen=True)

    name: str
    teams: list[Team]
    people: list[Person]
    services: list[Service]


def _read(file: Path) -> Any:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(file.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - both loaders are the safe ones


@cache
def organisation() -> Organisation:
    """The fictional company."""
    return Organisation.model_validate(_read(HERE / "organisation.yaml"))


def incidents() -> dict[str, Material]:
    """Every incident of the material, by its slug."""
    files = sorted((HERE / "incidents").glob("*.yaml"))
    rows = [Material.model_validate(_read(file)) for file in files]
    return {row.slug: row for row in rows}
