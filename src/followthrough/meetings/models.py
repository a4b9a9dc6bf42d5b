"""Meetings, their agenda, and what is said in them beside the record."""

from __future__ import annotations

from datetime import datetime, timedelta
from secrets import token_hex

from django.conf import settings
from django.db import models
from django.utils import timezone

from followthrough.core.fields import LineField, NameField, ProseField
from followthrough.incidents.models import Incident
from followthrough.postmortems.models import PostMortem, Record


def new_uid() -> str:
    """A name for calendars everywhere; it stays when this server is reached at another address."""
    return f"meeting-{token_hex(16)}@{settings.BASE_URL.split('://')[-1]}"


class Meeting(models.Model):
    """A post-mortem's meeting or one of its check-ins, of which only the last is ahead.

    `starts_at` and `minutes` are the plan until it begins, and what happened from then on; `planned_at` keeps the plan.
    `revision` counts moves; `sequence` everything that calendars elsewhere hear of (RFC 5545's SEQUENCE).
    """

    class Kind(models.TextChoices):
        POSTMORTEM = "postmortem", "Post-mortem"
        CHECK_IN = "check_in", "Check-in"

    class State(models.TextChoices):
        SCHEDULED = "scheduled", "Scheduled"
        LIVE = "live", "Under way"
        HELD = "held", "Held"
        CANCELLED = "cancelled", "Cancelled"

    postmortem = models.ForeignKey(PostMortem, on_delete=models.CASCADE, related_name="meetings")
    kind = LineField(max_length=10, choices=Kind, default=Kind.POSTMORTEM)
    state = LineField(max_length=10, choices=State, default=State.SCHEDULED)
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=60)
    zone = LineField(max_length=64, default="UTC")
    uid = LineField(
        max_length=200,
        default=new_uid,
        help_text="Names the meeting in every calendar; nobody who was not asked can guess it.",
    )
    revision = models.PositiveIntegerField(default=0)
    sequence = models.PositiveIntegerField(default=0)
    scheduled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    cancel_reason = LineField(max_length=300, blank=True)
    created_at = models.DateTimeField(
        null=True, default=timezone.now, help_text="Unknown of some that were planned by earlier versions."
    )
    planned_at = models.DateTimeField(
        null=True, help_text="When it was to begin; known once it has begun, unless nobody planned it."
    )
    planned_minutes = models.PositiveSmallIntegerField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    step = LineField(
        max_length=16, blank=True, help_text="Key of the agenda step that the facilitator is at."
    )
    step_ends_at = models.DateTimeField(null=True)
    answers_hidden = models.BooleanField(
        default=False, help_text="Answers are shown to their authors only, until the facilitator shows all."
    )
    co_facilitator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    scribe = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["postmortem", "kind"],
                condition=~models.Q(state="cancelled") & ~models.Q(kind="check_in", state="held"),
                name="one_meeting_of_a_kind",
            )
        ]
        indexes = [
            models.Index(fields=["state", "starts_at"]),
            models.Index(fields=["-starts_at", "-id"], name="meeting_latest_first"),
            models.Index(fields=["uid"], name="meeting_uid"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def topic(self) -> str:
        return f"incident:{self.postmortem_id}"

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


class Sitting(models.Model):
    """From one beginning of a meeting to its end; a meeting that was adjourned has several."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="sittings")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["started_at", "pk"]

    def __str__(self) -> str:
        return "a sitting"


class Attendance(models.Model):
    """Somebody was in the room while the meeting ran, or a person said so afterwards."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendances")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "person"], name="attendance_once")]

    def __str__(self) -> str:
        return str(self.person)

    @property
    def topic(self) -> str:
        return self.meeting.topic


class AgendaStep(models.Model):
    class Key(models.TextChoices):
        WELCOME = "welcome", "Welcome"
        TIMELINE = "timeline", "Timeline"
        CAUSES = "causes", "Causes"
        IMPACT = "impact", "Impact"
        PREVENTION = "prevention", "Prevention"
        ACTIONS = "actions", "Actions"
        CLOSE = "close", "Close"

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="steps")
    key = LineField(max_length=16, choices=Key)
    minutes = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["meeting", "key"], name="agenda_step_once")]

    def __str__(self) -> str:
        return self.get_key_display()

    @property
    def topic(self) -> str:
        return self.meeting.topic


class Question(models.Model):
    """One question of the bank."""

    class Phase(models.TextChoices):
        TIMELINE = "timeline", "Timeline"
        ROOT_CAUSE = "root_cause", "Root cause"
        IMPACT = "impact", "Impact"
        PREVENTION = "prevention", "Prevention"
        LOOKING_BACK = "looking_back", "Looking back"
        RETURNING = "returning", "Where it came back"

    class AnsweredFrom(models.TextChoices):
        """What of the record the room shows beside the question as an answer."""

        BEGINNING = "beginning", "When it began and was detected, or ended"
        CHANGES = "changes", "Changes of the 24 hours before"
        STAGES = "stages", "How long the stages of the response took"
        DETECTION = "detection", "What detected it"
        AFFECTED = "affected", "Who was affected and for how long"
        COST = "cost", "What it cost"
        LATENESS = "lateness", "How far from its planned end it ended"
        DECIDED = "decided", "How many findings are covered"
        WAITING = "waiting", "How many earlier actions are not done"
        DONE = "done", "How many earlier actions were done"

    phase = LineField(max_length=16, choices=Phase)
    kind = LineField(
        max_length=20,
        choices=Incident.Kind,
        blank=True,
        default="",
        help_text="The only kind of event that it is asked of; all where empty.",
    )
    text = NameField(max_length=300)
    position = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)
    answered_from = LineField(max_length=10, choices=AnsweredFrom, blank=True)

    class Meta:
        ordering = ["phase", "position"]

    def __str__(self) -> str:
        return self.text

    @property
    def topic(self) -> str:
        return "organisation"


class Answer(Record):
    """What somebody answered to a question of the bank."""

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    text = ProseField(max_length=4_000)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    def __str__(self) -> str:
        return self.text


class ParkedItem(Record):
    """Something for later, kept so that the meeting can go on."""

    text = ProseField(max_length=1_000)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    settled_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "parked item"

    def __str__(self) -> str:
        return self.text


class Note(Record):
    """Notes of one step that all see, or (with an owner) the facilitator's private ones."""

    step = LineField(max_length=16, choices=AgendaStep.Key)
    text = ProseField(max_length=20_000, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["postmortem", "step", "owner"], name="private_note_once"),
            models.UniqueConstraint(
                fields=["postmortem", "step"], condition=models.Q(owner=None), name="shared_note_once"
            ),
        ]

    def __str__(self) -> str:
        return f"notes on {self.get_step_display().lower()}"


class Observation(Record):
    """Something written on the pre-read before the meeting; without an author it was given anonymously."""

    text = ProseField(max_length=4_000)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    def __str__(self) -> str:
        return self.text


class Vote(Record):
    """Somebody would like to talk about this cause or parked item."""

    about = models.UUIDField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["postmortem", "author", "about"],
                condition=models.Q(removed_at=None),
                name="vote_once_for_each",
            )
        ]

    def __str__(self) -> str:
        return "a vote"


class RoundTally(models.Model):
    """How often a value of 1 (no) to 5 (very much) was given in a closing round: no names, no times, no order."""

    class Question(models.TextChoices):
        LEARNED = "learned", "Did you learn something?"
        WORTH = "worth", "Was it worth your time?"
        SAFE = "safe", "Did you feel safe to speak?"

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="tallies")
    question = LineField(max_length=8, choices=Question)
    value = models.PositiveSmallIntegerField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "question", "value"], name="tally_once")]
        verbose_name_plural = "round tallies"

    def __str__(self) -> str:
        return f"{self.get_question_display()} {self.value}: {self.count}"


class RoundParticipation(models.Model):
    """That somebody has answered the closing round, so that nobody does twice; not what they answered."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "person"], name="round_once_each")]

    def __str__(self) -> str:
        return "a round that was answered"
