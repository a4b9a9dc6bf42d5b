"""Messages to people, what each wants to have by mail, and what they are reminded of when."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from followthrough.core.fields import DataField, LineField, ProseField

LONGEST_BODY = 50_000

Reference = tuple[str, int]
"""Something that not everybody may see: its kind ("incident", "action") and its number."""


class Message(models.Model):
    """One thing told to one person, in the inbox and by mail. `key` keeps it from being told twice.

    It is its own entry in the outbox: `mail_after` is when its mail may leave (None: none waits), `mail_worker` who
    sends it now, `mail_failed_at` when it was given up.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="messages")
    kind = LineField(max_length=40)
    key = LineField(max_length=160)
    about = LineField(max_length=64, blank=True, help_text="What it asks for, such as action:31.")
    subject = LineField(max_length=200)
    body = ProseField(max_length=LONGEST_BODY, blank=True)
    facts = DataField(default=list, help_text="What the mail says beside the body: [[label, words], …].")
    path = LineField(max_length=300, blank=True, help_text="Where in the product it leads, from the root.")
    opens = LineField(max_length=60, blank=True, help_text="What people do there, on the mail's button.")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Who wrote or can answer; replies to the mail go to them.",
    )
    references = DataField(
        default=list,
        help_text="What it tells of: [[kind, number], …]; whoever may not see all of it does not get it.",
    )
    links = DataField(default=list, help_text="More ways on, for the mail only: [[label, path], …].")
    calendar = ProseField(
        max_length=100_000, blank=True, help_text="An iTIP message (RFC 5546) that goes with the mail."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True, help_text="When its one-time links were used.")
    mail_after = models.DateTimeField(null=True)
    mail_attempts = models.PositiveSmallIntegerField(default=0)
    mail_worker = LineField(max_length=120, blank=True)
    mailed_at = models.DateTimeField(null=True)
    mail_error = LineField(max_length=300, blank=True)
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

    @property
    def message_id(self) -> str:
        """The Message-ID of its mail, the same each time that it is sent."""
        return f"<message-{self.pk}.{self.created_at:%Y%m%d%H%M%S}@{settings.MAIL_HOST}>"


class Preference(models.Model):
    """Whether somebody wants a kind of message by mail; without a row they do. The inbox has it in any case."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preferences")
    kind = LineField(max_length=40)
    mail = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="preference_once")]

    def __str__(self) -> str:
        return f"{self.kind}: {'mail' if self.mail else 'inbox only'}"


class Deadline(models.Model):
    """Something that people are reminded of: `subject` is the number of what is due, `next_at` when somebody next
    hears of it (None: nobody does any more). `sent_steps` names the steps that were sent; those before
    `since` are left out."""

    kind = LineField(max_length=16)
    subject = models.PositiveBigIntegerField()
    due_at = models.DateTimeField()
    since = models.DateTimeField()
    sent_steps = DataField(default=list)
    next_at = models.DateTimeField(null=True)
    snoozed_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "subject"], name="deadline_once")]
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(next_at__isnull=False), name="deadline_next")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class ReminderSettings(models.Model):
    """When people are reminded, and who hears of it next; one row for the organisation, or none for the defaults."""

    action_before_days = models.PositiveSmallIntegerField("Owner, days before the date", default=3)
    action_again_days = models.PositiveSmallIntegerField("Owner again, days after the date", default=2)
    action_lead_days = models.PositiveSmallIntegerField("Team lead, days after the date", default=5)
    action_administrator_days = models.PositiveSmallIntegerField(
        "Administrators, days after the date", default=14
    )
    proposed_working_days = models.PositiveSmallIntegerField(
        "Working days to turn a proposal into a promise", default=2
    )
    window_lead_hours = models.PositiveSmallIntegerField("Team lead, hours before it closes", default=12)
    window_administrator_hours = models.PositiveSmallIntegerField(
        "Administrators, hours after it closed", default=24
    )
    pre_read_hours = models.PositiveSmallIntegerField("Pre-read and brief, hours before", default=24)
    summary_owner_hours = models.PositiveSmallIntegerField("Facilitator, hours before it is due", default=6)
    summary_lead_hours = models.PositiveSmallIntegerField("Team lead, hours after it was due", default=4)
    summary_administrator_hours = models.PositiveSmallIntegerField(
        "Administrators, hours after it was due", default=48
    )
    check_in_lead_hours = models.PositiveSmallIntegerField("Team lead, hours after it was due", default=24)
    check_in_administrator_hours = models.PositiveSmallIntegerField(
        "Administrators, hours after it was due", default=96
    )
    waits_for_working_hours = models.BooleanField(
        "Reminders wait for each person’s working hours", default=True
    )
    digests = models.BooleanField("Weekly digests are sent", default=True)
    digest_weekday = models.PositiveSmallIntegerField(
        "Day of the weekly digest",
        default=0,
        choices=list(enumerate(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"])),
    )

    def __str__(self) -> str:
        return "reminders"

    @property
    def topic(self) -> str:
        return "organisation"
