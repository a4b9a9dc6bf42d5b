"""Messages to people, and what each wants to have by mail."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Message(models.Model):
    """One thing told to one person, in the inbox and by mail. `key` keeps it from being told twice.

    It is its own entry in the outbox: `mail_after` is when its mail may leave (None: none waits), `mail_worker` who
    sends it now, `mail_failed_at` when it was given up.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=160)
    about = models.CharField(max_length=64, blank=True, help_text="What it asks for, such as action:31.")
    subject = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    path = models.CharField(
        max_length=300, blank=True, help_text="Where in the product it leads, from the root."
    )
    links = models.JSONField(default=list, help_text="More ways on, for the mail only: [[label, path], …].")
    calendar = models.TextField(blank=True, help_text="An iTIP message (RFC 5546) that goes with the mail.")
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True, help_text="When its one-time links were used.")
    mail_after = models.DateTimeField(null=True)
    mail_attempts = models.PositiveSmallIntegerField(default=0)
    mail_worker = models.CharField(max_length=120, blank=True)
    mailed_at = models.DateTimeField(null=True)
    mail_error = models.CharField(max_length=300, blank=True)
    mail_failed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="message_told_once")]
        indexes = [
            models.Index(fields=["person", "-created_at"]),
            models.Index(fields=["person"], condition=models.Q(read_at=None), name="message_unread"),
            models.Index(
                fields=["mail_after"], condition=models.Q(mail_after__isnull=False), name="mail_waits"
            ),
            models.Index(fields=["mail_worker"], condition=~models.Q(mail_worker=""), name="mail_claimed"),
            models.Index(
                fields=["-mail_failed_at"],
                condition=models.Q(mail_failed_at__isnull=False),
                name="mail_failed",
            ),
            models.Index(fields=["about"], condition=~models.Q(about=""), name="message_about"),
        ]

    def __str__(self) -> str:
        return self.subject


class Preference(models.Model):
    """Whether somebody wants a kind of message by mail; without a row they do. The inbox has it in any case."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preferences")
    kind = models.CharField(max_length=40)
    mail = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="preference_once")]

    def __str__(self) -> str:
        return f"{self.kind}: {'mail' if self.mail else 'inbox only'}"
