"""An incident called out in one line, on Monday 30 November 2026 at 16:00 on the writer's clock."""

from datetime import datetime

import pytest

from followthrough.incidents.models import Incident
from followthrough.incidents.report_line import ReportLine, read_report_line
from tests.clock import Clock
from tests.factories import make_person, make_service, make_severity, signed_in

NOW = datetime.fromisoformat("2026-11-30T16:00")
SEVERITIES = {"SEV1": 1, "SEV2": 2, "Minor": 3}
SERVICES = {"payments": 7, "Payments API": 8, "Checkout": 9}


def read(line: str) -> ReportLine:
    return read_report_line(line, now=NOW, severities=SEVERITIES, services=SERVICES)


@pytest.mark.parametrize(
    ("line", "title", "severity", "started", "ended"),
    [
        ("SEV1 checkout down 14:03–15:22 payments", "checkout down", 1, "2026-11-30T14:03", "2026-11-30T15:22"),
        ("sev 2: mirrors slow since 9.15", "mirrors slow", 2, "2026-11-30T09:15", None),
        ("mirrors slow yesterday 23:50 - 00:10", "mirrors slow", None, "2026-11-29T23:50", "2026-11-30T00:10"),
        ("mirrors slow 23:50-00:10", "mirrors slow", None, "2026-11-29T23:50", "2026-11-30T00:10"),
        ("mirrors slow 28 Nov 14:03 to 15:22 (minor)", "mirrors slow", 3, "2026-11-28T14:03", "2026-11-28T15:22"),
        ("mirrors slow on 2026-11-20 2:03 pm until 3:10 pm", "mirrors slow", None, "2026-11-20T14:03", "2026-11-20T15:10"),
        ("mirrors slow Friday 2pm-3pm", "mirrors slow", None, "2026-11-27T14:00", "2026-11-27T15:00"),
        ("14:03 mirrors slow SEV-1", "mirrors slow", 1, "2026-11-30T14:03", None),
        ("mirrors slow 14.20", "mirrors slow", None, "2026-11-30T14:20", None),
        ("1420 checkout down", "checkout down", None, "2026-11-30T14:20", None),
        ("mirrors slow since about 2pm", "mirrors slow", None, "2026-11-30T14:00", None),
        ("mirrors slow 14:03 UTC", "mirrors slow", None, "2026-11-30T14:03", None),
        ("mirrors slow 14:03 CET", "mirrors slow", None, "2026-11-30T13:03", None),
        ("mirrors slow since noon", "mirrors slow", None, "2026-11-30T12:00", None),
        ("mirrors slow between 14h03 and 15h22", "mirrors slow", None, "2026-11-30T14:03", "2026-11-30T15:22"),
        ("mirrors slow, 14:03:10-15:22:40", "mirrors slow", None, "2026-11-30T14:03:10", "2026-11-30T15:22:40"),
        ("mirrors slow 28/11 14:03", "mirrors slow", None, "2026-11-28T14:03", None),
        ("mirrors slow (14:03 to 15:22)", "mirrors slow", None, "2026-11-30T14:03", "2026-11-30T15:22"),
        ("mirrors slow from ~14:03 until 15:22 for all customers", "mirrors slow for all customers", None,
         "2026-11-30T14:03", "2026-11-30T15:22"),
    ],
)  # fmt: skip
def test_the_parts_of_a_line(
    line: str, title: str, severity: int | None, started: str, ended: str | None
) -> None:
    found = read(line)
    assert (found.title, found.severity) == (title, severity)
    assert found.started == datetime.fromisoformat(started)
    assert found.ended == (datetime.fromisoformat(ended) if ended else None)


@pytest.mark.parametrize(
    ("line", "services"),
    [
        ("SEV1 checkout down 14:03–15:22 payments", (7, 9)),
        ("Payments API answers 502 since 14:03", (7, 8)),
        ("mirrors slow 14:03 on payments", (7,)),
        ("repayments stuck", ()),
    ],
)
def test_services_are_known_by_their_names(line: str, services: tuple[int, ...]) -> None:
    assert read(line).services == services


@pytest.mark.parametrize(
    "line",
    [
        "502s for 38 minutes",
        "Upgrade to 2.9 broke logins",
        "3 of 4 mirrors slow",
        "Disk at 95%",
        "Version 10.15.3 crashes",
        "Upgrade to 12.04 broke logins",
        "Error 1420",
        "Build 12.30 fails",
        "1420 users locked out",
    ],
)
def test_numbers_that_are_no_times(line: str) -> None:
    assert (read(line).title, read(line).started) == (line, None)


@pytest.mark.django_db
def test_the_report_form_takes_the_line_and_everything_stays_editable(clock: Clock) -> None:
    clock.set("2026-11-30 15:00")
    person = make_person(zone="Europe/Berlin")
    severity, service = make_severity("SEV1", meaning="Nobody can pay"), make_service("payments")
    client = signed_in(person)
    page = client.get("/incidents/new/", {"line": "SEV1 checkout down 14:03–15:22 payments"})
    form = page.context["form"]
    shown = {
        name: form[name].value() for name in ("title", "severity", "services", "started_at", "resolved_at")
    }
    assert shown == {
        "title": "checkout down",
        "severity": severity.pk,
        "services": [service.pk],
        "started_at": "2026-11-30 14:03",
        "resolved_at": "2026-11-30 15:22",
    }
    assert "SEV1 · Nobody can pay" in page.content.decode()
    assert not Incident.objects.exists()


@pytest.mark.django_db
def test_what_was_understood_stands_there_before_enter_and_can_be_words_again(clock: Clock) -> None:
    clock.set("2026-11-30 15:00")
    client = signed_in(make_person(zone="Europe/Berlin"))
    make_severity("SEV1"), make_service("payments")
    line = "SEV1 checkout down 14:03–15:22 payments"
    said = client.get("/incidents/report-line/", {"line": line}).content.decode()
    for words in ("Severity SEV1", "Mon 30 Nov 2026, 14:03–15:22", "Service payments", "“checkout down”"):
        assert words in said
    kept = client.get("/incidents/report-line/", {"line": line, "as_words": ["times", "services"]})
    assert "14:03–15:22<" not in kept.content.decode()
    assert "“checkout down 14:03–15:22 payments”" in kept.content.decode()
    form = client.get("/incidents/new/", {"line": line, "as_words": "times"}).context["form"]
    assert form["title"].value() == "checkout down 14:03–15:22 payments"
    assert not Incident.objects.exists()


@pytest.mark.django_db
def test_times_out_of_order_are_told_while_they_are_typed() -> None:
    client = signed_in(make_person())
    said = {
        "kind": "outage",
        "zone": "UTC",
        "started_at": "2026-11-20T14:03",
        "detected_at": "2026-11-20T14:00",
    }
    answer = client.post("/incidents/order/", said).content.decode()
    assert "Detected is 3 min before started. Is that how it was?" in answer
    fine = client.post("/incidents/order/", said | {"detected_at": "2026-11-20T14:05"}).content.decode()
    assert "Is that how it was?" not in fine
    assert client.post("/incidents/order/", {"zone": "nowhere"}).status_code == 200


@pytest.mark.django_db
def test_the_first_page_starts_a_post_mortem_at_once() -> None:
    page = signed_in(make_person()).get("/").content.decode()
    assert 'href="/incidents/new/"' in page
