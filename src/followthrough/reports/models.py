"""The summary and who may read it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from followthrough.core.fields import DataField, LineField
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
    blameless = models.BooleanField(default=True, help_text="Roles stand for names.")
    published = DataField(null=True, help_text="The text as it was published.")
    earlier = DataField(null=True, help_text="What was published last, while it is taken back.")
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
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
