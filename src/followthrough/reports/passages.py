"""How summaries are found: their prose by members while they are written, what was published by all its readers."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db import models

from followthrough.activity.models import Activity
from followthrough.activity.operations import subscribe
from followthrough.incidents import closings
from followthrough.incidents.passages import seen_with_incident
from followthrough.people.models import User
from followthrough.reports.models import Summary
from followthrough.reports.queries import visible_to
from followthrough.reports.report import Report
from followthrough.search.models import Passage, passage
from followthrough.search.operations import mark_stale, register
from followthrough.search.sources import HEAD, NOTES, SHARED, Source
from followthrough.writing.models import Update

HEADING = "Summaries"


def register_passages() -> None:
    """Called once, from this room's ready()."""
    register(Source("summary", HEADING, Summary, Summary.objects.all, _prose, seen_with_incident))
    register(Source("published", HEADING, Summary, Summary.objects.all, _published, _readers))
    NOTES["published"] = _closed_without
    subscribe("writing.update", "wrote", _follow_writing)


def _prose(summary: Summary) -> Passage | None:
    text = "\n\n".join(part for part in summary.prose.values() if part)
    if summary.state == Summary.State.PUBLISHED or not text:
        return None
    return passage(
        "summary",
        summary,
        tier=HEAD,
        title=f"Draft of the summary of INC-{summary.pk}",
        body=text,
        address=f"/incidents/INC-{summary.pk}/summary/",
        incident=summary.pk,
    )


def _published(summary: Summary) -> Passage | None:
    if summary.state != Summary.State.PUBLISHED or not summary.published:
        return None
    report = Report.model_validate(summary.published)
    return passage(
        "published",
        summary,
        tier=SHARED,
        title=report.title,
        body="\n".join(dict.fromkeys(report.texts())),
        also="\n".join([*report.services, *report.teams, report.key]),
        address=f"/incidents/INC-{summary.pk}/summary/",
        at=report.began_at,
        incident=summary.pk,
        number=report.key,
    )


def _closed_without(numbers: Collection[int]) -> dict[int, str]:
    rows = Summary.objects.filter(pk__in=numbers).values_list("pk", "published__omissions")
    return {key: closings.in_words([row["what"] for row in missing or ()]) for key, missing in rows}


def _readers(user: User, passages: Collection[Passage]) -> Iterable[Passage]:
    """Stakeholders find what was published and is open to them, members what they may see."""
    seen = set(
        visible_to(user).filter(pk__in={one.incident for one in passages}).values_list("pk", flat=True)
    )
    return [one for one in passages if one.incident in seen]


def _follow_writing(_: Activity, update: models.Model) -> None:
    if isinstance(update, Update) and update.document.name.startswith("summary:"):
        mark_stale("summary", update.document.postmortem_id)
