"""Files and hooks that were made to do harm: a row that cannot be read is told with its line, the others come in."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from followthrough.core.errors import DomainError
from followthrough.core.hashing import digest
from followthrough.incidents import imports, operations
from followthrough.incidents.imports import column_mapping, file_rows
from followthrough.incidents.models import ImportRun, Incident, WebhookEndpoint
from followthrough.incidents.tasks import look_through_import
from tests.factories import make_person
from tests.pace import taking_at_most

pytestmark = pytest.mark.django_db
SOON = 2
"""Seconds within which each of these has an answer; before, they took from many seconds to hours."""


@pytest.fixture(autouse=True)
def defaults():
    operations.seed_defaults()


@pytest.fixture
def folder(tmp_path):
    def write(name, content):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8", errors="surrogatepass")
        return path

    return write


def aliases(levels):
    """A list of nine of a list of nine …"""
    named = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    named += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels)]
    return "\n".join(named)


FRONT_MATTERS = {
    "aliases": (aliases(9), "anchors"),
    "an anchor alone": ("tags: &a [one]", "anchors"),
    "deep lists": (f"tags: {'[' * 3000}{']' * 3000}", "nested"),
    "deep mappings": ("tags: " + "{a: " * 40 + "1" + "}" * 40, "nested"),
    "deep sequences": ("tags:\n" + "- " * 3000, "nested"),
    "too long": ("tags: " + "x" * 70_000, "64 KB"),
    "no date": ("date: 2026-13-45", "date: “2026-13-45” is not a date"),
    "no zone": ("date: 2026-01-01T00:00:00+99:99", "is not a date and time"),
    "a long number": (f"minutes: {'9' * 5000}", "is not a length of time"),
    "a long hexadecimal number": (f"minutes: 0x{'f' * 6000}", "is not a length of time"),
    "no number": ("minutes: .nan", "is not a length of time"),
    "a kind of its own": ("services: !!python/object/apply:os.getcwd []", "not valid YAML"),
}


@pytest.mark.parametrize("name", FRONT_MATTERS)
def test_front_matter_that_cannot_be_read_is_told_and_the_others_come_in(folder, name):
    head, reason = FRONT_MATTERS[name]
    with taking_at_most(SOON):
        report = imports.run(
            [folder("bad.md", f"---\ntitle: Odd\n{head}\n---\nText"), folder("good.md", "# Good\n\nText")],
            by=None,
        )
    assert [(row.file, reason in row.reason) for row in report.bad] == [("bad.md", True)]
    assert Incident.objects.get().title == "Good"


LINES = {
    "deep": '{"title": ' + "[" * 100_000,
    "deep and closed": '{"title": ' + "[" * 5000 + "]" * 5000 + "}",
    "a number of 5,000 digits": f'{{"title": "x", "minutes": {"9" * 5000}}}',
    "no number": '{"title": "x", "minutes": NaN}',
    "an endless number": '{"title": "x", "minutes": 1e400}',
    "a mail date": '{"title": "x", "date": "Mon, 01 Jan 99999999999999999999 00:00:00 +0000"}',
    "a mail date with a wild zone": '{"title": "x", "date": "Mon, 01 Jan 2024 00:00:00 +99999999999"}',
    "a long date": json.dumps({"title": "x", "date": "2" * 100_000}),
    "a long length": json.dumps({"title": "x", "date": "2024-01-01", "duration": "1" * 100_000 + "x"}),
    "a moment of nobody's": json.dumps({"title": "x", "date": 10**30}),
    "a mapping for a date": json.dumps({"title": "x", "date": {"a": {"b": {"c": {"d": 1}}}}, "started": {}}),
}


@pytest.mark.parametrize("name", LINES)
def test_lines_of_json_that_cannot_be_read_are_told_and_the_others_come_in(folder, name):
    with taking_at_most(SOON):
        report = imports.run([folder("rows.jsonl", f'{LINES[name]}\n{{"title": "Good"}}\n')], by=None)
    assert "Good" in set(Incident.objects.values_list("title", flat=True))
    if name != "a mapping for a date":
        assert [row.line for row in report.bad] == [1]
        assert Incident.objects.count() == 1


def test_a_long_severity_is_none_that_is_known(folder):
    with taking_at_most(SOON):
        report = imports.run(
            [folder("rows.jsonl", json.dumps({"title": "x", "severity": "s" * 100_000}))], by=None
        )
    assert "is not a severity that can be right" in report.incomplete[0].reason


TOML_HEADS = {
    "not closed": ('title = "x', "TOML"),
    "deep": (f"tags = {'[' * 3000}{']' * 3000}", "TOML"),
    "a name of many parts": (f"{'a.' * 30_000}a = 1", "too many parts"),
    "too long": (f'text = "{"x" * 70_000}"', "64 KB"),
    "no date": ("date = 2026-02-30", "TOML"),
    "a long number": (f"minutes = {'9' * 5000}", "TOML"),
    "a name twice": ("date = 2026-02-03\ndate = 2026-02-04", "TOML"),
}


@pytest.mark.parametrize("name", TOML_HEADS)
def test_toml_that_cannot_be_read_is_told_and_the_others_come_in(folder, name):
    head, reason = TOML_HEADS[name]
    with taking_at_most(SOON):
        report = imports.run(
            [folder("bad.md", f"+++\n{head}\n+++\nText"), folder("good.md", "# Good\n\nText")], by=None
        )
    assert [(row.file, reason in row.reason) for row in report.bad] == [("bad.md", True)]
    assert Incident.objects.get().title == "Good"


def test_a_link_that_is_none_is_left_out(folder):
    imports.run([folder("rows.jsonl", '{"title": "Good", "url": "http://["}')], by=None)
    assert Incident.objects.get().source_url == ""


@pytest.mark.parametrize("content", ["[" * 200_000, "[" * 5000 + "]" * 5000, "[1, [2], null]"])
def test_json_that_holds_no_rows_is_refused_line_by_line(folder, content):
    report = imports.run([folder("rows.json", content)], by=None)
    assert report.created == 0
    assert report.bad_count


def test_a_heading_of_more_columns_than_rows_should_be_laid_out_in_is_refused(folder):
    wide = folder("rows.csv", "title" + "," * 20_000 + "\n" + "x\n" * 20_000)
    with taking_at_most(SOON), pytest.raises(DomainError, match="more than 300 columns"):
        imports.run([wide], by=None)


def test_a_file_name_of_more_bytes_than_a_folder_takes_is_shortened(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client.force_login(make_person())
    file = SimpleUploadedFile("漢" * 100 + ".csv", b"title\nGood\n")
    answer = client.post("/incidents/import/", {"upload": [file]}, follow=True)
    assert answer.status_code == 200
    assert "Good" in answer.content.decode()


def test_a_cell_that_is_too_long_is_told_and_the_others_come_in(folder):
    long = "x" * (file_rows.LONGEST_CELL + 1)
    report = imports.run([folder("list.csv", f"title,text\nLong,{long}\nGood,short\n")], by=None)
    assert [(row.line, "longer than" in row.reason) for row in report.bad] == [(2, True)]
    assert Incident.objects.get().title == "Good"


def test_a_quote_that_is_not_closed_does_not_swallow_the_file(folder):
    rows = "\n".join(f"Row {n},{'x' * 100}" for n in range(12_000))
    report = imports.run([folder("list.csv", f'title,text\nOpen,"{rows}\n')], by=None, dry_run=True)
    assert report.bad_count == 1
    assert report.created > 1_000


def test_too_many_columns_and_rows_are_refused_in_words(folder, monkeypatch):
    heading = ",".join(f"c{n}" for n in range(file_rows.MOST_COLUMNS + 1))
    with pytest.raises(DomainError, match="more than 300 columns"):
        imports.run([folder("wide.csv", f"{heading}\n{heading}\n")], by=None)
    monkeypatch.setattr(column_mapping, "MOST_ROWS", 3)
    with pytest.raises(DomainError, match="more than 3 rows"):
        imports.run([folder("long.csv", "title\na\nb\nc\nd\n")], by=None)
    assert not Incident.objects.exists()


def test_much_front_matter_is_refused_before_a_preview_waits_for_it(client):
    client.force_login(make_person())
    head = "\n".join(f"a{n}: 1" for n in range(6000))
    files = [SimpleUploadedFile(f"{at}.md", f"---\n{head}\n---\nText".encode()) for at in range(100)]
    with taking_at_most(SOON):
        answer = client.post("/incidents/import/", {"upload": files})
    assert "Their front matter is more than 1 MB in all." in answer.content.decode()
    assert not ImportRun.objects.exists()


def test_a_preview_answers_whatever_is_in_the_file(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client.force_login(make_person())
    files = [
        SimpleUploadedFile(f"{at}.md", f"---\ntitle: Odd\n{head}\n---\nText".encode())
        for at, (head, _) in enumerate(FRONT_MATTERS.values())
    ]
    files.append(SimpleUploadedFile("rows.jsonl", "\n".join(LINES.values()).encode()))
    answer = client.post("/incidents/import/", {"upload": files}, follow=True)
    look_through_import.call(str(ImportRun.objects.get().pk))
    answer = client.get(answer.request["PATH_INFO"])
    assert answer.status_code == 200
    assert "Its front matter cannot be read" in answer.content.decode()


def send(client, body, secret="known"):
    return client.post(f"/hooks/{secret}/", body, content_type="application/json")


@pytest.fixture
def hook():
    return WebhookEndpoint.objects.create(
        name="Alertmanager", secret_digest=digest("known"), created_by=make_person()
    )


def test_nothing_is_parsed_for_an_unknown_hook(client, hook):
    assert send(client, "[" * 100_000, secret="unknown").status_code == 404
    assert send(client, "not JSON", secret="unknown").status_code == 404


@pytest.mark.parametrize("own", ["7 ", "a\tb", "\u202e7", "x" * 300, "y" * 193 + " z"])
def test_a_key_that_is_tidied_is_known_when_it_is_sent_again(client, hook, own):
    body = json.dumps({"title": "x", "id": own})
    assert [send(client, body).status_code for _ in range(2)] == [201, 200]


BODIES = {
    "deep": "[" * 100_000,
    "deep and closed": '{"title": "x", "a": ' + "[" * 5000 + "]" * 5000 + "}",
    "no text": b"\xff\xfe{",
    "no object": "[]",
    "many facts": json.dumps({f"c{n}": 1 for n in range(20_000)}),
    **{
        name: line
        for name, line in LINES.items()
        if name not in {"deep", "deep and closed", "a mapping for a date"}
    },
}


@pytest.mark.parametrize("name", BODIES)
def test_what_a_hook_cannot_read_it_refuses_in_words(client, hook, name):
    with taking_at_most(SOON):
        answer = send(client, BODIES[name])
    assert answer.status_code == 422
    assert "Nothing was reported" in answer.json()["message"]
    assert not Incident.objects.exists()


def test_a_hook_leaves_out_a_link_that_is_none(client, hook):
    assert send(client, '{"title": "x", "url": "http://["}').status_code == 201
    assert send(client, json.dumps({"title": "y", "url": f"http://{'[' * 100_000}"})).status_code == 201
    assert set(Incident.objects.values_list("source_url", flat=True)) == {""}
