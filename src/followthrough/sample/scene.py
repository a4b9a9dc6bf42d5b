"""One incident being written: its material, its cast and where the story has brought it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.utils import timezone

from followthrough.incidents.models import Incident
from followthrough.sample.cast import Cast
from followthrough.sample.company import Company
from followthrough.sample.material import Material
from followthrough.sample.row_writer import Writer
from followthrough.sample.story import Stage

_NAMES = UUID("6b0ef1ce-9d0f-4f0e-8c0a-2b1f6d9a7c55")


@dataclass
class Scene:
    """One incident being written: its material, moved by `shift` to where the story wants it."""

    row: Material
    stage: Stage
    shift: timedelta
    meeting_at: datetime | None
    cast: Cast
    company: Company
    writer: Writer
    key: int
    first_action: int
    now: datetime

    def at(self, stamp: datetime) -> datetime:
        """A moment of the material on the story's calendar; of what was planned, a day without a time on its own clock."""
        moment = stamp + self.shift
        return (
            moment.replace(tzinfo=ZoneInfo(self.row.zone)).astimezone(UTC) if self.is_day(stamp) else moment
        )

    def is_day(self, stamp: datetime) -> bool:
        """Whether the material knows the day only, of an event that is told in days."""
        in_days = not Incident(kind=self.row.kind).is_outage
        return in_days and stamp.astimezone(UTC).time() == time()

    def named(self, *parts: object) -> UUID:
        """The same key for the same record each time."""
        return uuid5(_NAMES, ":".join(map(str, (self.key, self.row.slug, *parts))))

    @property
    def ended_at(self) -> datetime:
        return self.at(self.row.ended_at)

    @property
    def told_at(self) -> datetime:
        """When somebody wrote the incident down."""
        return min(self.at(self.row.began_at) + timedelta(minutes=12), self.now)

    @property
    def meeting_over(self) -> datetime:
        return (self.meeting_at or self.ended_at) + timedelta(minutes=58)


def present() -> datetime:
    """The present, to the minute."""
    return timezone.now().replace(second=0, microsecond=0)


def shared_at(scene: Scene) -> datetime | None:
    """When its summary was published, if it was."""
    return scene.meeting_over + timedelta(hours=17) if scene.stage >= Stage.SHARED else None
