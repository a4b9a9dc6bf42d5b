"""What the steps of the loop share."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from playwright.sync_api import Browser

from tests.journeys.conftest import Arrive
from tests.journeys.demo import Person, number_of

OPEN_INCIDENT = number_of("monzo-2019-07-29")

WHYS = (
    "New servers answered for rows they did not hold",
    "They joined as owners before they had copied anything",
    "The setting `auto_bootstrap` was thought to mean something else",
    "Its meaning stood nowhere that growing the cluster leads past",
    "Growing was rehearsed without reading rows back",
)
CONTRIBUTED, ROOT = WHYS[2], WHYS[4]
GAP = "Missing rows were noticed by people first"
CHECKED = "Add a read-back of 1,000 rows to each growth rehearsal, done when the July setting fails it in two minutes"
PAGED = (
    "Alert the on-call engineer when a known row is missing for a minute, done when a drill pages somebody"
)
WRITTEN = "Document `auto_bootstrap` in the growth runbook, done when the storage team has reviewed the page"
VAGUE = "Improve the rehearsal"


@dataclass
class Story:
    """What one step leaves to the next. `other` comes in once it is known who facilitates."""

    arrive: Arrive
    browser: Browser
    one: Person
    began: datetime
    other: Person = field(init=False)
    waits: list[float] = field(default_factory=list)
    """Milliseconds from writing an entry until the other's browser shows it."""

    def clock(self, minute: int) -> str:
        """The incident's clock `minute` minutes after it began: "13:14"."""
        return f"{self.began + timedelta(minutes=minute):%H:%M}"

    def day_ahead(self, days: int) -> date:
        return datetime.now(self.began.tzinfo).date() + timedelta(days=days)
