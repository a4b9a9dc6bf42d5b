"""The schedule's rows."""

from __future__ import annotations

from django.db import models

from followthrough.core.fields import LineField


class ScheduledRun(models.Model):
    """When a regular job last ran; claimed by a conditional UPDATE so that two workers never run it at once."""

    name = LineField(primary_key=True, max_length=80)
    last_run_at = models.DateTimeField(null=True)
    took_ms = models.PositiveIntegerField(null=True)
    error = LineField(max_length=300, blank=True, help_text="What went wrong the last time.")

    def __str__(self) -> str:
        return self.name
