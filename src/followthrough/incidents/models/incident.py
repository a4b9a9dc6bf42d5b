"""One incident, its milestones, people and impact."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import models

from followthrough.core.fields import DataField, LineField, NameField, ProseField, UrlField
from followthrough.core.times import between
from followthrough.incidents.event_words import EventWords, words_of
from followthrough.incidents.models.catalogue import Service, Severity, Tag
from followthrough.notifications.models import Reference
from followthrough.people.models import Team, User

LONGEST_TEXT, LONGEST_NOTE = 20_000, 4_000


class Incident(models.Model):
    """One event that a post-mortem may examine. `began_at` and `ended_at` repeat its milestones, for lists."""

    class Kind(models.TextChoices):
        OUTAGE = "outage", "Outage"
        FAILED_DEPLOYMENT = "failed_deployment", "Failed deployment"
        MISSED_DEADLINE = "missed_deadline", "Missed deadline"
        PROJECT_END = "project_end", "Project's end"
        LAUNCH = "launch", "Launch"

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        MITIGATED = "mitigated", "Mitigated"
        RESOLVED = "resolved", "Resolved"

    class Visibility(models.TextChoices):
        OPEN = "open", "Everyone in the organisation"
        RESTRICTED = "restricted", "Only named people"

    class DetectedBy(models.TextChoices):
        ALERT = "alert", "An alert"
        STAFF = "staff", "Someone here"
        CUSTOMER = "customer", "A customer"
        NOT_KNOWN = "not_known", "Not known"

    class CustomerImpact(models.TextChoices):
        NONE = "none", "None"
        SOME = "some", "Some customers"
        MANY = "many", "Many customers"

    class Review(models.TextChoices):
        """Whether a post-mortem is needed, by the rules or a person."""

        UNDECIDED = "undecided", "Not yet decided"
        NEEDED = "needed", "Needed"
        NOT_NEEDED = "not_needed", "Not needed"
        SKIPPED = "skipped", "Skipped"
        EARLIER = "earlier", "Earlier record"

    UNDATED = datetime(2, 1, 1, tzinfo=UTC)
    """Stands in `began_at` for a beginning that nobody knows, so that such incidents sort as the oldest."""

    title = NameField(max_length=200)
    kind = LineField(max_length=20, choices=Kind, default=Kind.OUTAGE)
    what_happened = ProseField(blank=True, max_length=LONGEST_TEXT)
    severity = models.ForeignKey(Severity, on_delete=models.PROTECT, related_name="incidents")
    status = LineField(max_length=10, choices=Status, default=Status.OPEN)
    visibility = LineField(max_length=10, choices=Visibility, default=Visibility.OPEN)
    zone = LineField(max_length=64, default="UTC")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    detected_by = LineField(max_length=10, choices=DetectedBy, default=DetectedBy.NOT_KNOWN)
    customer_impact = LineField(max_length=8, choices=CustomerImpact, default=CustomerImpact.NONE)
    data_lost = models.BooleanField(default=False)
    review = LineField(max_length=12, choices=Review, default=Review.UNDECIDED)
    review_reason = LineField(max_length=300, blank=True)
    shared_at = models.DateTimeField(
        null=True, help_text="When its summary was published; stakeholders see it from then."
    )
    source_title = LineField(max_length=200, blank=True)
    source_url = UrlField(max_length=500, blank=True)
    external_id = LineField(
        max_length=200, null=True, unique=True, help_text="Keeps a repeated import from doubling it."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)
    services = models.ManyToManyField(Service, blank=True, related_name="incidents")
    teams = models.ManyToManyField(Team, blank=True, related_name="incidents")
    tags = models.ManyToManyField(Tag, blank=True, related_name="incidents")
    named_people: models.ManyToManyField[User, models.Model] = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="+",
        help_text="Who may see it while it is restricted.",
    )

    class Meta:
        indexes = [
            models.Index(fields=["-began_at", "-id"]),
            models.Index(fields=["status", "-began_at", "-id"]),
            models.Index(fields=["severity", "-began_at", "-id"]),
            models.Index(fields=["kind", "-began_at", "-id"]),
            models.Index(fields=["review", "-began_at", "-id"]),
            models.Index(
                fields=["visibility"],
                condition=models.Q(visibility="restricted"),
                name="incident_restricted",
            ),
            models.Index(
                fields=["-shared_at", "-id"],
                condition=models.Q(shared_at__isnull=False),
                name="incident_shared",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.title}"

    def get_absolute_url(self) -> str:
        return f"/incidents/{self.key}/"

    @property
    def key(self) -> str:
        return f"INC-{self.pk}"

    @property
    def outside_name(self) -> str:
        """How mail and calendars name it, which others read too: a restricted one by its number only."""
        return self.title if self.visibility == self.Visibility.OPEN else self.key

    @property
    def outside_line(self) -> str:
        """The same with its number in front: "INC-148: Checkout returned 502"."""
        return self.key if self.outside_name == self.key else f"{self.key}: {self.title}"

    @property
    def reference(self) -> Reference:
        return ("incident", self.pk)

    @property
    def topic(self) -> str:
        return f"incident:{self.pk}"

    @property
    def duration(self) -> timedelta | None:
        """How long it lasted; None if that is not known, or if its end is noted before its beginning."""
        is_known = self.ended_at and self.is_dated and not self.ends_before_it_began
        return self.ended_at - self.began_at if self.ended_at and is_known else None

    @property
    def lasted(self) -> str:
        """The same in words, on its own clock; "" where it is not known."""
        known = self.ended_at and self.duration is not None
        return between(self.began_at, self.ended_at, self.zone) if self.ended_at and known else ""

    @property
    def ends_before_it_began(self) -> bool:
        """Whether one of the two moments must be wrong."""
        return bool(self.ended_at and self.ended_at < self.began_at)

    @property
    def is_dated(self) -> bool:
        """Whether anybody knows when it began."""
        return self.began_at != self.UNDATED

    @property
    def is_outage(self) -> bool:
        """Its timeline runs in minutes; other events are told in days, with planned and actual dates."""
        return self.kind in {self.Kind.OUTAGE, self.Kind.FAILED_DEPLOYMENT}

    @property
    def words(self) -> EventWords:
        """What this kind of event is called, and its meeting, people and state."""
        return words_of(self.kind)

    def get_status_display(self) -> str:  # type: ignore[no-redef]
        """The status in the words of its kind: an outage is resolved, a project has ended."""
        return self.words.statuses[self.status]


class Milestone(models.Model):
    """A named moment of an incident; `at` is set only while it is known."""

    class Name(models.TextChoices):
        STARTED = "started", "Started"
        DETECTED = "detected", "Detected"
        ACKNOWLEDGED = "acknowledged", "Acknowledged"
        MITIGATED = "mitigated", "Mitigated"
        RESOLVED = "resolved", "Resolved"
        PLANNED_START = "planned_start", "Planned start"
        ACTUAL_START = "actual_start", "Actual start"
        PLANNED_END = "planned_end", "Planned end"
        ACTUAL_END = "actual_end", "Actual end"
        DECIDED = "decided", "Decided"

    class State(models.TextChoices):
        KNOWN = "known", "Known"
        NOT_KNOWN = "not_known", "Not known"
        DOES_NOT_APPLY = "does_not_apply", "Does not apply"

    OUTAGE = (Name.STARTED, Name.DETECTED, Name.ACKNOWLEDGED, Name.MITIGATED, Name.RESOLVED)
    OTHER = (Name.PLANNED_START, Name.ACTUAL_START, Name.DECIDED, Name.PLANNED_END, Name.ACTUAL_END)

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="milestones")
    name = LineField(max_length=16, choices=Name)
    state = LineField(max_length=16, choices=State, default=State.KNOWN)
    at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "name"], name="milestone_once"),
            models.CheckConstraint(
                condition=models.Q(state="known", at__isnull=False)
                | (~models.Q(state="known") & models.Q(at__isnull=True)),
                name="milestone_known_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.get_name_display()

    @property
    def topic(self) -> str:
        return f"incident:{self.incident_id}"


class Involvement(models.Model):
    """A person's role in an incident."""

    class Role(models.TextChoices):
        COMMANDER = "commander", "Incident commander"
        ON_CALL = "on_call", "On-call"
        RESPONDER = "responder", "Responder"
        SPONSOR = "sponsor", "Sponsor"
        OWNER = "owner", "Owner"
        LEAD = "lead", "Lead"
        CONTRIBUTOR = "contributor", "Contributor"
        COMMUNICATIONS = "communications", "Communications"
        OBSERVER = "observer", "Observer"
        REPORTER = "reporter", "Reporter"

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="involvements")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="involvements"
    )
    role = LineField(max_length=16, choices=Role)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "person", "role"], name="involvement_once")
        ]
        verbose_name = "role"

    def __str__(self) -> str:
        return f"{self.person}: {self.get_role_display()}"

    @property
    def topic(self) -> str:
        return f"incident:{self.incident_id}"


class Impact(models.Model):
    """What an incident did. Money in the organisation's currency; `estimates` names the fields that are estimates."""

    incident = models.OneToOneField(
        Incident, on_delete=models.CASCADE, primary_key=True, related_name="impact"
    )
    users_affected = models.PositiveBigIntegerField(null=True, blank=True)
    share_of_requests = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True, help_text="Per cent that failed."
    )
    revenue_lost = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    support_contacts = models.PositiveIntegerField(null=True, blank=True)
    objective_minutes = models.DecimalField(
        max_digits=9, decimal_places=1, null=True, blank=True, help_text="Minutes of objective budget burnt."
    )
    data_lost = ProseField(blank=True, max_length=LONGEST_NOTE)
    people = models.PositiveSmallIntegerField(null=True, blank=True)
    hours_each = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    cost_per_hour = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    scope = ProseField(blank=True, max_length=LONGEST_NOTE)
    schedule_days = models.IntegerField(null=True, blank=True)
    cost = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    notes = ProseField(blank=True, max_length=LONGEST_NOTE)
    estimates = DataField(default=list, blank=True)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return "impact"

    @property
    def topic(self) -> str:
        return f"incident:{self.incident_id}"
