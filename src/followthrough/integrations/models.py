"""Connections to services outside, which action is which issue there, and what goes out and comes in."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models

from followthrough.core.fields import DataField, LineField, NameField, ProseField, UrlField
from followthrough.notifications.models import Reference

LARGEST_BODY = 64_000
"""Characters of a body that the page of deliveries keeps."""


class TrackerConnection(models.Model):
    """One account with one service. What lets us in is in `encrypted` only, and never shown.

    `failures` and `retry_at` are its circuit breaker, `paused_until` is what the service asked for. `claimed_by` is the
    worker that sends just now: one at a time.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    service = LineField(max_length=20)
    name = NameField(max_length=80)
    options = DataField(default=dict, help_text="What the settings page asked for and is no secret.")
    encrypted = ProseField(max_length=20_000)
    secret_rotated_at = models.DateTimeField(null=True)
    account = LineField(max_length=200, blank=True, help_text="What the service calls us.")
    closes_declined = models.BooleanField(default=True)
    findings = DataField(default=list, help_text="What the last check found: [ok, words].")
    check_asked_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    refusal = LineField(max_length=600, blank=True)
    failures = models.PositiveIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True)
    forged_at = models.DateTimeField(
        null=True, help_text="When a delivery last came without a right signature."
    )
    forged_count = models.PositiveIntegerField(default=0)
    claimed_by = LineField(max_length=200, blank=True)
    reconcile_at = models.DateTimeField(null=True)
    reconciled_to = DataField(default=dict, help_text="{target: up to which change it was read}.")
    compared_at = models.DateTimeField(null=True, help_text="When every issue was last looked at.")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True)

    ROTATION = timedelta(hours=24)
    """How long the old secret of the webhook stays valid beside the new one."""

    class Meta:
        ordering = ["name", "id"]
        verbose_name = "connection"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/settings/connections/{self.pk}/"

    @property
    def topic(self) -> str:
        return "organisation"


class TargetRule(models.Model):
    """Which project or repository takes an action. The first whose conditions all hold does; empty ones always do."""

    connection = models.ForeignKey(TrackerConnection, on_delete=models.CASCADE, related_name="rules")
    position = models.PositiveSmallIntegerField(default=0)
    target = LineField(max_length=200)
    is_private = models.BooleanField(default=False)
    team = models.ForeignKey("people.Team", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    service = models.ForeignKey(
        "incidents.Service", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    severity = models.ForeignKey(
        "incidents.Severity", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    kind = LineField(max_length=10, blank=True)
    extra = DataField(default=dict, help_text="{field: value} that every issue made by this rule gets.")
    required = DataField(default=list, help_text="[name, label, choices] of what the target wants filled in.")

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = "rule"

    def __str__(self) -> str:
        return self.target

    @property
    def topic(self) -> str:
        return "organisation"


class PersonAccount(models.Model):
    """What a service calls a person; "" where nobody of their address was found there."""

    connection = models.ForeignKey(TrackerConnection, on_delete=models.CASCADE, related_name="accounts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    account = LineField(max_length=200, blank=True)
    by_hand = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connection", "person"], name="one_account_of_a_person"),
            models.UniqueConstraint(
                fields=["connection", "account"],
                condition=~models.Q(account=""),
                name="one_person_of_an_account",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.account or 'not found'}"

    @property
    def topic(self) -> str:
        return "organisation"


class IssueLink(models.Model):
    """Which issue an action is: at most one for each connection. Its key is the marker that the issue carries.

    `our_base` and `their_base` are what both sides said when they last agreed. `look_at` is since when somebody has to look
    how the issue stands; `attempted_at` is when it was first tried to make it.
    """

    class State(models.TextChoices):
        PENDING = "pending", "Not sent yet"
        LINKED = "linked", "Linked"
        GONE = "gone", "Gone there"
        UNLINKED = "unlinked", "Unlinked"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    connection = models.ForeignKey(TrackerConnection, on_delete=models.CASCADE, related_name="links")
    action = models.ForeignKey("actions.ActionItem", on_delete=models.CASCADE, related_name="issues")
    state = LineField(max_length=10, choices=State, default=State.PENDING)
    target = LineField(max_length=200)
    issue = LineField(max_length=100, blank=True)
    key = LineField(max_length=200, blank=True)
    url = UrlField(max_length=1000, blank=True)
    extra = DataField(default=dict)
    says_nothing = models.BooleanField(default=False, help_text="A restricted incident, where others read.")
    is_private = models.BooleanField(default=False)
    our_base = DataField(default=dict)
    their_base = DataField(default=dict)
    details_digest = LineField(max_length=64, blank=True)
    heard_from = LineField(max_length=200, blank=True)
    words = LineField(
        max_length=600, blank=True, help_text="What is to be known of it: gone, refused, overruled."
    )
    attempted_at = models.DateTimeField(null=True)
    look_at = models.DateTimeField(null=True)
    retry_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    synced_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["action", "connection"], name="one_issue_of_an_action"),
            models.UniqueConstraint(
                fields=["connection", "target", "issue"],
                condition=models.Q(state__in=["linked", "gone"]),
                name="one_action_of_an_issue",
            ),
        ]
        indexes = [models.Index(fields=["connection", "look_at"])]
        verbose_name = "issue"

    def __str__(self) -> str:
        return self.key or self.target

    @property
    def topic(self) -> str:
        return self.action.topic

    @property
    def reference(self) -> Reference:
        return self.action.reference


class OutboxChange(models.Model):
    """Something that waits to go out: a change of an action, or a comment of ours. Written with the change itself."""

    link = models.ForeignKey(IssueLink, on_delete=models.CASCADE, related_name="outbox")
    what = LineField(max_length=40)
    comment = ProseField(max_length=4_000, blank=True)
    marker = models.UUIDField(default=uuid.uuid4)
    attempted_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["link", "id"], condition=models.Q(sent_at=None), name="outbox_waiting")
        ]

    def __str__(self) -> str:
        return self.what


class Delivery(models.Model):
    """One request, in or out, with its body. Secrets are masked before it is kept."""

    class Direction(models.TextChoices):
        IN = "in", "In"
        OUT = "out", "Out"

    class State(models.TextChoices):
        WAITING = "waiting", "Waits for its turn"
        DONE = "done", "Done"
        NOT_UNDERSTOOD = "not_understood", "Not understood"
        REFUSED = "refused", "Refused"

    connection = models.ForeignKey(TrackerConnection, on_delete=models.CASCADE, related_name="deliveries")
    link = models.ForeignKey(IssueLink, null=True, on_delete=models.SET_NULL, related_name="+")
    direction = LineField(max_length=3, choices=Direction)
    state = LineField(max_length=14, choices=State)
    at = models.DateTimeField(auto_now_add=True)
    what = LineField(max_length=300)
    delivery = LineField(max_length=200, null=True)
    digest = LineField(max_length=64, blank=True)
    body = ProseField(max_length=LARGEST_BODY * 16, blank=True)
    answer = ProseField(max_length=LARGEST_BODY, blank=True)
    status = models.PositiveSmallIntegerField(null=True)
    took_ms = models.PositiveIntegerField(null=True)
    words = LineField(max_length=600, blank=True)

    RETENTION = timedelta(days=30)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "delivery"],
                condition=models.Q(direction="in"),
                name="delivery_comes_in_once",
            )
        ]
        indexes = [
            models.Index(fields=["connection", "-id"]),
            models.Index(
                fields=["state", "id"], condition=models.Q(state="waiting"), name="delivery_waiting"
            ),
            models.Index(fields=["connection", "digest"]),
            models.Index(fields=["at"]),
        ]
        verbose_name_plural = "deliveries"

    def __str__(self) -> str:
        return self.what
