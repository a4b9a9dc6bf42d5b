"""The index's rows, and people's feedback on similarity. The tables keep the names that they had in `patterns`."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from followthrough.core.fields import LineField
from followthrough.incidents.models import Incident


class TermFrequencies(models.Model):
    """The text of one incident as numbers and how often each occurs (see features.Features), each column as bytes.

    `number` rises with each writing, so that a process reads only what it has not seen.
    """

    incident = models.OneToOneField(
        Incident, primary_key=True, on_delete=models.CASCADE, related_name="term_frequencies"
    )
    number = models.PositiveBigIntegerField(unique=True)
    words = models.BinaryField()
    word_counts = models.BinaryField()
    letters = models.BinaryField()
    letter_counts = models.BinaryField()

    class Meta:
        db_table = "patterns_termfrequencies"

    def __str__(self) -> str:
        return f"text of INC-{self.incident_id}"


class Embedding(models.Model):
    """Where a sentence model puts the summary of one incident, if one is used: half-precision numbers of length 1.

    `model` says by which model (see sentence_model.SentenceModel.token).
    """

    incident = models.OneToOneField(Incident, primary_key=True, on_delete=models.CASCADE, related_name="+")
    model = LineField(max_length=16)
    vector = models.BinaryField()

    class Meta:
        db_table = "patterns_embedding"

    def __str__(self) -> str:
        return f"meaning of INC-{self.incident_id}"


class IndexBuild(models.Model):
    """When it was last learnt which words are telling; at most one row. Its files lie in the data folder, under `token`.

    `number` is the last writing that the files hold, and may hold more.
    """

    token = models.UUIDField(default=uuid.uuid4)
    number = models.PositiveBigIntegerField()
    at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "patterns_indexbuild"

    def __str__(self) -> str:
        return f"learnt {self.at:%Y-%m-%d %H:%M}"


class SimilarityFeedback(models.Model):
    """A person's word that two incidents are the same thing again, or are not; it outweighs what is computed.

    `one` has the lower key.
    """

    one = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="+")
    alike = models.BooleanField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "patterns_similarityfeedback"
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="similarity_feedback_once_per_pair"),
            models.CheckConstraint(
                condition=models.Q(one__lt=models.F("other")), name="similarity_feedback_in_order"
            ),
        ]
        verbose_name = "likeness"
        verbose_name_plural = "likenesses"

    def __str__(self) -> str:
        return "with another incident"

    @property
    def topic(self) -> str:
        return f"incident:{self.other_id}"
