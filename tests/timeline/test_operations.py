from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps

from followthrough.activity.models import Activity
from followthrough.core.errors import Conflict, DomainError, NotAllowed, NotFound
from followthrough.core.hashing import digest
from followthrough.incidents import operations as incidents
from followthrough.incidents.models import Milestone
from followthrough.people.models import User
from followthrough.postmortems.operations import open_postmortem
from followthrough.timeline import operations as timeline
from followthrough.timeline import queries
from followthrough.timeline.models import Entry
from tests.factories import BEGAN, make_incident, make_person, make_postmortem

pytestmark = pytest.mark.django_db

KEY = "a key that only this page has"


@pytest.fixture
def person():
    return make_person("Sana Khan", zone="Europe/Berlin")


@pytest.fixture
def postmortem():
    return make_postmortem()


def add(postmortem, person, text="Error rate passes 1 %", minute=0, **facts):
    moment = BEGAN + timedelta(minutes=minute)
    return timeline.add_entry(postmortem, text=text, happened_at=moment, zone="UTC", by=person, **facts)


def milestone(postmortem, name):
    return Milestone.objects.get(incident=postmortem.pk, name=name).at


def test_entries_stand_in_order_of_time(postmortem, person):
    add(postmortem, person, "later", 5)
    add(postmortem, person, "before the start", -20)
    add(postmortem, person, "start", 0)
    assert [one.text for one in queries.entries_of(postmortem)] == ["before the start", "start", "later"]


def test_a_typed_line_lands_at_its_time_on_the_writers_clock(postmortem, person):
    entry = timeline.write_line(postmortem, line="15:11 alert fired", by=person)
    assert (entry.text, entry.happened_at) == ("alert fired", BEGAN + timedelta(minutes=8))
    assert (entry.zone, entry.author, entry.kind) == ("Europe/Berlin", person, "observation")
    offset = timeline.write_line(postmortem, line="+11m acknowledged", by=person, kind="action")
    assert (offset.happened_at, offset.kind) == (BEGAN + timedelta(minutes=11), "action")


def test_a_time_with_another_zone_is_that_moment(postmortem, person):
    entry = timeline.write_line(postmortem, line="14:11 UTC alert fired", by=person)
    assert (entry.happened_at, entry.zone) == (BEGAN + timedelta(minutes=8), "UTC")
    unnamed = timeline.write_line(postmortem, line="20 Nov 2026 16:11 +02:00 alert fired", by=person)
    assert (unnamed.happened_at, unnamed.zone) == (BEGAN + timedelta(minutes=8), "Europe/Berlin")


def test_a_line_without_time_follows_the_one_before(postmortem, person):
    with pytest.raises(DomainError, match="when it was"):
        timeline.write_line(postmortem, line="alert fired", by=person)
    before = BEGAN + timedelta(minutes=3)
    assert (
        timeline.write_line(postmortem, line="alert fired", by=person, previous=before).happened_at == before
    )


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        ({"text": "  "}, "words"),
        ({"text": "x" * 4001}, "4,001"),
        ({"happened_at": datetime(2026, 11, 20, 14)}, "time"),  # noqa: DTZ001 - what is refused
        ({"happened_at": datetime(1066, 10, 14, tzinfo=UTC)}, "time"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"kind": "gossip"}, "kind"),
    ],
)
def test_what_cannot_be_is_refused_in_words(postmortem, person, facts, word):
    with pytest.raises(DomainError, match=word):
        timeline.add_entry(
            postmortem, **{"text": "seen", "happened_at": BEGAN, "zone": "UTC", "by": person, **facts}
        )
    assert not Entry.objects.exists()


def test_a_page_may_name_a_new_entry_itself_but_only_once(postmortem, person):
    key = uuid4()
    assert add(postmortem, person, id=key).pk == key
    with pytest.raises(Conflict):
        add(postmortem, person, id=key)
    assert Activity.objects.filter(verb="added").count() == 1


def test_an_edit_of_an_older_version_is_refused_with_the_text_as_it_stands(postmortem, person):
    entry = add(postmortem, person, "one")
    timeline.change_entry(queries.find_entry(postmortem, entry.pk), by=person, text="two", base=1)
    with pytest.raises(Conflict) as refusal:
        timeline.change_entry(entry, by=person, text="three", base=1)
    assert refusal.value.current == {"id": str(entry.pk), "version": 2, "text": "two"}


def test_removing_can_be_taken_back(postmortem, person):
    entry = add(postmortem, person)
    timeline.remove_entry(entry, by=person)
    timeline.remove_entry(entry, by=person)
    assert not queries.entries_of(postmortem).exists()
    with pytest.raises(DomainError, match="removed"):
        timeline.change_entry(entry, by=person, text="other")
    timeline.restore_entry(entry, by=person)
    assert queries.entries_of(postmortem).get().version == 3
    assert list(Activity.objects.order_by("seq").values_list("verb", flat=True)) == [
        "added",
        "removed",
        "restored",
    ]


def test_entries_of_another_post_mortem_are_not_there(postmortem, person):
    with pytest.raises(NotFound):
        queries.find_entry(make_postmortem(), add(postmortem, person).pk)


def fields_of_people() -> list[Any]:
    """Every column of the database that names somebody by their key."""
    fields = [field for model in apps.get_models() for field in model._meta.concrete_fields]
    return [field for field in fields if field.related_model is User]


def holds(field: Any, person: User) -> bool:
    return bool(field.model._base_manager.filter(**{field.name: person}).exists())


def test_an_anonymous_entry_keeps_nobody(postmortem, person):
    entry = add(postmortem, person, anonymous=True, editing_key=KEY)
    assert (entry.author, entry.editing_key_digest) == (None, digest(KEY))
    assert Activity.objects.get().actor is None
    evidence = timeline.attach_link(entry, url="https://graphs.example.org/", by=person)
    timeline.remove_evidence(evidence, by=person)
    timeline.restore_evidence(evidence, by=person)
    timeline.change_entry(entry, by=person, text="other", editing_key=KEY)
    assert Activity.objects.count() == 5
    assert [field for field in fields_of_people() if holds(field, person)] == []
    with pytest.raises(DomainError, match="editing key"):
        add(postmortem, person, anonymous=True, editing_key="short")


def test_an_anonymous_entry_is_changed_with_its_key_or_by_who_facilitates(postmortem, person):
    facilitator, admin = make_person("Priya Nair"), make_person(role="administrator")
    postmortem.facilitator = facilitator
    postmortem.save()
    entry = add(postmortem, person, anonymous=True, editing_key=KEY)
    for change in (
        lambda key: timeline.change_entry(entry, by=person, text="other", editing_key=key),
        lambda key: timeline.remove_entry(entry, by=person, editing_key=key),
    ):
        for key in ("", "another key of some length"):
            with pytest.raises(NotAllowed):
                change(key)
    timeline.change_entry(entry, by=person, text="with the key", happened_at=BEGAN, editing_key=KEY)
    assert not Activity.objects.exclude(actor=None).exists()
    timeline.change_entry(entry, by=facilitator, text="by the facilitator")
    timeline.change_entry(entry, by=admin, text="by an administrator")
    actors = Activity.objects.order_by("seq").values_list("actor", flat=True)
    assert list(actors) == [None, None, facilitator.pk, admin.pk]


def test_the_time_of_an_anonymous_milestone_moves_without_naming_its_author(postmortem, person):
    entry = add(postmortem, person, minute=8, anonymous=True, editing_key=KEY, milestone="detected")
    timeline.change_entry(entry, by=person, happened_at=BEGAN + timedelta(minutes=7), editing_key=KEY)
    assert milestone(postmortem, "detected") == BEGAN + timedelta(minutes=7)
    assert not Activity.objects.exclude(actor=None).exists()


def test_marking_an_entry_sets_the_incidents_milestone(postmortem, person):
    entry = add(postmortem, person, minute=8)
    timeline.mark_milestone(entry, "detected", by=person)
    assert milestone(postmortem, "detected") == BEGAN + timedelta(minutes=8)
    timeline.change_entry(entry, by=person, happened_at=BEGAN + timedelta(minutes=6))
    assert milestone(postmortem, "detected") == BEGAN + timedelta(minutes=6)


def test_only_one_entry_marks_a_milestone(postmortem, person):
    first, second = add(postmortem, person, minute=8, milestone="detected"), add(postmortem, person, minute=9)
    timeline.mark_milestone(second, "detected", by=person)
    assert list(Entry.objects.filter(milestone="detected")) == [second]
    assert Entry.objects.get(pk=first.pk).version == 3
    timeline.mark_milestone(second, None, by=person)
    assert not Entry.objects.filter(milestone="detected").exists()
    assert milestone(postmortem, "detected") == BEGAN + timedelta(minutes=9)


def test_a_restored_entry_does_not_take_a_milestone_back(postmortem, person):
    first = add(postmortem, person, minute=8, milestone="detected")
    timeline.remove_entry(first, by=person)
    second = add(postmortem, person, minute=9, milestone="detected")
    timeline.restore_entry(first, by=person)
    assert list(Entry.objects.filter(milestone="detected")) == [second]


def test_each_kind_of_event_has_its_own_milestones(postmortem, person):
    launch = make_postmortem(make_incident(kind="launch"))
    with pytest.raises(DomainError, match="no such milestone"):
        add(launch, person, milestone="mitigated")
    with pytest.raises(DomainError, match="no such milestone"):
        add(postmortem, person, milestone="planned_end")
    assert add(launch, person, milestone="decided").milestone == "decided"


def test_accounts_of_one_moment_stand_side_by_side_until_settled(postmortem, person):
    one, two, three = (
        add(postmortem, person, text, minute) for text, minute in (("a", 26), ("b", 30), ("c", 31))
    )
    timeline.pair_entries(one, two, by=person)
    timeline.pair_entries(three, one, by=person)
    assert set(queries.accounts_of(Entry.objects.get(pk=two.pk))) == {one, two, three}
    assert len(timeline.settle_accounts(Entry.objects.get(pk=two.pk), by=person)) == 2
    assert [entry.text for entry in queries.entries_of(postmortem)] == ["b"]
    timeline.restore_entry(Entry.objects.get(pk=one.pk), by=person)
    assert queries.accounts_of(Entry.objects.get(pk=two.pk)).count() == 2


def test_a_pair_can_be_undone(postmortem, person):
    one, two = add(postmortem, person, "a"), add(postmortem, person, "b")
    timeline.pair_entries(one, two, by=person)
    timeline.pair_entries(two, None, by=person)
    assert list(queries.accounts_of(Entry.objects.get(pk=one.pk))) == [one]


def test_only_two_entries_of_one_timeline_make_a_pair(postmortem, person):
    one = add(postmortem, person)
    for other in (one, add(make_postmortem(), person)):
        with pytest.raises(DomainError, match="same timeline"):
            timeline.pair_entries(one, other, by=person)


def test_an_entry_takes_few_queries(postmortem, person, django_assert_max_num_queries):
    add(postmortem, person)
    with django_assert_max_num_queries(8):
        add(postmortem, person)


def test_milestones_are_entries_from_the_start_and_move_with_the_incident(person):
    incident = make_incident(began_at=BEGAN)
    names = [row.name for row in incident.milestones.order_by("at")]
    postmortem = open_postmortem(incident, by=person)

    def standing():
        return {row.milestone: (row.happened_at - BEGAN, row.text) for row in queries.entries_of(postmortem)}

    assert list(standing()) == names
    assert standing()["detected"][1] == "Detected"
    assert not queries.has_been_told(postmortem)
    incidents.set_milestone(incident, "detected", at=BEGAN + timedelta(minutes=6), by=person)
    assert standing()["detected"][0] == timedelta(minutes=6)
    incidents.set_milestone(incident, "mitigated", state="not_known", by=person)
    assert "mitigated" not in standing()
    alert = timeline.write_line(postmortem, line="+7m pager alert", by=person)
    timeline.mark_milestone(alert, "detected", by=person)
    assert standing()["detected"] == (timedelta(minutes=7), "pager alert")
    assert queries.entries_of(postmortem).count() == len(names) - 1
    assert queries.has_been_told(postmortem)


def test_a_day_that_was_said_without_a_time_stays_a_day(person):
    project = make_postmortem(make_incident(kind="project_end", began_at=BEGAN))
    day = timeline.write_line(project, line="15 Nov vendor announced it", by=person)
    timed = timeline.write_line(project, line="15 Nov 09:00 it was read", by=person)
    weeks = timeline.write_line(project, line="+6 weeks finished", by=person)
    assert [one.whole_day for one in (day, timed, weeks)] == [True, False, True]
    assert (weeks.happened_at - BEGAN).days == 42
