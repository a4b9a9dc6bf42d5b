"""Load generator: incidents in any number, plausible enough to measure with."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from followthrough.actions.models import ActionItem
from followthrough.incidents.models import Incident
from followthrough.patterns.operations.refresh import refresh_all
from followthrough.sample import generated_vocabulary as words
from followthrough.sample import sample_incident
from followthrough.sample.cast import Casting
from followthrough.sample.company import Company, found_company
from followthrough.sample.material import Action, Cause, Finding, Impact, Material, Moment
from followthrough.sample.progress import Progress, silently
from followthrough.sample.row_writer import Writer, move_sequences, next_key
from followthrough.sample.scene import Scene, present
from followthrough.sample.story import Stage
from followthrough.search import operations as searched
from followthrough.similarity.tasks import fit_index_nightly

_BATCH = 500
_YEARS = 6


def add_generated(number: int, progress: Progress = silently) -> int:
    """Adds `number` incidents with post-mortems and actions, spread over six years; returns how many."""
    company = found_company()
    casting, writer, now = Casting(company), Writer(), present()
    key, action = next_key(Incident), next_key(ActionItem, "number")
    for index, row in enumerate(_materials(number, key, now, company)):
        scene = Scene(
            row=row,
            stage=_stage(row, now),
            shift=timedelta(),
            meeting_at=row.ended_at + timedelta(hours=55),
            cast=casting.of(row),
            company=company,
            writer=writer,
            key=key + index,
            first_action=action,
            now=now,
        )
        action += sample_incident.write(scene)
        waiting = index % _BATCH + 1
        if waiting == _BATCH or index + 1 == number:
            writer.store()
            progress(waiting)
    move_sequences([Incident])
    refresh_all()
    searched.fill()
    fit_index_nightly()
    return number


def _stage(row: Material, now: datetime) -> Stage:
    """Old ones are through; of the latest some are at each step. A third needed no post-mortem."""
    age = now - row.ended_at
    if row.severity in {"SEV4", "SEV5"}:
        return Stage.NOT_REVIEWED
    if age > timedelta(days=17):
        return Stage.CHECKED_IN
    if age > timedelta(days=4):
        return Stage.SHARED
    return Stage.TO_SCHEDULE


def _materials(number: int, first: int, now: datetime, company: Company) -> Iterator[Material]:
    """Oldest first, so that keys grow with time."""
    span = timedelta(days=365 * _YEARS)
    owners = {slug: service.owner.slug for slug, service in company.services.items() if service.owner}
    for index in range(number):
        choice = random.Random(first + index)  # noqa: S311 - the same rows each time, not a secret
        began = now - span + span * (index / number) - timedelta(minutes=choice.randrange(180, 600))
        yield _material(first + index, began.astimezone(UTC), choice, owners)


def _material(key: int, began: datetime, choice: random.Random, owners: dict[str, str]) -> Material:
    service = choice.choice(list(owners))
    trouble = choice.choice(words.TROUBLES)
    minutes = max(6, min(int(choice.lognormvariate(4.0, 0.9)), 2000))
    place = service.replace("-", " ")
    stamps = {
        "started": began,
        "detected": began + timedelta(minutes=minutes * 0.18),
        "acknowledged": began + timedelta(minutes=minutes * 0.25),
        "mitigated": began + timedelta(minutes=minutes * 0.8),
        "resolved": began + timedelta(minutes=minutes),
    }
    return Material(
        slug=f"generated-{key}",
        title=f"{place.capitalize()}: {trouble.seen} in {choice.choice(words.PLACES)} for {minutes} minutes",
        source=None,
        kind="outage",
        severity=choice.choices(["SEV1", "SEV2", "SEV3", "SEV4", "SEV5"], [1, 4, 8, 6, 2])[0],
        zone="UTC",
        services=[service],
        team=owners[service],
        tags=[trouble.tag],
        detected_by=choice.choices(["alert", "customer", "staff"], [6, 3, 1])[0],
        data_lost=choice.random() < 0.03,
        customer_impact=choice.choices(["none", "some", "many"], [3, 5, 2])[0],
        what_happened=f"{trouble.story.format(service=place)} {choice.choice(words.ENDINGS)}",
        milestones=stamps,
        impact=Impact(users_affected=choice.randrange(20, 60_000), users_affected_is_estimate=True),
        timeline=_timeline(stamps, trouble, place, choice),
        causes=[_causes(trouble, place)],
        findings=[Finding(kind="went_well", text=choice.choice(words.WENT_WELL))],
        actions=_actions(trouble, place, choice),
    )


def _timeline(
    stamps: dict[str, datetime], trouble: words.Trouble, place: str, choice: random.Random
) -> list[Moment]:
    told = {
        "started": ("observation", f"First sign of {trouble.seen} in {place}"),
        "detected": ("alert", f"Alert for {trouble.signal} in {place} fired"),
        "acknowledged": ("communication", "On-call acknowledged and opened the incident channel"),
        "mitigated": ("action", trouble.remedy.format(service=place)),
        "resolved": ("observation", f"{trouble.signal.capitalize()} back to its usual level for ten minutes"),
    }
    moments = [
        Moment(at=stamps[name], kind=kind, text=text, milestone=name) for name, (kind, text) in told.items()
    ]
    length = stamps["resolved"] - stamps["started"]
    for _ in range(choice.randrange(1, 5)):
        at = stamps["started"] + length * choice.uniform(0.3, 0.78)
        moments.append(Moment(at=at, kind="action", text=choice.choice(words.TRIED).format(service=place)))
    return sorted(moments, key=lambda moment: moment.at)


def _causes(trouble: words.Trouble, place: str) -> Cause:
    *above, root = (why.format(service=place) for why in trouble.whys)
    chain = Cause(text=root, category=trouble.category, evidence=[0], finding="root_cause")
    for text in reversed(above):
        chain = Cause(text=text, category="infrastructure", evidence=[0], children=[chain])
    return chain


def _actions(trouble: words.Trouble, place: str, choice: random.Random) -> list[Action]:
    root = trouble.whys[-1].format(service=place)
    return [
        Action(
            text=text.format(service=place),
            kind=kind,
            priority=choice.choice(["high", "medium", "low"]),
            answers=root,
            due_days=choice.randrange(5, 45),
            state=choice.choices(
                ["verified", "done", "in_progress", "committed", "declined"], [8, 50, 3, 3, 4]
            )[0],
            decline_reason="Replaced by a larger change to the same part.",
        )
        for kind, text in trouble.actions
    ]
