"""An organisation with incidents that everyone sees, to which one can be added that few may know of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from followthrough.actions import operations as actions
from followthrough.causes import operations as causes
from followthrough.incidents import operations as incidents
from followthrough.incidents.models import Incident, Service
from followthrough.meeting_room.operations import contributions, preparation
from followthrough.notifications.operations import escalation
from followthrough.patterns.operations.refresh import refresh_all
from followthrough.people.models import Team, User
from followthrough.postmortems import operations as postmortems
from followthrough.postmortems.models import PostMortem
from followthrough.scheduling.operations import meeting_times
from followthrough.similarity.operations import give_feedback
from followthrough.similarity.tasks import fit_index, write_texts
from followthrough.timeline import operations as timeline
from followthrough.writing import operations as writing
from tests.factories import make_person, make_service, make_severity, make_team


def picture() -> bytes:
    """One pixel, as a PNG."""
    target = BytesIO()
    Image.new("RGB", (1, 1)).save(target, "PNG")
    return target.getvalue()


@dataclass
class World:
    """Ada and Bo take part in everything; Otto leads the owning team but is in nothing; Sam reads what is shared."""

    admin: User
    ada: User
    bo: User
    otto: User
    sam: User
    team: Team
    service: Service


def make_world() -> World:
    """Three reviewed outages of one service that all members see, of which the first has a meeting ahead."""
    team = make_team("Payments")
    world = World(
        admin=make_person("Alma Admin", role=User.Role.ADMINISTRATOR),
        ada=make_person("Ada Byron", team=team),
        bo=make_person("Bo Ek", willing_to_facilitate=True),
        otto=make_person("Otto Outside", team=team, leads=True, willing_to_facilitate=True),
        sam=make_person("Sam Stake", role=User.Role.STAKEHOLDER),
        team=team,
        service=make_service("checkout", owner=team),
    )
    for number, days in enumerate((9, 40, 70), 1):
        fill(world, review(world, days, f"Checkout outage {number}"), f"number {number}")
    first = PostMortem.objects.get(pk=1)
    meeting_times.schedule_meeting(
        first, starts_at=timezone.now() + timedelta(days=2), minutes=60, zone="UTC", by=world.ada
    )
    settle()
    return world


def add_secret(world: World, canary: str) -> PostMortem:
    """One more outage of the same service with everything that can be said of it, for the eyes of Ada and Bo alone."""
    secret = review(
        world,
        5,
        f"{canary} outage",
        visibility=Incident.Visibility.RESTRICTED,
        named_people=[world.ada, world.bo],
    )
    fill(world, secret, canary)
    meeting_times.schedule_meeting(
        secret, starts_at=timezone.now() + timedelta(days=30), minutes=60, zone="UTC", by=world.ada
    )
    give_feedback(Incident.objects.get(pk=1), secret.incident, alike=True, by=world.ada)
    settle()
    return secret


def review(world: World, days: int, title: str, **fields: object) -> PostMortem:
    began = timezone.now() - timedelta(days=days)
    incident = incidents.report_incident(
        title=title,
        severity=make_severity(),
        began_at=began,
        milestones={
            "detected": began + timedelta(minutes=days),
            "acknowledged": began + timedelta(minutes=days + 4),
            "mitigated": began + timedelta(minutes=days + 9),
            "resolved": began + timedelta(minutes=days + 30),
        },
        what_happened=f"{title}: an empty value in a template of the checkout.",
        services=[world.service],
        teams=[world.team],
        tags=["template", *title.lower().split()[:1]],
        detected_by="customer",
        by=world.ada,
        **fields,  # type: ignore[arg-type]
    )
    incidents.involve(incident, world.ada, role="on_call", by=world.ada)
    incidents.involve(incident, world.bo, role="responder", by=world.ada)
    incidents.change_impact(
        incident, by=world.ada, users_affected=500, people=3, hours_each=2, cost_per_hour=77
    )
    postmortem = postmortems.open_postmortem(incident, by=world.ada)
    postmortems.choose_facilitator(
        postmortem, world.bo, by=world.ada, reason="Otto is away until Monday, and nobody else facilitates."
    )
    for person in (world.ada, world.bo):
        postmortems.add_participant(postmortem, person, by=world.ada)
    return postmortem


def fill(world: World, postmortem: PostMortem, word: str) -> None:
    """One of everything that a meeting writes down, each with `word` in it."""
    began, ada = postmortem.incident.began_at, world.ada
    entry = timeline.add_entry(postmortem, text=f"{word} entry", happened_at=began, zone="UTC", by=ada)
    timeline.attach_link(
        entry, url=f"https://graphs.example/{word.replace(' ', '-')}", title=f"{word} graph", by=ada
    )
    file = SimpleUploadedFile(f"{word}.png", picture(), content_type="image/png")
    timeline.attach_file(entry, file=file, title=f"{word} picture", by=ada)
    cause = causes.add_cause(postmortem, text=f"{word} cause", by=ada)
    causes.change_cause(cause, category="configuration", by=ada)
    finding = causes.add_finding(postmortem, kind="root_cause", text="", cause=cause, by=ada)
    action = actions.add_action(
        postmortem,
        text=f"Reject {word} values in the checkout",
        owner=world.ada,
        due_on=timezone.localdate() + timedelta(days=3),
        finding=finding,
        by=ada,
    )
    actions.add_link(action, url="https://tracker.example/1", title=f"{word} ticket", by=ada)
    actions.share_with(action, world.bo, by=ada)
    preparation.observe(postmortem, text=f"{word} observation", by=ada)
    contributions.park(postmortem, text=f"{word} parked", by=ada)
    contributions.write_note(postmortem, step="causes", text=f"{word} note", private=False, by=ada)
    writing.open_text(postmortem, name="note:causes")


def settle() -> None:
    """What the worker does in time: patterns, likeness, reminders."""
    write_texts.func(list(Incident.objects.values_list("pk", flat=True)))
    fit_index.func()
    refresh_all()
    escalation.add_missing_deadlines()
    escalation.send_due_reminders()
