"""What happened, moment by moment."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from followthrough.core.fields import LineField, ProseField, UrlField
from followthrough.incidents.models import Milestone
from followthrough.postmortems.models import Record

MILESTONE_KEY = "milestone:"
"""How the source keys of entries begin that the report of an incident gave."""


class Entry(Record):
    """One moment. `moment` is shared by differing accounts of the same moment until the room settles them."""

    class Kind(models.TextChoices):
        OBSERVATION = "observation", "Observation"
        ACTION = "action", "Action"
        ALERT = "alert", "Alert"
        CHANGE = "change", "Change"
        COMMUNICATION = "communication", "Communication"
        HANDOFF = "handoff", "Handoff"
        MILESTONE = "milestone", "Milestone"

    kind = LineField(max_length=16, choices=Kind, default=Kind.OBSERVATION)
    text = ProseField(max_length=4_000)
    happened_at = models.DateTimeField()
    whole_day = models.BooleanField(default=False, help_text="Only the day was said, and no time of it.")
    zone = LineField(max_length=64, default="UTC")
    milestone = LineField(max_length=16, choices=Milestone.Name, null=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    anonymous = models.BooleanField(default=False)
    editing_key_digest = LineField(
        max_length=64, blank=True, help_text="Lets the page that wrote it anonymously edit it."
    )
    source = LineField(
        max_length=80, blank=True, help_text="Where it was taken over from, such as a chat log."
    )
    source_key = LineField(max_length=80, null=True)
    moment = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["postmortem", "happened_at"])]
        constraints = [
            models.UniqueConstraint(fields=["postmortem", "source_key"], name="entry_taken_over_once")
        ]
        verbose_name = "timeline entry"
        verbose_name_plural = "timeline entries"

    def __str__(self) -> str:
        return self.text

    @property
    def is_of_report(self) -> bool:
        """Whether it is a milestone that the report of the incident gave, and not written by anybody here."""
        return (self.source_key or "").startswith(MILESTONE_KEY)


class Evidence(models.Model):
    """What showed it: a link or a stored file."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="evidence")
    title = LineField(max_length=200, blank=True)
    url = UrlField(max_length=1000, blank=True)
    file = models.FileField(upload_to="evidence/%Y/%m", blank=True)
    media_type = LineField(max_length=80, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    added_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "evidence"
        verbose_name_plural = "evidence"

    def __str__(self) -> str:
        return self.title or self.url

    @property
    def topic(self) -> str:
        return self.entry.topic

    @property
    def file_url(self) -> str:
        """Where its file is served, "" for a link. Wants `entry` loaded."""
        return f"/incidents/INC-{self.entry.postmortem_id}/evidence/{self.pk}/" if self.file else ""
