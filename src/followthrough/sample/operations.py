"""Making the sample organisation."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from followthrough.actions.models import ActionItem
from followthrough.core.errors import DomainError
from followthrough.incidents.models import Incident, Tag
from followthrough.patterns.operations.refresh import refresh_all
from followthrough.people.models import User
from followthrough.reports.models import Summary
from followthrough.reports.queries.assembly import assemble
from followthrough.sample import material, sample_incident
from followthrough.sample.cast import Casting
from followthrough.sample.closing_rounds import answer_rounds
from followthrough.sample.company import found_company
from followthrough.sample.progress import Progress, silently
from followthrough.sample.row_writer import Writer, move_sequences, next_key
from followthrough.sample.scene import Scene, present
from followthrough.sample.story import CHAPTERS, Chapter, Stage, ended_at
from followthrough.sample.struck_again import strike_again
from followthrough.sample.summary_readers import review_draft, tell_readers
from followthrough.search import operations as searched


def load_demo(progress: Progress = silently) -> int:
    """Makes the sample organisation with its incidents on dates that are current; returns how many.

    Raises DomainError when there is an organisation already: samples are never mixed with real work.
    """
    if User.objects.exists():
        raise DomainError("There are people here already. Samples are only put into an empty data folder.")
    with transaction.atomic():
        count = _tell_story(progress)
    move_sequences([Incident])
    strike_again()
    refresh_all()
    searched.fill()
    return count


def _tell_story(progress: Progress) -> int:
    company = found_company()
    casting, writer, now = Casting(company), Writer(), present()
    rows = material.incidents()
    number = next_key(ActionItem, "number")
    for index, chapter in enumerate(CHAPTERS):
        row = rows[chapter.slug]
        ended, meeting_at = _dates(chapter, now)
        scene = Scene(
            row=row,
            stage=chapter.stage,
            shift=_shift(chapter, ended - row.ended_at),
            meeting_at=meeting_at,
            cast=casting.of(row),
            company=company,
            writer=writer,
            key=index + 1,
            first_action=number,
            now=now,
        )
        number += sample_incident.write(scene)
        progress(1)
    _tags(writer, {index + 1: rows[chapter.slug].tags for index, chapter in enumerate(CHAPTERS)})
    writer.store()
    _publish(now)
    answer_rounds()
    return len(CHAPTERS)


def _shift(chapter: Chapter, exact: timedelta) -> timedelta:
    """What is long over keeps its time of day; what is current ended just when the story wants it."""
    return timedelta(days=exact.days) if chapter.stage >= Stage.SHARED else exact


def _dates(chapter: Chapter, now: datetime) -> tuple[datetime, datetime | None]:
    ended = ended_at(chapter, now)
    if chapter.meeting_in is None:
        return ended, None
    meeting = now + chapter.meeting_in
    half_hour = meeting.replace(minute=30 if meeting.minute >= 30 else 0)
    if chapter.stage >= Stage.SHARED:
        half_hour = half_hour.replace(hour=14, minute=0)
        half_hour -= timedelta(days={5: 1, 6: 2}.get(half_hour.weekday(), 0))
    return ended, half_hour


def _tags(writer: Writer, tags: dict[int, list[str]]) -> None:
    names = sorted({name for row in tags.values() for name in row})
    Tag.objects.bulk_create([Tag(name=name) for name in names], ignore_conflicts=True)
    keys = dict(Tag.objects.values_list("name", "pk"))
    for incident, row in tags.items():
        for name in dict.fromkeys(row):
            writer.link(Incident.tags.through, incident_id=incident, tag_id=keys[name])


def _publish(now: datetime) -> None:
    rows = Summary.objects.select_related("postmortem__incident", "postmortem__facilitator")
    for draft in rows.filter(state=Summary.State.DRAFT):
        review_draft(draft, now)
    for summary in rows.filter(state=Summary.State.PUBLISHED):
        report = assemble(summary.postmortem, blameless=True)
        summary.published = report.model_dump(mode="json")
        summary.save(update_fields=["published"])
        tell_readers(summary)
