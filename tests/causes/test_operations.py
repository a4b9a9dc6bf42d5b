from __future__ import annotations

from uuid import uuid4

import pytest

from followthrough.activity.models import Activity
from followthrough.causes import operations as causes
from followthrough.causes import queries
from followthrough.causes.models import Cause, Finding
from followthrough.core.errors import Conflict, DomainError, NotFound
from tests.factories import make_entry, make_person, make_postmortem

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return make_person("Sana Khan")


@pytest.fixture
def postmortem():
    return make_postmortem()


def texts(postmortem):
    return [cause.text for cause in queries.causes_of(postmortem)]


def test_causes_come_after_their_siblings_unless_a_place_is_given(postmortem, person):
    first = causes.add_cause(postmortem, text="first", by=person)
    causes.add_cause(postmortem, text="third", by=person)
    causes.add_cause(postmortem, text="second", by=person, position=1.5)
    causes.add_cause(postmortem, text="below", by=person, parent=first)
    assert texts(postmortem) == ["first", "below", "second", "third"]


def test_a_page_may_name_a_new_cause_itself_but_only_once(postmortem, person):
    key = uuid4()
    causes.add_cause(postmortem, text="pool size unset", by=person, id=key)
    with pytest.raises(Conflict):
        causes.add_cause(postmortem, text="again", by=person, id=key)
    assert texts(postmortem) == ["pool size unset"]


def test_each_change_raises_the_version_and_is_logged(postmortem, person):
    cause = causes.add_cause(postmortem, text="", by=person)
    causes.change_cause(cause, by=person, text="an empty value falls back", category="code")
    assert Cause.objects.get().version == 2
    row = Activity.objects.get(verb="changed")
    assert row.changes == {"text": ["", "an empty value falls back"], "category": ["", "code"]}
    causes.change_cause(cause, by=person, category="code")
    assert Activity.objects.filter(verb="changed").count() == 1


def test_an_edit_of_an_older_version_is_refused_with_the_text_as_it_stands(postmortem, person):
    cause = causes.add_cause(postmortem, text="one", by=person)
    causes.change_cause(Cause.objects.get(), by=person, text="two", base=1)
    with pytest.raises(Conflict) as refusal:
        causes.change_cause(cause, by=person, text="three", base=1)
    assert refusal.value.current == {"id": str(cause.pk), "version": 2, "text": "two"}
    assert Cause.objects.get().text == "two"


def test_without_a_base_the_last_writer_wins_for_each_field(postmortem, person):
    seen_before = causes.add_cause(postmortem, text="one", by=person)
    causes.change_cause(Cause.objects.get(), by=person, text="two")
    causes.change_cause(seen_before, by=person, category="process")
    cause = Cause.objects.get()
    assert (cause.text, cause.category, cause.version) == ("two", "process", 3)


def test_only_the_eight_categories_are_taken(postmortem, person):
    cause = causes.add_cause(postmortem, text="one", by=person)
    with pytest.raises(DomainError, match="category"):
        causes.change_cause(cause, by=person, category="blame")


def test_a_cause_cannot_be_moved_below_itself(postmortem, person):
    top = causes.add_cause(postmortem, text="top", by=person)
    middle = causes.add_cause(postmortem, text="middle", by=person, parent=top)
    leaf = causes.add_cause(postmortem, text="leaf", by=person, parent=middle)
    for parent in (top, middle, leaf):
        with pytest.raises(DomainError, match="below itself"):
            causes.move_cause(top, parent=parent, position=1, by=person)
    causes.move_cause(leaf, parent=None, position=0.5, by=person)
    assert Cause.objects.get(pk=leaf.pk).parent is None
    with pytest.raises(DomainError):
        causes.move_cause(leaf, parent=None, position=float("nan"), by=person)


def test_nothing_hangs_below_another_post_mortem(postmortem, person):
    foreign = causes.add_cause(make_postmortem(), text="elsewhere", by=person)
    with pytest.raises(DomainError, match="another post-mortem"):
        causes.add_cause(postmortem, text="here", by=person, parent=foreign)
    own = causes.add_cause(postmortem, text="here", by=person)
    with pytest.raises(DomainError, match="another post-mortem"):
        causes.move_cause(own, parent=foreign, position=1, by=person)
    with pytest.raises(NotFound):
        queries.find_cause(postmortem, foreign.pk)


def test_removing_takes_what_is_below_and_restoring_brings_exactly_that_back(postmortem, person):
    top = causes.add_cause(postmortem, text="top", by=person)
    gone_before = causes.add_cause(postmortem, text="gone before", by=person, parent=top)
    leaf = causes.add_cause(postmortem, text="leaf", by=person, parent=top)
    causes.remove_cause(gone_before, by=person)
    causes.remove_cause(top, by=person)
    assert texts(postmortem) == []
    with pytest.raises(DomainError, match="was removed too"):
        causes.restore_cause(Cause.objects.get(pk=leaf.pk), by=person)
    causes.restore_cause(Cause.objects.get(pk=top.pk), by=person)
    assert texts(postmortem) == ["top", "leaf"]


def test_a_removed_cause_is_not_changed(postmortem, person):
    cause = causes.add_cause(postmortem, text="one", by=person)
    causes.remove_cause(cause, by=person)
    with pytest.raises(DomainError, match="removed"):
        causes.change_cause(cause, by=person, text="two")
    with pytest.raises(DomainError, match="removed"):
        causes.add_cause(postmortem, text="below", by=person, parent=cause)


def test_entries_are_cited_once_and_only_from_the_same_timeline(postmortem, person):
    cause = causes.add_cause(postmortem, text="pool at 100 %", by=person)
    entry = make_entry(postmortem, "graph of the pool")
    causes.cite(cause, entry, by=person)
    causes.cite(cause, entry, by=person)
    assert list(cause.evidence.all()) == [entry]
    assert Activity.objects.filter(verb="gave evidence for").count() == 1
    with pytest.raises(DomainError, match="another post-mortem"):
        causes.cite(cause, make_entry(make_postmortem(), "elsewhere"), by=person)
    causes.uncite(cause, entry, by=person)
    assert not cause.evidence.exists()


def test_a_cause_becomes_a_finding_in_its_own_words(postmortem, person):
    cause = causes.add_cause(postmortem, text="no validation in the checklist", by=person)
    finding = causes.add_finding(postmortem, kind="root_cause", text="", by=person, cause=cause)
    assert (finding.text, finding.cause, finding.needs_action) == (cause.text, cause, True)
    with pytest.raises(DomainError, match="finding already"):
        causes.add_finding(postmortem, kind="trigger", text="", by=person, cause=cause)
    causes.remove_finding(finding, by=person)
    assert (
        causes.add_finding(postmortem, kind="trigger", text="the deploy", by=person, cause=cause).text
        == "the deploy"
    )
    causes.restore_finding(finding, by=person)
    assert [one.kind for one in queries.findings_of(postmortem)] == ["root_cause", "trigger"]


def test_a_finding_needs_words_and_a_known_kind(postmortem, person):
    with pytest.raises(DomainError, match="needs words"):
        causes.add_finding(postmortem, kind="luck", text="  ", by=person)
    with pytest.raises(DomainError, match="kind"):
        causes.add_finding(postmortem, kind="culprit", text="x", by=person)
    assert not Finding.objects.exists()


def test_a_finding_changes_under_its_version(postmortem, person):
    finding = causes.add_finding(postmortem, kind="luck", text="the cache was warm", by=person)
    causes.change_finding(finding, by=person, kind="went_well", base=1)
    with pytest.raises(Conflict):
        causes.change_finding(finding, by=person, text="other", base=1)
    assert Finding.objects.get().kind == "went_well"


def test_leaving_a_finding_without_action_needs_a_reason_and_can_be_taken_back(postmortem, person):
    finding = causes.add_finding(postmortem, kind="handoff_gap", text="paged late", by=person)
    with pytest.raises(DomainError, match="why"):
        causes.leave_without_action(finding, reason=" ", by=person)
    causes.leave_without_action(finding, reason="The team merges next week.", by=person)
    finding.refresh_from_db()
    assert (finding.no_action_reason, finding.no_action_by) == ("The team merges next week.", person)
    causes.take_up_again(finding, by=person)
    finding.refresh_from_db()
    assert (finding.no_action_reason, finding.no_action_by) == ("", None)
    luck = causes.add_finding(postmortem, kind="luck", text="a quiet hour", by=person)
    with pytest.raises(DomainError, match="needs no action"):
        causes.leave_without_action(luck, reason="none", by=person)
