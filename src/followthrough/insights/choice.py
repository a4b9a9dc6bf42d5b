"""The choice of what is counted: a period up to a moment, narrowed by team, service and severity."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from followthrough.incidents.models import Service, Severity
from followthrough.people.models import Team

PERIODS = {"3": "3 months", "6": "6 months", "12": "12 months", "24": "24 months", "60": "5 years"}
USUAL = "12"
_MONTH = timedelta(days=365.25 / 12)


@dataclass(frozen=True)
class Choice:
    """What somebody chose to look at: `months` up to `until`, beside as many before."""

    months: int
    until: datetime
    team: Team | None
    service: Service | None
    severity: Severity | None

    @cached_property
    def since(self) -> datetime:
        return self.until - self.months * _MONTH

    @cached_property
    def before(self) -> datetime:
        """When the period before began."""
        return self.since - self.months * _MONTH

    @property
    def name(self) -> str:
        """Equal for the same choice at any time."""
        chosen = (self.months, *(one and one.pk for one in (self.team, self.service, self.severity)))
        return "-".join(map(str, chosen))

    @property
    def words(self) -> str:
        return PERIODS[str(self.months)]
