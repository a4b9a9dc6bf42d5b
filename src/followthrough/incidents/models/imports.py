"""How incidents come in: imports and webhook endpoints."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from followthrough.core.fields import DataField, LineField, NameField


class ImportMapping(models.Model):
    """Which column means what, remembered for files with the same columns."""

    columns_digest = LineField(max_length=64, unique=True)
    mapping = DataField()
    used_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.columns_digest[:8]


class WebhookEndpoint(models.Model):
    """An address where another program reports incidents; only the digest of its secret is kept."""

    name = NameField(max_length=80)
    secret_digest = LineField(max_length=64, unique=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name

    @property
    def topic(self) -> str:
        return "organisation"


class ImportRun(models.Model):
    """Files that somebody uploaded to import: first a preview, then a job whose page counts along."""

    class State(models.TextChoices):
        CHECKING = "checking", "Being looked through"
        PREVIEW = "preview", "Not yet imported"
        WAITING = "waiting", "Waiting for the worker"
        RUNNING = "running", "Under way"
        DONE = "done", "Done"
        FAILED = "failed", "Stopped"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    files = DataField(help_text="Names of the uploaded files, in its own folder.")
    mapping = DataField(default=dict)
    state = LineField(max_length=8, choices=State, default=State.PREVIEW)
    rows_read = models.PositiveIntegerField(default=0)
    preview = DataField(default=dict, help_text="What an import would do, worked out once.")
    report = DataField(default=dict)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["-created_at"])]

    def __str__(self) -> str:
        return ", ".join(self.files)
