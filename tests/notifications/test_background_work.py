"""What administrators see of the background work, and what they set about reminders."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from prometheus_client.parser import text_string_to_metric_families

from followthrough.config.regular_jobs import REGULAR_JOBS
from followthrough.jobs.models import ScheduledRun
from followthrough.jobs.scheduler import RegularJob, run_due
from followthrough.notifications.models import Deadline, Message, ReminderSettings
from followthrough.notifications.operations import escalation
from followthrough.notifications.tasks import refresh_deadlines
from followthrough.people.models import User
from tests.actions.test_reminders import promised
from tests.clock import Clock
from tests.factories import make_person
from tests.jobs import sample_tasks

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client: Client) -> User:
    person = make_person("Ad Min", role="administrator")
    client.force_login(person)
    return person


def fail(number: int = 1) -> None:
    """Tasks and mails that failed."""
    person = make_person()
    for index in range(number):
        result = sample_tasks.fail.enqueue()
        DBTaskResult.objects.filter(pk=result.id).update(
            status="FAILED",
            finished_at=timezone.now(),
            traceback="Traceback: no answer",
            worker_ids=["a:1:b"] * 4,
        )
        Message.objects.create(
            person=person,
            kind="summary",
            key=f"failed {index}",
            subject="The summary is due",
            mail_failed_at=timezone.now(),
            mail_error="550 No such mailbox",
            mail_attempts=1,
        )


def test_failed_tasks_are_shown_with_their_reason_and_tried_again(
    client: Client, administrator: User
) -> None:
    fail()
    page = client.get("/settings/work/").content.decode()
    assert "tests.jobs.sample_tasks.fail" in page
    assert "no answer" in page
    task = DBTaskResult.objects.get()
    client.post(f"/settings/work/tasks/{task.pk}/")
    task.refresh_from_db()
    assert (task.status, task.worker_ids) == ("READY", [])
    assert 'id="waiting"' in client.get("/settings/work/").content.decode()
    again = client.post(f"/settings/work/tasks/{task.pk}/", follow=True).content.decode()
    assert "not among the failed ones" in again


def test_failed_mail_is_shown_with_its_reason_and_sent_again(client: Client, administrator: User) -> None:
    fail(3)
    page = client.get("/settings/work/").content.decode()
    assert page.count("550 No such mailbox") == 3
    assert "3 failed mails to look at" in client.get("/settings/").content.decode()
    first = Message.objects.order_by("pk")[0]
    client.post(f"/settings/work/mail/{first.pk}/")
    first.refresh_from_db()
    assert first.mail_after
    assert first.mail_failed_at is None
    client.post("/settings/work/mail/")
    assert not Message.objects.exclude(mail_failed_at=None).exists()
    assert "somebody was faster" in client.post("/settings/work/mail/", follow=True).content.decode()


def test_regular_jobs_say_how_late_they_are_and_what_went_wrong(client: Client, administrator: User) -> None:
    def break_down() -> None:
        raise RuntimeError("the disk is full")

    run_due([RegularJob("patterns.refresh", timedelta(days=1), break_down)], now=timezone.now())
    late = timezone.now() - timedelta(minutes=31)
    ScheduledRun.objects.create(name="notifications.send_due_reminders", last_run_at=late)
    page = client.get("/settings/work/").content.decode()
    assert "30 min late" in page
    assert "RuntimeError: the disk is full" in page
    assert all(job.what and job.what in page for job in REGULAR_JOBS)


def test_the_page_takes_as_many_queries_for_many_as_for_one(client: Client, administrator: User) -> None:
    fail(1)
    client.get("/settings/work/")
    with CaptureQueriesContext(connection) as few:
        client.get("/settings/work/")
    Message.objects.all().delete()
    fail(30)
    with CaptureQueriesContext(connection) as many:
        client.get("/settings/work/")
    assert len(many) == len(few)


@pytest.mark.parametrize("path", ["/settings/work/", "/settings/reminders/", "/settings/work/mail/"])
def test_only_administrators_look_after_it(client: Client, path: str) -> None:
    client.force_login(make_person())
    ask = client.post if path.endswith("mail/") else client.get
    assert ask(path).status_code == 403


def test_metrics_are_for_the_token_and_administrators(client: Client, settings: Any) -> None:
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 401
    settings.METRICS_TOKEN = "a long secret"
    assert client.get("/metrics", headers={"Authorization": "Bearer a long guess"}).status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer a long secret"}).status_code == 200
    client.force_login(make_person())
    assert client.get("/metrics").status_code == 401
    client.force_login(make_person(role="administrator"))
    assert client.get("/metrics").status_code == 200


def test_metrics_tell_what_is_late(client: Client, administrator: User) -> None:
    fail(2)
    now = timezone.now()
    Deadline.objects.create(
        kind="action", subject=1, due_at=now, since=now, next_at=now - timedelta(minutes=10)
    )
    ScheduledRun.objects.create(
        name="notifications.send_due_reminders", last_run_at=now - timedelta(minutes=6)
    )
    text = client.get("/metrics").content.decode()
    figures = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert figures["followthrough_tasks", "failed"] == 2
    assert figures["followthrough_mails", "failed"] == 2
    assert figures["followthrough_workers",] == 0
    assert figures["followthrough_lateness_seconds", "reminders"] == pytest.approx(600, abs=5)
    assert figures["followthrough_job_lateness_seconds", "notifications.send_due_reminders"] == pytest.approx(
        300, abs=5
    )


def test_other_settings_move_what_is_due_already(clock: Clock, client: Client, administrator: User) -> None:
    promised(administrator, clock.now.date() + timedelta(days=10))
    before = Deadline.objects.get(kind="action").next_at
    page = client.get("/settings/reminders/")
    form = {field.name: field.value() for field in page.context["form"] if field.name != "digests"} | {
        "action_before_days": 5
    }
    assert client.post("/settings/reminders/", form).status_code == 302
    refresh_deadlines.call()
    after = Deadline.objects.get(kind="action").next_at
    assert before
    assert after
    assert (f"{before:%a %d}", f"{after:%a %d}") == ("Mon 30", "Fri 27")
    assert not ReminderSettings.objects.get().digests
    assert client.post("/settings/reminders/", form | {"action_before_days": "-1"}).status_code == 422


def test_without_settings_the_defaults_hold() -> None:
    assert escalation.reminder_settings().action_before_days == 3
    assert escalation.reminder_settings().pk is None
