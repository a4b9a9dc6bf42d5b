"""The summary and who may read it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from followthrough.core.fields import DataField, EmailField, LineField, ProseField
from followthrough.postmortems.models import PostMortem


class Summary(models.Model):
    """The prose that people edit; the rest is drawn from the record until `published` fixes it all."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        IN_REVIEW = "in_review", "In review"
        PUBLISHED = "published", "Published"

    postmortem = models.OneToOneField(
        PostMortem, on_delete=models.CASCADE, primary_key=True, related_name="summary"
    )
    state = LineField(max_length=10, choices=State, default=State.DRAFT)
    prose = DataField(default=dict, help_text="{section: Markdown} where people wrote their own.")
    left_out = DataField(default=list, help_text="Keys of answers and parked items that it does not show.")
    said_to_be_names = DataField(
        default=list, help_text="Words that could not be told from names; roles stand for these too."
    )
    blameless = models.BooleanField(default=True, help_text="Roles stand for names.")
    published = DataField(null=True, help_text="The text as it was published.")
    earlier = DataField(null=True, help_text="What was published last, while it is taken back.")
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    note = ProseField(max_length=1_000, blank=True, help_text="What readers are asked for, in their mail.")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name_plural = "summaries"

    def __str__(self) -> str:
        return f"summary of INC-{self.postmortem_id}"

    @property
    def topic(self) -> str:
        return f"incident:{self.postmortem_id}"


class ShareLink(models.Model):
    """Lets anyone who holds it read one published summary, until it is revoked."""

    summary = models.ForeignKey(Summary, on_delete=models.CASCADE, related_name="links")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    opened = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "share link"

    def __str__(self) -> str:
        return f"share link of INC-{self.summary_id}"

    @property
    def topic(self) -> str:
        return f"incident:{self.summary_id}"


class Feedback(models.Model):
    """A reader's answer to "was this useful?"."""

    summary = models.ForeignKey(Summary, on_delete=models.CASCADE, related_name="feedback")
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    useful = models.BooleanField()
    comment = LineField(max_length=500, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["summary", "reader"], name="feedback_once")]
        verbose_name_plural = "feedback"

    def __str__(self) -> str:
        return "useful" if self.useful else "not useful"


class Reader(models.Model):
    """Somebody who gets the published summary: a person here, or an address outside with a link of its own."""

    summary = models.ForeignKey(Summary, on_delete=models.CASCADE, related_name="readers")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    address = EmailField(blank=True)
    link = models.OneToOneField(ShareLink, null=True, on_delete=models.SET_NULL, related_name="reader")
    told_at = models.DateTimeField(
        null=True, help_text="When they were told of the version that is published."
    )
    mailed_at = models.DateTimeField(null=True, help_text="When the mail to an address outside left.")
    opened_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["summary", "person"], condition=~models.Q(person=None), name="reader_here_once"
            ),
            models.UniqueConstraint(
                fields=["summary", "address"], condition=~models.Q(address=""), name="reader_outside_once"
            ),
        ]

    def __str__(self) -> str:
        return self.person.name if self.person else self.address

    @property
    def has_opened(self) -> bool:
        """Whether they opened it since they were told of it last."""
        return bool(self.opened_at and self.told_at and self.opened_at >= self.told_at)

    @property
    def is_mailed(self) -> bool:
        """Whether the mail of the published version has left."""
        return bool(self.mailed_at and self.told_at and self.mailed_at >= self.told_at)


class Review(models.Model):
    """Somebody who was asked to read the draft; `agreed_version` is the one that they agreed to."""

    summary = models.ForeignKey(Summary, on_delete=models.CASCADE, related_name="reviews")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    agreed_at = models.DateTimeField(null=True)
    agreed_version = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["summary", "person"], name="review_once")]

    def __str__(self) -> str:
        return f"review of INC-{self.summary_id}"


class Comment(models.Model):
    """What somebody says to a draft; readers never see it. `section` is "" where it is about all of it."""

    summary = models.ForeignKey(Summary, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    section = LineField(max_length=20, blank=True)
    text = ProseField(max_length=2_000)
    at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"comment on INC-{self.summary_id}"
