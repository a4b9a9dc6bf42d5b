"""Finding anything: who finds what, by which words, and why it says so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from followthrough.activity.operations import record
from followthrough.causes import operations as causes
from followthrough.config.regular_jobs import REGULAR_JOBS
from followthrough.incidents import operations as incidents
from followthrough.incidents.models import Incident
from followthrough.jobs.scheduler import RegularJob
from followthrough.meeting_room.operations import contributions
from followthrough.meetings.models import Answer, Meeting, Question
from followthrough.people import operations as people
from followthrough.people.models import User
from followthrough.reports import operations as reports
from followthrough.search import operations as search
from followthrough.search.models import Passage
from followthrough.timeline import operations as timeline
from followthrough.writing import markdown
from followthrough.writing import operations as writing
from followthrough.writing.yjs_document import YjsDocument
from tests.factories import make_person, make_severity, signed_in
from tests.worlds import World, add_secret, fill, make_world, review

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def filled_world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Built once; what a test writes into it is undone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = make_world()
        search.fill()
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def world(filled_world: World, db: None) -> World:
    return deepcopy(filled_world)


@pytest.fixture
def ada(world: World) -> Client:
    return signed_in(world.ada)


def found(client: Client, text: str) -> list[str]:
    """What the palette shows, a line for each."""
    page = client.get("/search/", {"palette": "1", "q": text}).content.decode()
    rows = re.findall(r'<a class="found".*?</a>', page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


def marked(client: Client, text: str) -> set[str]:
    page = client.get("/search/", {"palette": "1", "q": text}).content.decode()
    return set(re.findall(r"<mark>(.*?)</mark>", page))


def reported(title: str, by: User, **fields: object) -> Incident:
    return incidents.report_incident(
        title=title,
        severity=make_severity(),
        began_at=timezone.now(),
        by=by,
        **fields,  # type: ignore[arg-type]
    )


def test_every_kind_is_found_as_soon_as_it_is_written(world: World, ada: Client) -> None:
    postmortem = review(world, 1, "Basket outage")
    fill(world, postmortem, "pgbouncer")
    lines = "\n".join(found(ada, "pgbouncer"))
    for kind in ("Entry", "Cause", "Finding", r"ACT-\d+", "Parked", "Notes"):
        assert re.search(rf"^{kind} ", lines, re.MULTILINE), kind
    assert "INC-4 · Basket outage" in lines
    assert found(ada, "basket")[0].startswith("INC-4 Basket outage")
    assert any("Otto Outside" in line for line in found(ada, "otto"))
    assert any(line.startswith("Service checkout") for line in found(ada, "checkout"))
    assert any(line.startswith("Pattern") for line in found(ada, "template"))
    assert found(ada, "background wor") == []
    assert "Do Report an incident" in found(ada, "report inc")[0]
    assert "Page Background work" in found(signed_in(world.admin), "background wor")[0]


def test_what_is_changed_or_removed_is_not_found_by_its_old_words(world: World, ada: Client) -> None:
    postmortem = review(world, 1, "Basket outage")
    entry = timeline.add_entry(
        postmortem, text="kubelet evicted pods", happened_at=timezone.now(), zone="UTC", by=world.ada
    )
    timeline.change_entry(entry, text="node drained", by=world.ada)
    assert found(ada, "kubelet") == []
    assert len(found(ada, "node drained")) == 1
    timeline.remove_entry(entry, by=world.ada)
    assert found(ada, "node drained") == []
    people.deactivate(world.otto, by=world.admin)
    assert found(ada, "otto") == []


@pytest.mark.parametrize(
    ("typed", "leads"),
    [
        ("INC-2", "/incidents/INC-2/"),
        ("inc 2", "/incidents/INC-2/"),
        ("INC2", "/incidents/INC-2/"),
        ("ACT-3", "/actions/ACT-3/"),
        ("act3", "/actions/ACT-3/"),
    ],
)
def test_a_key_leads_there(ada: Client, typed: str, leads: str) -> None:
    page = ada.get("/search/", {"palette": "1", "q": typed}).content.decode()
    assert re.findall(r'role="option"[^>]* href="([^"]*)"', page) == [leads]


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("东京数据库宕机", "数据库"),
        ("东京数据库宕机", "宕机"),
        ("结算任务重跑gen-itgc后恢复", "itgc"),
        ("上海支付网关超时", "支付网关"),
        ("緊急メンテナンス後にデータベースが停止", "データベース"),
        ("緊急メンテナンス後にデータベースが停止", "停止"),
        ("注文サービスの遅延", "サービス"),
        ("ﾃﾞｰﾀﾍﾞｰｽ障害", "データベース"),
        ("結帳失敗", "帳失"),
        ("결제서비스 장애", "서비스"),
        ("데이터베이스연결실패", "연결"),
        ("야간배치작업이중단됨", "배치작업"),
        ("주문API응답지연", "api"),
        ("인증서만료", "만료"),
        ("ระบบชำระเงินล่ม", "ชำระเงิน"),
        ("ฐานข้อมูลหยุดทำงาน", "ข้อมูล"),
        ("เซิร์ฟเวอร์ล่มตอนเที่ยงคืน", "เที่ยงคืน"),
        ("ใบรับรองหมดอายุ", "หมดอายุ"),
        ("บริการcheckoutช้า", "checkout"),
        ("ຖານຂໍ້ມູນຢຸດເຮັດວຽກ", "ຢຸດ"),
        ("ប្រព័ន្ធទូទាត់ខូច", "ទូទាត់"),
        ("Störung der Datenbank", "storung"),
        ("Падение платежей", "платеж"),
        ("Ошибка ёмкости", "ёмкости"),
        ("OrderServiceTimeoutException in checkout", "timeout exception"),
        ("raise max_connections to 500", "connections"),
    ],
)
def test_words_are_found_in_any_script(typed: str, written: str) -> None:
    """Also in the middle of what is written without blanks, in the list of incidents as in the palette."""
    person = make_person()
    reported(written, person)
    client = signed_in(person)
    assert [line for line in found(client, typed) if not line.startswith("Page")] != []
    assert marked(client, typed)
    assert "INC-" in re.sub(r"(?s).*<main", "", client.get("/incidents/", {"q": typed}).content.decode())
    assert found(client, f"{typed}zq") == []


LINE = "2026-11-20T14:03:11Z ERROR [pool-7] HikariPool-1 - Connection is not available, request timed out after 30001ms"


def test_a_pasted_line_of_a_log_finds_where_it_was_seen_before(world: World, ada: Client) -> None:
    postmortem = review(world, 1, "Basket outage")
    timeline.add_entry(postmortem, text=LINE, happened_at=timezone.now(), zone="UTC", by=world.ada)
    again = "2026-12-01 02:44:59,118 WARN [pool-3] HikariPool-2 - Connection is not available, request timed out after 30007ms"
    lines = found(ada, again)
    assert len(lines) == 1
    assert lines[0].startswith("Entry 2026-11-20T14:03:11Z")
    assert "Connection" in " ".join(marked(ada, again))
    assert found(ada, "Nov 20 14:03:11 db-3 kernel: Out of memory: Killed process 4711 (postgres)") == []


@pytest.mark.parametrize(
    "asked",
    [
        "basket kubelet",
        "kubelet basket quota",
        "quota evic bask",
        "a basket with a kubelet evicted by the quota",
    ],
)
def test_words_of_several_records_find_their_incident(world: World, ada: Client, asked: str) -> None:
    """One in the title, one in an entry, one in a cause: the incident is found, and each record says its word."""
    postmortem = review(world, 1, "Basket outage with the shop")
    at = timezone.now()
    timeline.add_entry(postmortem, text="A kubelet evicted pods", happened_at=at, zone="UTC", by=world.ada)
    causes.add_cause(postmortem, text="The quota was set by hand", by=world.ada)
    other = review(world, 2, "Basket slow")
    timeline.add_entry(other, text="the node was drained", happened_at=at, zone="UTC", by=world.ada)
    (line,) = found(ada, asked)
    assert line.startswith("INC-4 Basket outage")
    assert "Entry: A kubelet evicted pods" in line
    assert ("Cause: The quota was set by hand" in line) == ("quota" in asked)
    assert "INC-4" in ada.get("/search/", {"q": asked}).content.decode()
    assert found(ada, f"{asked} zq") == found(signed_in(world.sam), asked) == []


def test_words_of_several_records_keep_what_is_hidden(world: World) -> None:
    """Neither a restricted incident is found by them, nor one by an answer that nobody may read yet."""
    secret = add_secret(world, "zanzibar")
    timeline.add_entry(secret, text="kubelet evicted", happened_at=timezone.now(), zone="UTC", by=world.ada)
    assert found(signed_in(world.otto), "zanzibar kubelet number") == []
    assert found(signed_in(world.otto), "zanzibar kubelet") == []
    assert found(signed_in(world.ada), "zanzibar kubelet outage")[0].startswith(f"INC-{secret.pk}")
    postmortem = review(world, 1, "Basket outage")
    Meeting.objects.create(postmortem=postmortem, starts_at=timezone.now(), state="live", answers_hidden=True)
    question = Question.objects.create(phase="prevention", text="What would have caught it?")
    answer = Answer.objects.create(postmortem=postmortem, question=question, text="A canary", author=world.bo)
    record(answer, "added", by=world.bo)
    assert found(signed_in(world.ada), "basket canary") == []


def test_stakeholders_find_what_was_published_alone(world: World) -> None:
    postmortem = review(world, 1, "Basket outage")
    fill(world, postmortem, "pgbouncer")
    reader = signed_in(world.sam)
    assert found(reader, "pgbouncer") == found(reader, "basket") == found(reader, "INC-4") == []
    assert found(reader, "otto") == found(reader, "checkout") == found(reader, "insights") == []
    publish(world, postmortem)
    assert [line[:22] for line in found(reader, "basket")] == ["Summary Basket outage "]
    assert len(found(reader, "pgbouncer")) == len(found(reader, "INC-4")) == 1
    incidents.change_incident(postmortem.incident, visibility=Incident.Visibility.RESTRICTED, by=world.ada)
    assert found(reader, "pgbouncer") == found(reader, "INC-4") == []
    assert found(signed_in(world.otto), "pgbouncer") == found(signed_in(world.otto), "INC-4") == []
    assert found(signed_in(world.ada), "INC-4")


def publish(world: World, postmortem: object) -> None:
    summary = reports.summary_of(postmortem)  # type: ignore[arg-type]
    summary.postmortem.closed_at, summary.postmortem.facilitator_state = timezone.now(), "accepted"
    summary.postmortem.save()
    reports.publish(summary, by=world.ada)


def test_a_restricted_incident_takes_no_place_among_what_is_found(world: World) -> None:
    """However much of it would match, and however new it is."""
    stranger = signed_in(world.otto)
    before = [found(stranger, text) for text in ("outage", "zanzibar", "entry", "checkout", "INC-4", "ACT-4")]
    secret = add_secret(world, "zanzibar")
    for number in range(70):
        timeline.add_entry(
            secret, text=f"outage entry {number}", happened_at=timezone.now(), zone="UTC", by=world.ada
        )
    after = [found(stranger, text) for text in ("outage", "zanzibar", "entry", "checkout", "INC-4", "ACT-4")]
    assert after == before
    assert found(signed_in(world.ada), "zanzibar")


def test_answers_are_found_once_everybody_may_read_them(world: World, ada: Client) -> None:
    postmortem = review(world, 1, "Basket outage")
    meeting = Meeting.objects.create(
        postmortem=postmortem, starts_at=timezone.now(), state="live", answers_hidden=True
    )
    question = Question.objects.create(phase="prevention", text="What would have caught it?")
    answer = Answer.objects.create(postmortem=postmortem, question=question, text="A canary", author=world.bo)
    record(answer, "added", by=world.bo)
    assert found(ada, "canary") == []
    meeting.answers_hidden = False
    meeting.save()
    assert found(ada, "canary")[0].startswith("Answer What would have caught it? A canary")


def test_private_notes_are_nobody_elses(world: World, ada: Client) -> None:
    postmortem = review(world, 1, "Basket outage")
    contributions.write_note(postmortem, step="causes", text="quietly sceptical", private=True, by=world.bo)
    assert found(ada, "sceptical") == found(signed_in(world.bo), "sceptical") == []


def test_texts_written_together_are_found_within_a_minute(world: World, ada: Client) -> None:
    postmortem = review(world, 1, "Basket outage")
    for name in ("note:causes", "summary:overview"):
        paper = YjsDocument([writing.open_text(postmortem, name=name)])
        data = paper.rewrite(markdown.read("The **flux capacitor** again"))
        writing.write(postmortem, name=name, data=data, by=world.ada)
    turn(job for job in REGULAR_JOBS if job.name == "search.refresh_stale")
    assert sorted(line.split()[0] for line in found(ada, "capacitor")) == ["Draft", "Notes"]
    assert found(signed_in(world.sam), "capacitor") == []


def turn(jobs: Iterable[RegularJob]) -> None:
    for job in jobs:
        assert job.every <= timedelta(minutes=1)
        job.work()


def test_what_was_there_before_the_index_is_filled_in(world: World, ada: Client) -> None:
    before = dict(Passage.objects.values_list("kind", "words"))
    Passage.objects.all().delete()
    assert found(ada, "checkout") == []
    Passage.objects.create(kind="entry", key="gone", moment=1, title="gone", address="/", words="gone")
    search.fill()
    assert dict(Passage.objects.values_list("kind", "words")).keys() == before.keys()
    assert not Passage.objects.filter(key="gone").exists()
    assert found(ada, "checkout")


def test_newer_and_better_matches_come_first(world: World, ada: Client) -> None:
    old = incidents.report_incident(
        title="Ledger stopped",
        severity=make_severity(),
        began_at=timezone.now() - timedelta(days=300),
        by=world.ada,
    )
    new = reported("Ledger slow", world.ada)
    reported("Other trouble", world.ada, what_happened="The ledger was slow too.")
    keys = [line.split()[0] for line in found(ada, "ledger")]
    assert keys[:2] == [new.key, old.key]
    assert "Other trouble" in found(ada, "ledger")[2]
    assert marked(ada, "ledg") >= {"Ledger", "ledger"}


def test_the_page_works_without_scripts(ada: Client, django_assert_max_num_queries: object) -> None:
    page = ada.get("/search/", {"q": "checkout"}).content.decode()
    assert "Incidents" in page
    assert '<input type="search" id="find-q" name="q" value="checkout"' in page
    assert 'role="option"' not in page
    assert ada.get("/search/").status_code == 200
    with django_assert_max_num_queries(25):  # type: ignore[operator]
        ada.get("/search/", {"palette": "1", "q": "checkout"})


def test_odd_questions_are_answered(ada: Client) -> None:
    for text in (
        '"',
        "AND",
        "a OR",
        "NEAR(",
        "x*",
        "'; --",
        "col:x",
        "\x00",
        "\ue000incident",
        "-",
        "🔥",
        "a" * 3000,
    ):
        assert ada.get("/search/", {"palette": "1", "q": text}).status_code == 200
    assert found(ada, "\ue000incident") == []
