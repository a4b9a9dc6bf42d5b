"""The review of one incident."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from followthrough.core.fields import LineField, ProseField
from followthrough.incidents import closings
from followthrough.incidents.models import Incident
from followthrough.notifications.models import Reference
from followthrough.records.models import VersionedRecord


class PostMortem(models.Model):
    """The review of one incident; it shares the incident's number, topic and visibility."""

    class State(models.TextChoices):
        TO_SCHEDULE = "to_schedule", "To schedule"
        SCHEDULED = "scheduled", "Scheduled"
        MEETING = "meeting", "In the meeting"
        TO_SHARE = "to_share", "Summary due"
        SHARED = "shared", "Following through"
        CHECKED_IN = "checked_in", "Check-in held"

    class FacilitatorState(models.TextChoices):
        NONE = "none", "Not chosen"
        ASKED = "asked", "Asked"
        ACCEPTED = "accepted", "Accepted"

    incident = models.OneToOneField(
        Incident, on_delete=models.CASCADE, primary_key=True, related_name="postmortem"
    )
    state = LineField(max_length=12, choices=State, default=State.TO_SCHEDULE)
    opened_at = models.DateTimeField(auto_now_add=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    facilitator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="facilitated"
    )
    facilitator_state = LineField(max_length=8, choices=FacilitatorState, default=FacilitatorState.NONE)
    facilitator_reason = LineField(max_length=300, blank=True, help_text="Why somebody involved facilitates.")
    closed_at = models.DateTimeField(null=True, help_text="When its meeting closed.")
    reopened_until = models.DateTimeField(
        null=True, help_text="Until when the closed room may be written in again."
    )

    class Meta:
        indexes = [models.Index(fields=["state"])]
        verbose_name = "post-mortem"

    def __str__(self) -> str:
        return f"post-mortem of {self.incident}"

    @property
    def topic(self) -> str:
        return f"incident:{self.pk}"

    @property
    def key(self) -> str:
        return f"INC-{self.pk}"

    @property
    def reference(self) -> Reference:
        return ("incident", self.pk)

    @property
    def closed_without(self) -> str:
        """What its meeting closed without, in words; "" where nothing is missing. Lists prefetch `omissions`."""
        return closings.in_words([row.what for row in self.omissions.all()] if self.closed_at else [])


class Participant(models.Model):
    """Somebody asked to the meeting, and why."""

    class Response(models.TextChoices):
        INVITED = "invited", "Invited"
        ACCEPTED = "accepted", "Accepted"
        MAYBE = "maybe", "Perhaps"
        DECLINED = "declined", "Declined"

    postmortem = models.ForeignKey(PostMortem, on_delete=models.CASCADE, related_name="participants")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="participations"
    )
    required = models.BooleanField(default=True)
    reason = LineField(max_length=200, blank=True)
    response = LineField(max_length=8, choices=Response, default=Response.INVITED)
    read_at = models.DateTimeField(null=True, help_text="When they had read the pre-read.")
    for_check_in = models.BooleanField(default=False, help_text="Asked after the meeting, to the check-in.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["postmortem", "person"], name="participant_once")]

    def __str__(self) -> str:
        return str(self.person)

    @property
    def topic(self) -> str:
        return f"incident:{self.postmortem_id}"


class Promise(models.Model):
    """Something due by a moment: the meeting in its window, the summary, the check-in."""

    class Kind(models.TextChoices):
        MEETING = "meeting", "Hold the meeting in its window"
        SUMMARY = "summary", "Share the summary within 24 hours"
        CHECK_IN = "check_in", "Hold the two-week check-in"

    postmortem = models.ForeignKey(PostMortem, on_delete=models.CASCADE, related_name="promises")
    kind = LineField(max_length=10, choices=Kind)
    opens_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, help_text="When somebody first looked at what is due.")
    kept_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["postmortem", "kind"], name="promise_once")]
        indexes = [
            models.Index(
                fields=["kind", "due_at"],
                condition=models.Q(kept_at=None, dropped_at=None),
                name="promise_open",
            )
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def topic(self) -> str:
        return f"incident:{self.postmortem_id}"


class Omission(models.Model):
    """Why a meeting closed without something that a post-mortem has."""

    class What(models.TextChoices):
        TIMELINE = "timeline", "No timeline entry"
        CAUSES = "causes", "No cause"
        FINDINGS = "findings", "No finding"
        ACTIONS = "actions", "No action"
        FACILITATOR = "facilitator", "No facilitator"

    postmortem = models.ForeignKey(PostMortem, on_delete=models.CASCADE, related_name="omissions")
    what = LineField(max_length=12, choices=What)
    reason = ProseField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["postmortem", "what"], name="omission_once")]
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.get_what_display()

    @property
    def topic(self) -> str:
        return f"incident:{self.postmortem_id}"


class Record(VersionedRecord):
    """A versioned record of one post-mortem."""

    postmortem = models.ForeignKey(PostMortem, on_delete=models.CASCADE, related_name="%(class)ss")

    class Meta:
        abstract = True

    @property
    def topic(self) -> str:
        return f"incident:{self.postmortem_id}"
