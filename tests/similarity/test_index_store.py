"""What incidents are compared by is stored with them, read by every process, and learnt anew."""

from __future__ import annotations

import os
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from followthrough.incidents import operations as incidents
from followthrough.incidents.models import Incident
from followthrough.similarity import index_store, reactions, tasks
from followthrough.similarity.features import features_of
from followthrough.similarity.models import IndexBuild, TermFrequencies
from followthrough.similarity.queries.similarity_search import similar_to
from tests.factories import make_incident, make_person, make_severity

pytestmark = pytest.mark.django_db

FAILURE = "Expired certificate stopped the gateway"


def report(title: str, *, days: float = 1, **fields) -> Incident:
    return incidents.report_incident(
        title=title, severity=make_severity(), kind="outage", began_at=timezone.now() - timedelta(days=days),
        zone="UTC", by=make_person(), **fields,
    )  # fmt: skip


def found_for(text: str) -> list[int]:
    return [match.key for match in index_store.current().most_alike(features_of(text, ""))]


def test_a_report_is_stored_as_it_is_saved(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        incident = report(FAILURE)
    assert TermFrequencies.objects.filter(incident=incident).exists()
    assert found_for("certificate expired") == [incident.pk]


def test_of_many_reports_in_one_transaction_the_first_are_stored_and_the_others_follow(
    django_capture_on_commit_callbacks,
):
    with django_capture_on_commit_callbacks(execute=True):
        keys = [report(f"Certificate {number} expired").pk for number in range(reactions.MAX_IMMEDIATE + 2)]
        assert TermFrequencies.objects.count() == reactions.MAX_IMMEDIATE
    assert set(found_for("certificate expired")) == set(keys)


def test_a_text_that_cannot_be_stored_keeps_nobody_from_reporting(
    monkeypatch, caplog, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(
        index_store, "write_new", lambda incident: TermFrequencies.objects.create(incident=incident)
    )
    with django_capture_on_commit_callbacks(execute=True):
        incident = report(FAILURE)
        assert "is not compared with others yet" in caplog.text
    assert found_for("certificate expired") == [incident.pk]


def test_a_changed_text_takes_the_place_of_the_old_one(django_capture_on_commit_callbacks):
    incident = report(FAILURE)
    assert found_for("certificate expired") == [incident.pk]
    with django_capture_on_commit_callbacks(execute=True):
        incidents.change_incident(incident, by=make_person(), title="Warehouse backfill filled every disk")
    assert found_for("certificate expired") == []
    assert found_for("disk filled by a backfill") == [incident.pk]


def test_another_process_reads_what_it_has_not_seen():
    first = make_incident(FAILURE)
    assert found_for("certificate expired") == [first.pk]
    here = index_store.current()
    second = make_incident("Certificate expired on the gateway again")
    index_store.write([second.pk])
    assert len(here) == 1
    assert set(found_for("certificate expired")) == {first.pk, second.pk}


def test_a_restart_reads_the_files_and_not_the_texts(monkeypatch):
    incident = make_incident(FAILURE)
    tasks.fit_index_nightly()
    token = IndexBuild.objects.get().token
    monkeypatch.setattr(index_store._Held, "index", None)
    monkeypatch.setattr(index_store, "_fit", lambda: pytest.fail("The texts were read again."))
    assert found_for("certificate expired") == [incident.pk]
    assert IndexBuild.objects.get().token == token


def test_lost_or_damaged_files_are_made_again(monkeypatch):
    incident = make_incident(FAILURE)
    found_for("certificate expired")
    folder = index_store._folder() / str(IndexBuild.objects.get().token)
    (folder / "rows.npy").write_bytes(b"not an array")
    monkeypatch.setattr(index_store._Held, "index", None)
    assert found_for("certificate expired") == [incident.pk]
    assert (folder / "rows.npy").stat().st_size > 20


def test_words_are_learnt_anew_when_many_came():
    make_incident(FAILURE)
    found_for("certificate")
    before = IndexBuild.objects.get().token
    for number in range(index_store.MAX_LATE_TEXTS + 5):
        make_incident(f"Disk {number} of the warehouse filled")
    found_for("certificate")
    assert IndexBuild.objects.get().token != before


def test_what_another_process_is_still_writing_is_left_alone():
    make_incident(FAILURE)
    index_store.fit_index()
    writing, abandoned = (
        index_store._folder() / f"{index_store.UNFINISHED}{name}" for name in ("writing", "abandoned")
    )
    writing.mkdir()
    abandoned.mkdir()
    os.utime(writing, (time.time(), time.time()))
    os.utime(abandoned, (0, 0))
    index_store.fit_index()
    assert (writing.exists(), abandoned.exists()) == (True, False)


def test_at_night_only_what_is_new_costs_anything(django_assert_max_num_queries, monkeypatch):
    incident = make_incident(FAILURE)
    tasks.fit_index_nightly()
    assert IndexBuild.objects.get().number == TermFrequencies.objects.get(incident=incident).number
    monkeypatch.setattr(index_store, "fit_index", lambda: pytest.fail("There was nothing new."))
    with django_assert_max_num_queries(5):
        tasks.fit_index_nightly()


def test_what_restricted_incidents_tell_is_not_learnt_from():
    for number in range(3):
        make_incident(f"Queue {number} of the parcels grew")
    tasks.fit_index_nightly()
    before = index_store.current().weights.words.copy()
    for _ in range(30):
        make_incident("Queue of the parcels grew", visibility=Incident.Visibility.RESTRICTED)
    tasks.fit_index_nightly()
    assert (index_store.current().weights.words == before).all()


def test_the_answer_for_a_stranger_is_the_same_with_and_without_restricted_incidents():
    person, now = make_person(), timezone.now()
    for number in range(4):
        make_incident(f"Gateway certificate {number} expired", began_at=now - timedelta(days=9 + number))
    asked = make_incident("The gateway certificate expired once more", began_at=now)
    before = [(one.incident.pk, one.in_a_line) for one in similar_to(asked, person)]
    assert before
    for _ in range(300):
        make_incident(
            "The gateway certificate expired once more",
            began_at=now - timedelta(days=1),
            visibility=Incident.Visibility.RESTRICTED,
        )
    tasks.fit_index_nightly()
    assert [(one.incident.pk, one.in_a_line) for one in similar_to(asked, person)] == before


def test_an_organisation_without_incidents_has_nothing_similar():
    assert found_for("certificate expired") == []
    index_store._Held.index = None
    assert found_for("") == []
