"""Files as other programs export them: everything in them comes in right, or is told with its line."""

from __future__ import annotations

import json

import pytest

from followthrough.incidents import imports, operations
from followthrough.incidents.imports.column_mapping import Meaning
from followthrough.incidents.imports.column_names import guess
from followthrough.incidents.models import Incident, Involvement
from tests.factories import make_person, make_team

pytestmark = pytest.mark.django_db
STARTED = "2026-11-20T14:03:00Z"


@pytest.fixture(autouse=True)
def defaults():
    operations.seed_defaults()


@pytest.fixture
def bring(tmp_path):
    def run(name, content, *more, **options):
        """Imports a file of that content (text, bytes or what is to be JSON), and more (name, content)."""
        paths = []
        for number, (title, said) in enumerate([(name, content), *more]):
            path = tmp_path / str(number) / title
            path.parent.mkdir(exist_ok=True)
            text = said if isinstance(said, str | bytes) else json.dumps(said)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
            paths.append(path)
        return imports.run(paths, by=None, **options)

    return run


def told(report):
    return [row.reason for row in (*report.bad, *report.incomplete)]


def clock(moment):
    return f"{moment:%Y-%m-%d %H:%M}"


def test_a_table_of_moments_comes_in_as_it_is_meant(bring):
    rows = """title,started,resolved
Pool drained,"November 20, 2026 2:03 PM","November 20, 2026 3:10 PM"
Mirrors slow,20-Nov-26 2:03 PM,20-Nov-26 3:10 PM
Ticket door,"November 20, 2026 2:03 PM → November 20, 2026 3:10 PM",
"""
    assert bring("a.csv", rows).created == 3
    found = {(clock(one.began_at), clock(one.ended_at)) for one in Incident.objects.all()}
    assert found == {("2026-11-20 14:03", "2026-11-20 15:10")}


@pytest.mark.parametrize(
    ("heading", "row"),
    [
        ("title,Started (CET)", "Pool drained,2026-11-20 15:03"),
        ("title,started_at_utc", "Pool drained,2026-11-20 14:03"),
        ("title,Start time (UTC+2)", "Pool drained,2026-11-20 16:03"),
        ("title,date,start,end", "Pool drained,2026-11-20,14:03,15:10"),
        ("title,Date,Time", "Pool drained,20.11.2026,2:03 PM"),
    ],
)
def test_headings_tell_zones_and_days(bring, heading, row):
    report = bring("a.csv", f"{heading}\n{row}\n")
    assert told(report) == []
    assert clock(Incident.objects.get().began_at) == "2026-11-20 14:03"


@pytest.mark.parametrize(
    ("columns", "cells", "minutes"),
    [
        ("duration_seconds", "5400", 90),
        ("Duration (hours)", '"1,5"', 90),
        ("duration", "1h30", 90),
        ("Outage duration (min)", "90", 90),
        ("resolved", "15:33", 90),
        ("end", "13:33", 1410),
    ],
)
def test_the_end_from_what_is_said_of_it(bring, columns, cells, minutes):
    bring("a.csv", f"title,started,{columns}\nPool drained,2026-11-20 14:03,{cells}\n")
    assert Incident.objects.get().duration.total_seconds() == minutes * 60


HEADS = [
    ("started: 2026-02-30", 3),
    ("started: 2026-11-20 25:61:00", 3),
    ("severity: sev1\nstarted: 2026-13-01", 4),
    ("date: 31 June 2026", 3),
    ("tags: [a, b]\nduration: 30 months", 4),
    ("ended: 2026-11-20 14:03 XYT", 3),
]


@pytest.mark.parametrize(("head", "line"), HEADS)
def test_a_moment_that_no_calendar_has_is_told_with_its_line(bring, head, line):
    good = "---\ntitle: Good\n---\nText"
    report = bring(
        "bad.md", f"---\ntitle: Bad\n{head}\n---\nText", ("a.md", good), ("b.md", "# Fine\n\nText")
    )
    assert [(row.file, row.line) for row in report.bad] == [("bad.md", line)]
    assert report.created == 2


TABLES = [
    ",title,started\n0,Pool drained,2026-11-20 14:03\n",
    "title,started,\nPool drained,2026-11-20 14:03,x\n",
    "title,started\nPool drained,2026-11-20 14:03,,,\n",
    "Unnamed: 0,title,started,,\n0,Pool drained,2026-11-20 14:03,,\n",
    "sep=;\ntitle;started\nPool drained;2026-11-20 14:03\n",
    '"title, in words"|started\nPool drained|2026-11-20 14:03\n',
    "\ufefftitle\tstarted\nPool drained\t2026-11-20 14:03\n",
    "title,started\n,\nPool drained,2026-11-20 14:03\n,\n",
    "title,started,Labels,Labels\nPool drained,2026-11-20 14:03,db,pool\n",
]


@pytest.mark.parametrize("table", TABLES)
def test_tables_as_data_tools_save_them(bring, table):
    mapping = {"title, in words": "title"} if "in words" in table else None
    report = bring("a.csv", table, mapping=mapping)
    assert told(report) == []
    incident = Incident.objects.get()
    assert (incident.title, clock(incident.began_at)) == ("Pool drained", "2026-11-20 14:03")
    if "Labels" in table:
        assert {tag.name for tag in incident.tags.all()} == {"db", "pool"}


def test_a_column_without_a_name_is_shown_as_left_out(bring):
    report = bring("a.csv", TABLES[0], dry_run=True)
    assert report.columns.samples["column 1"] == "0"
    assert "column 1" not in report.meaning.fields


def test_cells_beyond_the_heading_are_counted(bring):
    report = bring("a.csv", "title,started\nPool drained,2026-11-20 14:03,lost words,\nGood,2026-11-20,\n")
    assert [(row.line, row.reason[:33]) for row in report.bad] == [(2, "It has 2 more cells than the head")]
    assert report.created == 1


STATUS_PAGE = """---
title: Mirrors slow
date: 2026-11-20T14:03:00-00:00
resolved: {resolved}
resolvedWhen: 2026-11-20T16:10:00-00:00
severity: {severity}
affected: [updates, mirrors]
section: issue
---
Mirrors answered slowly.
"""


@pytest.mark.parametrize("severity", ["disrupted", "down", "notice", "[a, b]", "{level: x}"])
def test_records_of_a_status_page(bring, severity):
    report = bring("a.md", STATUS_PAGE.format(resolved="true", severity=severity))
    incident = Incident.objects.get()
    assert (clock(incident.began_at), clock(incident.ended_at)) == ("2026-11-20 14:03", "2026-11-20 16:10")
    assert {service.name for service in incident.services.all()} == {"updates", "mirrors"}
    assert incident.severity.name == "SEV3"
    if severity[0] not in "[{":
        assert [severity in reason for reason in told(report)] == [True]


@pytest.mark.parametrize(
    ("said", "status"), [("true", "resolved"), ("yes", "resolved"), ("false", "open"), ("no", "open")]
)
def test_resolved_may_be_a_word(bring, said, status):
    bring("a.csv", f"title,started,resolved\nPool drained,2026-11-20,{said}\n")
    assert Incident.objects.get().status == status


def numbered(*rows):
    return "id,title,started\n" + "".join(f"{key},{title},{at}\n" for key, title, at in rows)


FIRST = numbered((1, "Pool drained", "2026-10-20 14:03"), (2, "Mirrors slow", "2026-10-21 09:00"))
OTHER = numbered((1, "Queue stuck", "2026-11-20 14:03"), (2, "Door shut", "2026-11-21 09:00"))


@pytest.mark.parametrize(
    ("first", "second", "created", "skipped"),
    [
        (("incidents.csv", FIRST), ("incidents (1).csv", FIRST), 0, 2),
        (("incidents.csv", FIRST), ("incidents.csv", FIRST), 0, 2),
        (("export.csv", FIRST), ("export.csv", OTHER), 2, 0),
        (("a.csv", FIRST), ("a.csv", FIRST.replace("Pool drained", "Pool drained again")), 0, 2),
        (
            ("a.csv", FIRST),
            ("b.json", [{"id": 1, "title": "Pool drained", "started": "2026-10-20T14:03:00Z"}]),
            0,
            1,
        ),
        (("a.csv", FIRST), ("a.csv", FIRST + OTHER.partition("\n")[2]), 2, 2),
        (("a.csv", FIRST), ("a.csv", FIRST, {"zone": "Europe/Berlin"}), 0, 2),
        (("a.csv", numbered((1, "Undated", ""))), ("b.csv", numbered((1, "Another", ""))), 1, 0),
    ],
)
def test_bare_numbers_count_with_what_they_number(bring, first, second, created, skipped):
    bring(*first)
    name, content, *more = second
    meaning = Meaning(guess({"id": 1, "title": "", "started": ""}), **more[0]) if more else None
    report = bring(name, content, meaning=meaning)
    assert (report.created, report.skipped) == (created, skipped)


def test_what_came_in_before_under_its_file_name_is_known_again(bring):
    bring("a.csv", FIRST)
    Incident.objects.filter(title="Pool drained").update(external_id="import:a:1")
    assert bring("a.csv", FIRST).skipped == 2
    assert bring("a.csv", OTHER).created == 2


STATUSPAGE = [
    {"id": "a1", "name": "Pool drained", "status": "resolved", "created_at": STARTED, "resolved_at": "2026-11-20T15:00:00Z", "impact": "major"},
    {"id": "a2", "name": "Mirrors slow", "status": "resolved", "created_at": "2026-11-21T09:00:00Z", "impact": "minor"},
]  # fmt: skip
TITLED = [{"id": "a1", "title": "Pool drained", "started_at": STARTED}, {"id": "a2", "title": "Mirrors slow"}]
DOCUMENTS = {
    "statuspage": {"page": {"id": "p1", "name": "Example"}, "incidents": STATUSPAGE},
    "a list": TITLED,
    "one level deeper": {"data": {"incidents": TITLED, "total": 2}},
    "graphql": {"data": {"incidents": {"edges": [{"node": one} for one in TITLED]}}},
    "graphql nodes": {"data": {"repository": {"name": "x"}, "issues": {"nodes": TITLED}}},
    "a search engine": {"took": 3, "hits": {"total": 2, "hits": [{"_id": one["id"], "_source": one} for one in TITLED]}},
    "json:api": {"data": [{"id": one["id"], "type": "incidents", "attributes": one} for one in TITLED], "links": {}},
    "a list of its own name": {"outages": TITLED, "version": 3},
    "by key": {one["id"]: {k: v for k, v in one.items() if k != "id"} for one in TITLED},
    "jira": {
        "startAt": 0,
        "issues": [
            {"id": "1", "key": "OPS-1", "fields": {"summary": "Pool drained", "created": STARTED, "priority": {"id": "2", "name": "High"}, "labels": ["db"]}},
            {"id": "2", "key": "OPS-2", "fields": {"summary": "Mirrors slow", "created": STARTED, "status": {"name": "Done"}}},
        ],
    },
}  # fmt: skip


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_list_inside_an_object_is_the_list(bring, name):
    report = bring("a.json", DOCUMENTS[name])
    assert (report.created, told(report)) == (2, [])
    assert set(Incident.objects.values_list("title", flat=True)) == {"Pool drained", "Mirrors slow"}
    assert clock(Incident.objects.get(title="Pool drained").began_at) == "2026-11-20 14:03"
    assert bring("again.json", DOCUMENTS[name]).skipped == 2


@pytest.mark.parametrize(
    "labels",
    [
        [{"id": "LA_x", "name": "status", "color": "7057ff"}],
        ["status"],
        "status",
        [{"key": "status"}],
        [{"value": "status"}, "status"],
        [{"label": "status", "id": 7}],
    ],
)
def test_labels_that_are_objects_are_their_names(bring, labels):
    row = {"number": 7, "title": "🛑 Shop is down", "createdAt": STARTED, "labels": labels, "state": "CLOSED"}
    bring("a.json", [row])
    assert [tag.name for tag in Incident.objects.get().tags.all()] == ["status"]


THINGS = [
    ({"service": {"id": "PS1", "summary": "Checkout"}, "id": "PX1"}, "Checkout"),
    ({"services": [{"id": "PS1", "name": "Checkout", "status": "ok"}]}, "Checkout"),
    ({"event": {"data": {"service": {"id": "PS1", "summary": "Checkout"}}}}, "Checkout"),
    ({"components": [{"id": "c", "name": "Checkout"}]}, "Checkout"),
    ({"affected_services": "Checkout"}, "Checkout"),
]


@pytest.mark.parametrize(("facts", "service"), THINGS)
def test_things_are_known_by_their_names_and_lend_no_key(bring, facts, service):
    report = bring(
        "a.json", [{"title": title, "date": STARTED, **facts, "id": title} for title in ("One", "Two")]
    )
    assert report.created == 2
    assert {one.name for one in Incident.objects.first().services.all()} == {service}


def test_updates_are_told_in_words(bring):
    updates = [{"id": "u1", "status": "investigating", "body": "Looking", "created_at": "14:05"}]
    bring("a.json", [{"name": "Pool drained", "incident_updates": updates}])
    assert Incident.objects.get().what_happened == "14:05 · investigating · Looking"


TOML = [
    '+++\ntitle = "Pool drained"\ndate = 2026-11-20T14:03:00Z\n+++\nIt drained.',
    '+++\ntitle = "Pool drained"\ndate = "2026-11-20 2:03 PM"\ntags = ["db"]\n+++\n\nIt drained.',
    "+++\ndate = 2026-11-20 14:03:00\n[params]\nseverity = 'high'\n+++\n# Pool drained\n\nIt drained.",
    '\n+++\r\ntitle = "Pool drained"\r\nstarted = 2026-11-20T15:03:00+01:00\r\n+++\r\nIt drained.',
    '+++\n# a remark\ntitle = """Pool drained"""\ndate = 2026-11-20\nduration = "1h"\n+++\nIt drained.',
]


@pytest.mark.parametrize("text", TOML)
def test_front_matter_in_toml(bring, text):
    assert told(bring("a.md", text)) == []
    incident = Incident.objects.get()
    assert (incident.title, incident.what_happened) == ("Pool drained", "It drained.")
    assert clock(incident.began_at)[:10] == "2026-11-20"


@pytest.mark.parametrize(
    ("head", "field", "value"),
    [
        ("title: 12:30", "title", "12:30"),
        ("title: 2026-11-20", "title", "2026-11-20"),
        ("title: 1e3", "title", "1e3"),
        ("title: yes", "title", "yes"),
        ("title: 0x1F", "title", "0x1F"),
        ("title: 1_000", "title", "1_000"),
        ("title: x\nid: 0123", "external_id", "import:0123"),
        ("title: x\nid: v1.10", "external_id", "import:v1.10"),
    ],
)
def test_yaml_texts_stay_texts(bring, head, field, value):
    bring("a.md", f"---\n{head}\n---\nText")
    assert getattr(Incident.objects.get(), field).startswith(value)


@pytest.mark.parametrize(
    ("head", "tags"),
    [
        ("tags: no", {"no"}),
        ("tags: [db, 2024, true]", {"db", "2024", "true"}),
        ("keywords:", set()),
        ("tags: ~", set()),
        ("tags: [off, 1.10]", {"off", "1.10"}),
        ("tags:\n- NO\n- 12:30", {"no", "12:30"}),
    ],
)
def test_yaml_lists_hold_what_is_written(bring, head, tags):
    bring("a.md", f"---\ntitle: x\n{head}\n---\nText")
    assert {tag.name for tag in Incident.objects.get().tags.all()} == tags


def test_yaml_severities_and_lengths(bring):
    report = bring(
        "a.md", "---\ntitle: x\nstarted: 2026-11-20 14:03\nduration: 1:30\nseverity: off\n---\nText"
    )
    assert ["“off”" in reason for reason in told(report)] == [True]
    assert Incident.objects.get().duration.total_seconds() == 90 * 60


@pytest.mark.parametrize("head", ["title: One\ntitle: Two", "title: One\ntags: [a]\ntitle: Two"])
def test_a_doubled_name_is_told(bring, head):
    report = bring("a.md", f"---\n{head}\n---\nText")
    assert "“title” stands there again" in told(report)[0]
    assert Incident.objects.get().title == "One"


LETTERS = [
    ("a.jsonl", '{"title":"Pool \\ud83d drained","started":"2026-11-20T14:03:00Z"}'),
    ("a.jsonl", '{"title":"Pool","services":["A\\u0000PI","\\u202e"],"tags":["\\u0000","d\\ud83db"]}'),
    ("a.jsonl", '{"title":"\\u200b\\u2060","text":"Pool drained"}'),
    ("a.jsonl", '{"title":"Pool","id":"\\ud83d\\u0000","url":"https://example.org/\\ud83d"}'),
    ("a.csv", "title,text,service\nPool\0 drained,Te\0xt,A\0PI\n"),
    ("a.md", '---\ntitle: "Pool \\0 drained"\n---\nText \ufffe'),
    ("a.json", '[{"title":"Pool","labels":[{"name":"\\ud83d"}]}]'),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text"), LETTERS)
def test_letters_that_no_database_takes_break_nothing(bring, name, text):
    report = bring("good.csv", "title\nBefore\n", (name, text), ("last.csv", "title\nAfter\n"))
    assert report.created == 3
    titles = Incident.objects.values_list("title", flat=True)
    assert {"Before", "After"} < set(titles)
    assert not any("\0" in title or not title.isprintable() for title in titles)


SPREADSHEET = "title;started\nStörung “Datenbank”;2026-11-20 14:03\n"
ENCODED = [
    ("a.csv", SPREADSHEET.encode("cp1252")),
    ("a.csv", SPREADSHEET.replace(";", "\t").encode("utf-16")),
    ("a.txt", SPREADSHEET.replace(";", "\t").encode("utf-16")),
    ("a.csv", SPREADSHEET.encode("utf-16-le")),
    ("a.csv", b"\xfe\xff" + SPREADSHEET.encode("utf-16-be")),
    ("a.csv", SPREADSHEET.encode("utf-8-sig")),
    ("a.json", json.dumps([{"title": "Störung “Datenbank”"}], ensure_ascii=False).encode("utf-16")),
    ("a.md", "# Störung “Datenbank”\n\nText".encode("cp1252")),
]


@pytest.mark.parametrize(("name", "content"), ENCODED)
def test_encodings_of_spreadsheets_are_read(bring, name, content):
    report = bring("good.csv", "title\nBefore\n", (name, content))
    assert Incident.objects.filter(title="Störung “Datenbank”").exists()
    is_guessed = content in (ENCODED[0][1], ENCODED[-1][1])
    assert ["Windows-1252" in reason for reason in told(report)] == [True] * is_guessed


@pytest.mark.parametrize(
    "content",
    [
        "title\nОтказ базы\n".encode("cp1251"),
        "title\nデータベース障害\n".encode("shift-jis"),
        "title\n数据库宕机\n".encode("gbk"),
        b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0" + bytes(range(128, 256)),
        b"title\n\xff\xfe\xfd\x81\n",
    ],
)
def test_a_file_that_cannot_be_read_is_named_and_the_others_come_in(bring, content):
    report = bring("good.csv", "title\nBefore\n", ("odd.csv", content), ("last.csv", "title\nAfter\n"))
    assert [(row.file, "CSV UTF-8" in row.reason) for row in report.bad] == [("odd.csv", True)]
    assert report.created == 2


def test_owners_become_commanders_or_teams_and_others_are_told(bring):
    sana, _ = make_person(name="Sana Qureshi", email="sana@example.org"), make_team("Platform")
    rows = "Owner,title\nSana Qureshi,One\nsana@example.org,Two\nPlatform,Three\nNobody Known,Four\n"
    report = bring("a.csv", rows)
    assert [row.person for row in Involvement.objects.filter(role="commander")] == [sana, sana]
    assert [team.name for team in Incident.objects.get(title="Three").teams.all()] == ["Platform"]
    assert told(report) == ["nobody here is called “Nobody Known”, so its incident commander is left out."]


@pytest.mark.parametrize("header", ["Type", "kind", "Incident Type", "Event type", "Issue Type"])
def test_a_missed_deadline_does_not_come_in_as_an_outage(bring, header):
    report = bring("a.csv", f"title,{header},date\nLate,missed deadline,2026-11-20\n")
    assert (Incident.objects.get().kind, told(report)) == ("missed_deadline", [])


@pytest.mark.parametrize(
    ("row", "title", "text"),
    [
        ({"title": "Pool drained", "summary": "It drained."}, "Pool drained", "It drained."),
        ({"summary": "It drained.", "name": "Pool drained"}, "Pool drained", "It drained."),
        ({"summary": "Pool drained", "description": "It drained."}, "Pool drained", "It drained."),
        (
            {"title": "Pool drained", "summary": "It", "description": "drained."},
            "Pool drained",
            "drained.\n\nIt",
        ),
        ({"title": "Pool drained", "impact": "Nobody could pay."}, "Pool drained", "Nobody could pay."),
        ({"message": "Pool drained", "description": "It drained."}, "Pool drained", "It drained."),
    ],
)
def test_a_summary_is_no_title_where_one_stands(bring, row, title, text):
    bring("a.json", [row])
    incident = Incident.objects.get()
    assert (incident.title, incident.what_happened) == (title, text)


SERVICES = ["平台", "Платформа", "🔥", "결제", "منصة", "データ"]


def test_services_whose_names_have_no_latin_letter_get_an_address(bring):
    bring("a.csv", f'title,services\nPool drained,"{",".join(SERVICES)}"\n')
    found = Incident.objects.get().services.all()
    assert {service.name for service in found} == set(SERVICES)
    assert len({service.slug for service in found if service.slug}) == len(SERVICES)
