"""Importing: what is understood, what is refused with its line, and that nothing comes in twice."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from typer.testing import CliRunner

from followthrough.activity.models import Activity
from followthrough.cli.main import app
from followthrough.core.errors import DomainError
from followthrough.incidents import imports, operations
from followthrough.incidents.imports import uploads
from followthrough.incidents.imports.column_mapping import look
from followthrough.incidents.imports.file_rows import read
from followthrough.incidents.models import ImportMapping, ImportRun, Incident, Service
from followthrough.incidents.queries import search
from followthrough.incidents.tasks import carry_out_import, look_through_import
from followthrough.postmortems.models import PostMortem
from tests.factories import make_person, make_service, make_team

pytestmark = pytest.mark.django_db
MARKDOWN = """---
uuid: 7c1e
title: Certificate expired on the gateway
start_time: 2024-03-05 07:12:00
end_time: 2024-03-05T08:02:00Z
severity: sev2
categories: [certificates, gateway]
keywords: "renewal, Gateway"
services: [edge-gateway]
url: https://example.org/postmortems/7c1e
---
# Ignored heading

Nobody was told that it was about to expire.
"""
CSV = """Key;Headline;Started At;Duration;Priority;Team
1;Queue stopped;2024-02-01 10:00;1h 30m;P1;Core
2;Cache was cold;13/02/2024 09:15;12;;
3;;2024-02-03;;;
4;Wrong date;the other day;;;
5;Wrong severity;2024-02-04;;terrible;
"""


@pytest.fixture(autouse=True)
def defaults():
    operations.seed_defaults()


@pytest.fixture
def folder(tmp_path):
    def write(name, content):
        path = tmp_path / name
        path.write_text(content)
        return path

    return write


def test_an_import_tells_nothing_of_what_may_not_be_seen(folder):
    files, person = [folder("list.csv", CSV)], make_person()
    first = imports.run(files, by=make_person())
    Incident.objects.update(visibility=Incident.Visibility.RESTRICTED)
    dry, run = (imports.run(files, by=person, dry_run=dry) for dry in (True, False))
    assert {report.skipped for report in (first, dry, run)} == {first.skipped}
    assert imports.run(files, by=person).skipped > first.skipped
    assert imports.run(files, by=None).skipped > first.skipped


def test_markdown_with_front_matter(folder):
    gateway = make_service("edge-gateway")
    report = imports.run([folder("gateway.md", MARKDOWN)], by=make_person())
    incident = Incident.objects.get()
    assert (report.created, report.bad_count, report.new_services) == (1, 0, [])
    assert incident.title == "Certificate expired on the gateway"
    assert incident.began_at == datetime(2024, 3, 5, 7, 12, tzinfo=UTC)
    assert incident.duration == timedelta(minutes=50)
    assert incident.severity.name == "SEV2"
    assert list(incident.services.all()) == [gateway]
    assert {tag.name for tag in incident.tags.all()} == {"certificates", "gateway", "renewal"}
    assert incident.source_url == "https://example.org/postmortems/7c1e"
    assert incident.what_happened.endswith("about to expire.")
    assert (incident.review, incident.get_review_display()) == ("earlier", "Earlier record")
    assert search.take_matches(Incident.objects.all(), "certificate renewal", size=5).rows == [incident]
    assert Activity.objects.get(topic=incident.topic).verb == "added"
    operations.change_incident(incident, title="Changed", by=make_person())
    assert Activity.objects.filter(topic=incident.topic).count() == 2


def test_markdown_without_front_matter_takes_its_heading(folder):
    imports.run([folder("note.md", "# The disk was full\n\nAnd nobody saw it.")], by=None)
    incident = Incident.objects.get()
    assert (incident.title, incident.is_dated, incident.duration) == ("The disk was full", False, None)
    assert set(incident.milestones.values_list("name", "state")) == {
        ("started", "not_known"),
        ("resolved", "not_known"),
    }


def test_csv_with_its_own_names_and_bad_rows(folder):
    report = imports.run([folder("list.csv", CSV)], by=None)
    assert [(row.line, row.reason.split(":")[0]) for row in report.bad] == [(5, "Started At")]
    assert [(row.line, row.reason.split(":")[0]) for row in report.incomplete] == [
        (2, "“Core” is no team here; it is left out."),
        (6, "Priority"),
    ]
    assert report.created == 4
    first, second, third, _ = Incident.objects.order_by("pk")
    assert (first.severity.name, first.duration) == ("SEV1", timedelta(minutes=90))
    assert second.began_at == datetime(2024, 2, 13, 9, 15, tzinfo=UTC)
    assert second.severity.name == "SEV3"
    assert third.title == "3"


@pytest.mark.parametrize(
    ("began", "minutes", "reason"),
    [
        ("0001-01-01 00:00", "", "The year 1 cannot be right"),
        ("9999-12-31T23:59-09:00", "", "The year 9999 cannot be right"),
        ("2024-01-01", "9" * 400, "not a length of time that can be right"),
    ],
)
def test_impossible_moments_are_refused_and_the_others_come_in(folder, began, minutes, reason):
    content = (
        f"title,started,minutes,severity\nAncient,{began},{minutes},SEV1\nGood,2024-01-01 10:00,5,SEV2\n"
    )
    report = imports.run([folder("list.csv", content)], by=None)
    assert [(row.line, reason in row.reason) for row in report.bad] == [(2, True)]
    assert Incident.objects.get().title == "Good"


def test_odd_moments_come_in_with_a_remark(folder):
    rows = "Backwards,2024-01-02 10:00,2024-01-02 09:00\nAhead,2199-01-01,\nFine,2024-01-02,2024-01-03\n"
    report = imports.run([folder("list.csv", f"title,started,resolved\n{rows}")], by=None, dry_run=True)
    said = [(row.line, row.reason) for row in report.incomplete]
    assert said == [(2, "its end is before its start."), (3, "its start is in the future.")]
    assert report.created == 3


def test_a_word_that_is_no_severity_here_loses_no_record(folder):
    report = imports.run([folder("list.csv", "title,severity\nOdd,SEVERE99\n")], by=None)
    assert "“SEVERE99” is not a severity here" in report.incomplete[0].reason
    assert Incident.objects.get().severity.name == "SEV3"


def test_running_it_again_creates_nothing(folder):
    files = [folder("list.csv", CSV), folder("gateway.md", MARKDOWN)]
    assert imports.run(files, by=None).created == 5
    again = imports.run(files, by=None)
    assert (again.created, again.skipped, again.bad_count) == (0, 5, 1)
    assert Incident.objects.count() == 5


def test_the_same_row_twice_in_a_file_counts_once(folder):
    line = json.dumps({"id": "a-1", "title": "Twice", "date": "2024-01-01"})
    report = imports.run([folder("twice.jsonl", f"{line}\n{line}\n")], by=None)
    assert (report.created, report.skipped) == (1, 1)


def test_a_preview_changes_nothing(folder):
    report = imports.run([folder("gateway.md", MARKDOWN)], by=None, dry_run=True)
    assert (report.created, report.new_services) == (1, ["edge-gateway"])
    assert report.first[0].title == "Certificate expired on the gateway"
    assert not Incident.objects.exists()
    assert not ImportMapping.objects.exists()


def test_nested_values_and_odd_lines_of_json(folder):
    rows = [
        {
            "id": "x",
            "title": "Nested",
            "date": "2024-05-05",
            "labels": {
                "started_at": "2024-05-05T10:00:00+02:00",
                "duration_min": 30,
                "services": ["api", "API"],
            },
            "updates": [{"at": "10:00", "message": "Looking"}, {"at": "10:30", "message": "Mended"}],
        },
        {"id": "y", "title": "Late mail", "date": "6 May 2024", "first_detected": "some time before noon"},
        ["not", "an", "object"],
    ]
    content = "\n".join([*map(json.dumps, rows), "{broken"])
    report = imports.run([folder("rows.jsonl", content)], by=None)
    assert [row.line for row in report.bad] == [3, 4]
    assert [(row.line, "first_detected" in row.reason) for row in report.incomplete] == [(2, True)]
    nested = Incident.objects.get(title="Nested")
    assert nested.began_at == datetime(2024, 5, 5, 8, tzinfo=UTC)
    assert nested.duration == timedelta(minutes=30)
    assert Service.objects.get().name == "api"
    assert "Mended" in nested.what_happened


def test_a_mapping_is_corrected_and_remembered(folder):
    content = "wording,when\nIt broke,2024-01-01\n"
    with pytest.raises(DomainError, match="no column"):
        imports.run([folder("odd.csv", content)], by=None, mapping={"headline": "title"})
    with pytest.raises(DomainError, match="no field"):
        imports.run([folder("odd.csv", content)], by=None, mapping={"when": "moment"})
    imports.run([folder("odd.csv", content)], by=None, mapping={"wording": "title", "when": "started"})
    report = imports.run([folder("more.csv", "when,wording\n2024-01-02,Again\n")], by=None)
    assert report.meaning.fields == {"wording": "title", "when": "started"}
    assert set(Incident.objects.values_list("title", flat=True)) == {"It broke", "Again"}


def test_what_ended_lately_is_put_before_the_rules(folder):
    now = datetime.now(UTC)
    rows = [
        {
            "title": "Fresh",
            "severity": "critical",
            "start": (now - timedelta(hours=5)).isoformat(),
            "duration": 30,
        },
        {"title": "Still open", "severity": "critical", "start": now.isoformat(), "status": "investigating"},
    ]
    imports.run([folder("fresh.jsonl", "\n".join(map(json.dumps, rows)))], by=make_person())
    fresh, still = Incident.objects.get(title="Fresh"), Incident.objects.get(title="Still open")
    assert fresh.review == "needed"
    assert PostMortem.objects.get().pk == fresh.pk
    assert still.status == "open"


def test_files_that_are_none(folder, tmp_path):
    with pytest.raises(DomainError, match="none of Markdown"):
        imports.run([folder("a.exe", "x")], by=None)
    with pytest.raises(DomainError, match="no file"):
        imports.run([tmp_path / "gone.csv"], by=None)
    with pytest.raises(DomainError, match="no row"):
        imports.run([folder("empty.csv", "title,date\n")], by=None)


def upload(client, *files):
    chosen = [SimpleUploadedFile(name, content.encode()) for name, content in files]
    return client.post("/incidents/import/", {"upload": chosen}, follow=True)


def test_the_page_previews_corrects_and_imports(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client.force_login(make_person())
    answer = upload(client, ("list.csv", CSV), ("gateway.md", MARKDOWN))
    page, address = answer.content.decode(), answer.request["PATH_INFO"]
    assert "5 would be created" in page
    assert "list.csv, line 5" in page
    assert not Incident.objects.exists()
    values_ = {"zone": "Europe/Berlin"}
    numbers = {name: n for n, name in enumerate(columns_at(address))}
    values_ |= {f"column_{numbers['Headline']}": "title", f"column_{numbers['title']}": "title"}
    values_ |= {f"column_{numbers['Started At']}": "started", f"column_{numbers['Key']}": "external_id"}
    assert "would be created" in client.post(address, values_, follow=True).content.decode()
    page = client.post(address, values_ | {"import": "1"}, follow=True).content.decode()
    assert "incidents imported" in page
    assert Incident.objects.get(title="Queue stopped").began_at == datetime(2024, 2, 1, 9, tzinfo=UTC)
    assert not list((tmp_path / "imports").iterdir())
    assert "0 would be created" in upload(client, ("list.csv", CSV)).content.decode()


def test_many_files_are_taken_at_once(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client.force_login(make_person())
    answer = upload(client, *[(f"{n}.csv", f"title\nQueue {n} stopped\n") for n in range(150)])
    assert "150 would be created" in answer.content.decode()


def test_previews_that_nobody_imports_are_thrown_away(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client.force_login(make_person())
    upload(client, ("old.csv", CSV))
    old = ImportRun.objects.get()
    ImportRun.objects.update(created_at=old.created_at - timedelta(days=3))
    upload(client, ("new.csv", CSV))
    stray = tmp_path / "imports" / "of-nobody"
    stray.mkdir()
    os.utime(stray, (0, 0))
    assert uploads.tidy_uploads() == 2
    assert ImportRun.objects.get() != old
    (left,) = (tmp_path / "imports").iterdir()
    assert left.stat().st_mode & 0o077 == 0
    assert all(file.stat().st_mode & 0o077 == 0 for file in left.iterdir())


def columns_at(address):
    return look(read(uploads.paths_of(ImportRun.objects.get(pk=address.split("/")[-2])))).samples


def test_a_long_import_is_left_to_the_worker(
    client, settings, tmp_path, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr("followthrough.incidents.imports.uploads.MAX_IMMEDIATE_BYTES", 10)
    settings.MEDIA_ROOT = tmp_path
    client.force_login(make_person(zone="Europe/Berlin"))
    answer = upload(client, ("gateway.md", MARKDOWN))
    address = answer.request["PATH_INFO"]
    assert "being looked through" in answer.content.decode()
    run = ImportRun.objects.get()
    assert look_through_import.call(str(run.pk)) == "looked through"
    assert client.get(address, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    with django_assert_max_num_queries(12):
        page = client.get(address).content.decode()
    assert "1 would be created" in page
    assert 'value="Europe/Berlin" selected' in page
    (uploads.folder_of(run) / "gateway.md").write_text("nobody looks at it again")
    assert client.get(address).content.decode().count("1 would be created") == 1
    (uploads.folder_of(run) / "gateway.md").write_text(MARKDOWN)
    numbers = {name: n for n, name in enumerate(columns_at(address))}
    page = client.post(
        address, {"zone": "UTC", f"column_{numbers['title']}": "title", "import": "1"}, follow=True
    ).content.decode()
    assert "Waiting for the worker" in page
    assert 'hx-trigger="every 1s"' in page
    assert carry_out_import.call(str(run.pk)) == "1 created"
    assert carry_out_import.call(str(run.pk)) == "done before"
    page = client.get(address).content.decode()
    assert "1 incident imported" in page
    assert "every 1s" not in page


def test_imports_are_their_owners_alone(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client.force_login(make_person())
    address = upload(client, ("gateway.md", MARKDOWN)).request["PATH_INFO"]
    assert "none of Markdown" in upload(client, ("run.sh", "x")).content.decode()
    assert "no row" in upload(client, ("empty.csv", "title\n")).content.decode()
    client.force_login(make_person(role="administrator"))
    assert client.get(address).status_code == 404
    assert client.post(f"{address}discard/").status_code == 404


def test_what_cannot_be_imported_at_all_is_told_by_the_worker_too(client, settings, tmp_path, monkeypatch):
    monkeypatch.setattr("followthrough.incidents.imports.uploads.MAX_IMMEDIATE_BYTES", 3)
    settings.MEDIA_ROOT = tmp_path
    client.force_login(make_person())
    address = upload(client, ("empty.csv", "title\n")).request["PATH_INFO"]
    look_through_import.call(str(ImportRun.objects.get().pk))
    page = client.get(address).content.decode()
    assert "There is no row in these files" in page
    assert "Nothing was imported. Mend the files" in page


def test_the_sample_table_comes_in_without_a_word(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client.force_login(make_person("Sana Qureshi"))
    make_team("Platform")
    assert "Its column may be called" in client.get("/incidents/import/").content.decode()
    sample = client.get("/incidents/import/sample.csv").content.decode()
    page = upload(client, ("incidents.csv", sample)).content.decode()
    assert "2 would be created" in page
    assert "with a remark" not in page


@pytest.mark.parametrize(
    ("content", "code"),
    [("title,started\nGood,2026-11-20\nBad,the other day\n", 0), ("title,started\nBad,the other day\n", 1)],
)
def test_the_command_fails_only_where_nothing_came_in(folder, monkeypatch, content, code):
    make_person()
    for name in ("bootstrap", "bring_up_to_date"):
        monkeypatch.setattr(f"followthrough.cli.import_command.{name}", lambda *_: None)
    result = CliRunner().invoke(app, ["import", str(folder("list.csv", content))])
    assert "is not a date and time" in result.output
    assert result.exit_code == code
