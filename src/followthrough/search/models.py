"""The rows that are searched; the database's own index (FTS5, GIN) stands over them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import models

from followthrough.core.fields import LineField, ProseField
from followthrough.search.words import tokens_of

LONGEST_BODY = 100_000
ORIGIN = datetime(1, 1, 1, tzinfo=UTC)
OF_NO_DAY = 3000 * 366 * 24 * 60
"""The moment of what is of no day, such as people: it stands before all that is."""
MARK = "\ue000"
"""Begins tokens that no text can hold (a private letter): kinds, tiers and keys such as ACT-3."""


class Passage(models.Model):
    """One thing that can be found: what is looked at of it, when it was, and what it is found by.

    `moment` is in minutes since the year 1; with the key below it, it orders what was found. `incident` is the number
    of the incident that it belongs to. `words` are its tokens, with those of its kind, its tier and its number.
    """

    kind = LineField(max_length=16)
    key = LineField(max_length=64)
    incident = models.PositiveBigIntegerField(null=True)
    moment = models.BigIntegerField()
    title = LineField(max_length=1_000)
    body = ProseField(max_length=LONGEST_BODY, blank=True)
    address = LineField(max_length=300)
    words = ProseField(max_length=3 * LONGEST_BODY)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="passage_once")]
        indexes = [models.Index(fields=["incident", "kind"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def at(self) -> datetime | None:
        return None if self.moment >= OF_NO_DAY else ORIGIN + timedelta(minutes=self.moment)


class StalePassages(models.Model):
    """Texts of one kind and incident that changed, letter by letter; the worker reads them anew within a minute."""

    kind = LineField(max_length=16)
    incident = models.PositiveBigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "incident"], name="stale_passages_once")]
        verbose_name_plural = "stale passages"

    def __str__(self) -> str:
        return f"{self.kind} of INC-{self.incident}"


def marked(value: str) -> str:
    """The token of a kind, a tier or a number."""
    return MARK + value.lower().replace("-", "")


def passage(
    kind: str,
    record: models.Model,
    *,
    tier: str,
    title: str,
    address: str,
    body: str = "",
    at: datetime | None = None,
    incident: int | None = None,
    number: str = "",
    also: str = "",
) -> Passage:
    """A passage of a record. It is found by `title`, `body` and `also`; `number` is what people call it, ACT-3."""
    marks = [marked(name) for name in (kind, tier, number) if name]
    title = title[:1_000]
    words: list[Any] = [*marks, *tokens_of("\n".join([number, title, also, body]))]
    return Passage(
        kind=kind,
        key=str(record.pk),
        incident=incident,
        moment=OF_NO_DAY if at is None else minutes_of(at),
        title=title,
        body=body[:LONGEST_BODY],
        address=address,
        words=" ".join(words),
    )


def minutes_of(moment: datetime) -> int:
    """Whole minutes since the year 1."""
    return int((moment - ORIGIN).total_seconds() // 60)
