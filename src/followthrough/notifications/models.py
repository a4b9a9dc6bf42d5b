"""Messages to people."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Message(models.Model):
    """One thing told to one person, in the inbox and by mail. `key` keeps it from being told twice."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=160)
    subject = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    path = models.CharField(
        max_length=300, blank=True, help_text="Where in the product it leads, from the root."
    )
    links = models.JSONField(default=list, help_text="More ways on, for the mail only: [[label, path], …].")
    calendar = models.TextField(blank=True, help_text="An iTIP message (RFC 5546) that goes with the mail.")
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    mail_error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="message_told_once")]
        indexes = [
            models.Index(fields=["person", "-created_at"]),
            models.Index(fields=["person"], condition=models.Q(read_at=None), name="message_unread"),
        ]

    def __str__(self) -> str:
        return self.subject
