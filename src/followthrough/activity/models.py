"""The log's rows and the heads of its topics."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from followthrough.core.fields import DataField, LineField


class Topic(models.Model):
    """The head of one gapless sequence, such as "incident:148" or "organisation"."""

    name = LineField(primary_key=True, max_length=64)
    seq = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class Activity(models.Model):
    """One change. `seq` is given without gaps within `topic`, in commit order; some rows are forgotten later.

    `kind` is the model's label ("timeline.entry"), `record` its key, `label` what it was called then,
    `changes` {field: [before, after]}. `op` is the live command that caused it, at most once.
    """

    at = models.DateTimeField(auto_now_add=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    topic = LineField(max_length=64)
    seq = models.PositiveBigIntegerField()
    verb = LineField(max_length=32)
    kind = LineField(max_length=64)
    record = LineField(max_length=64)
    label = LineField(max_length=200, blank=True)
    changes = DataField(default=dict)
    op = models.UUIDField(null=True, unique=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "seq"], name="activity_seq_once_per_topic")]
        indexes = [models.Index(fields=["kind", "record"]), models.Index(fields=["-at"])]
        verbose_name_plural = "activity"

    def __str__(self) -> str:
        return f"{self.topic}#{self.seq} {self.verb} {self.kind}"
