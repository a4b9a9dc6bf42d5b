"""Documents that several people write at once, what each of them wrote, and how the texts once stood."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from followthrough.core.fields import LineField, ProseField
from followthrough.postmortems.models import PostMortem


class Document(models.Model):
    """A text of a post-mortem under its name, such as "note:causes". Its updates are the truth; `state` holds those
    up to the update `folded`, so that they need not be kept for ever."""

    postmortem = models.ForeignKey(PostMortem, on_delete=models.CASCADE, related_name="documents")
    name = LineField(max_length=40)
    state = models.BinaryField(default=bytes)
    folded = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["postmortem", "name"], name="document_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def topic(self) -> str:
        return f"incident:{self.postmortem_id}"


class Update(models.Model):
    """One Yjs update; `author` is None for what the product wrote by itself."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="updates")
    data = models.BinaryField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"writing in {self.document}"

    @property
    def topic(self) -> str:
        return self.document.topic


class Version(models.Model):
    """How a document stood: its Markdown, when that was, and who had written since the version before."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="versions")
    text = ProseField(max_length=5_000_000, blank=True)
    at = models.DateTimeField()
    authors = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    restored = models.ForeignKey(
        "self",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The earlier version that was brought back.",
    )

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"version of {self.document}"

    @property
    def topic(self) -> str:
        return self.document.topic
