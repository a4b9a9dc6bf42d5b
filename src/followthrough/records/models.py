"""The base of versioned records: optimistic concurrency by a version that every change raises."""

from __future__ import annotations

import uuid

from django.db import models


class VersionedRecord(models.Model):
    """A record with a key that its page may choose, a version that every change raises, and removal that can be taken
    back. Rooms say with `topic` in which part of the log its changes stand."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def topic(self) -> str:
        raise NotImplementedError
