"""What stakeholders see of incidents: what was published of each, and never the live record."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from followthrough.core.times import between
from followthrough.incidents import closings
from followthrough.incidents.models import Incident


@dataclass(frozen=True)
class Publication:
    """An incident as its readers know it; `kind` in words, `text` is Markdown, `missing` what it lacks."""

    title: str
    severity: str
    kind: str
    zone: str
    began_at: datetime
    ended_at: datetime | None
    services: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    text: str = ""
    shows_severity: bool = True
    missing: tuple[str, ...] = ()

    @property
    def closed_without(self) -> str:
        return closings.in_words(self.missing)

    @property
    def lasted(self) -> timedelta | None:
        return self.ended_at - self.began_at if self.ended_at and self.ended_at >= self.began_at else None

    @property
    def length(self) -> str:
        """The same in words, on its own clock; "" where it is not known."""
        known = self.ended_at and self.ended_at >= self.began_at
        return between(self.began_at, self.ended_at, self.zone) if self.ended_at and known else ""


Finder = Callable[[Collection[int]], Mapping[int, Publication]]
_finders: list[Finder] = []


def offer(finder: Finder) -> None:
    """Lets a room above say what was published; called from an AppConfig's ready()."""
    _finders.append(finder)


def publications_of(incidents: Iterable[Incident]) -> dict[int, Publication]:
    """{number: what was published}; where nothing was, title, severity and times alone."""
    rows = {incident.pk: incident for incident in incidents}
    found = {key: row for finder in _finders for key, row in finder(list(rows)).items()}
    return {key: found.get(key) or _head_of(incident) for key, incident in rows.items()}


def _head_of(incident: Incident) -> Publication:
    return Publication(
        title=incident.title,
        severity=incident.severity.name,
        kind=str(Incident.Kind(incident.kind).label),
        zone=incident.zone,
        began_at=incident.began_at,
        ended_at=incident.ended_at,
        shows_severity=incident.words.has_severity,
    )
