from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from followthrough.activity.models import Activity
from followthrough.core.errors import Conflict, DomainError
from followthrough.timeline import operations as timeline
from followthrough.timeline import slack_zip
from followthrough.timeline.models import Entry
from followthrough.timeline.operations import Row
from tests.factories import BEGAN, make_incident, make_person, make_postmortem
from tests.pace import taking_at_most

pytestmark = pytest.mark.django_db

LOG = """[14:11] Sana Khan: alert fired
[14:14] jonas: on it
nothing of use
"""
ALERTS = {
    "version": "4",
    "status": "resolved",
    "alerts": [
        {
            "status": "resolved",
            "labels": {"alertname": "CheckoutErrorBudgetBurn", "severity": "page"},
            "annotations": {"summary": "Error budget burns 14 times too fast"},
            "startsAt": "2026-11-20T14:11:02.123Z",
            "endsAt": "2026-11-20T14:41:00Z",
        },
        {
            "status": "firing",
            "labels": {"alertname": "PoolFull"},
            "startsAt": "2026-11-20T15:12:00+01:00",
            "endsAt": "0001-01-01T00:00:00Z",
        },
    ],
}
DEPLOYMENTS = [
    {
        "id": 1,
        "sha": "9f31c02be4c1a9d2f3e4b5a6978877665544332a",
        "ref": "9f31c02be4c1a9d2f3e4b5a6978877665544332a",
        "environment": "production",
        "creator": {"login": "jonas"},
        "created_at": "2026-11-20T13:41:00Z",
    },
    {"service": "orders", "version": "2.4.1", "time": "2026-11-20T12:00:00", "by": "Mei Lin"},
]
MERGED = {
    "action": "closed",
    "repository": {"full_name": "shop/checkout"},
    "sender": {"login": "jonas"},
    "pull_request": {
        "number": 881,
        "title": "Read the pool size from the template",
        "merged_at": "2026-11-20T13:20:00Z",
    },
}


@pytest.fixture
def person():
    return make_person("Sana Khan")


@pytest.fixture
def postmortem():
    return make_postmortem()


def preview(client, person, postmortem, text="", **fields):
    client.force_login(person)
    answer = client.post(
        f"/incidents/INC-{postmortem.pk}/timeline/paste/",
        {"text": text, "zone": "UTC", **fields},
        headers={"accept": "application/json"},
    )
    assert answer.status_code == 200, answer.content
    return answer.json()


def rows(told):
    return [
        Row(one["key"], BEGAN + timedelta(minutes=at), one["text"], one["author"], one["kind"])
        for at, one in enumerate(told["messages"])
    ]


def test_a_log_is_shown_before_it_is_taken_over_and_taken_over_once(client, person, postmortem):
    told = preview(client, person, postmortem, LOG)
    assert [(one["happened_at"], one["author"], one["text"], one["already"]) for one in told["messages"]] == [
        ("2026-11-20T14:11:00Z", "Sana Khan", "alert fired", False),
        ("2026-11-20T14:14:00Z", "jonas", "on it\nnothing of use", False),
    ]
    assert not Entry.objects.exists()
    timeline.take_over(postmortem, rows(told)[:1], source="chat log", by=person)
    assert [one["already"] for one in preview(client, person, postmortem, LOG)["messages"]] == [True, False]
    assert len(timeline.take_over(postmortem, rows(told), source="chat log", by=person)) == 1
    assert timeline.take_over(postmortem, rows(told), source="chat log", by=person) == []
    assert Entry.objects.count() == 2
    assert list(Activity.objects.filter(verb="added").values_list("seq", flat=True).order_by("seq")) == [1, 2]


def test_a_json_body_will_do(client, person, postmortem):
    client.force_login(person)
    answer = client.post(
        f"/incidents/INC-{postmortem.pk}/timeline/paste/",
        {"text": "15:11 alert fired", "zone": "Europe/Berlin"},
        content_type="application/json",
    )
    assert answer.json()["messages"][0]["happened_at"] == "2026-11-20T14:11:00Z"


def test_lines_left_out_say_why(client, person, postmortem):
    told = preview(client, person, postmortem, "time,text\n14:11,alert fired\nsoon,more\n")
    assert (told["shape"], len(told["messages"])) == ("CSV", 1)
    assert told["skipped"] == [{"line": 3, "text": "soon more", "reason": "no time that can be read"}]


def test_who_is_named_exactly_once_becomes_the_author(person, postmortem):
    make_person("Jonas Olsen")
    make_person("Jonas Olsen")
    taken = [
        Row("a", BEGAN, "one", "sana khan"),
        Row("b", BEGAN, "two", "Jonas Olsen"),
        Row("c", BEGAN, "three"),
    ]
    timeline.take_over(postmortem, taken, source="chat log", by=make_person("Mei Lin"))
    entries = {entry.source_key: entry for entry in Entry.objects.all()}
    assert (entries["a"].author, entries["a"].source) == (person, "chat log")
    assert (entries["b"].author, entries["b"].source) == (None, "chat log · Jonas Olsen")
    assert (entries["c"].author, entries["c"].source) == (None, "chat log")


def test_a_row_that_was_removed_comes_back(client, person, postmortem):
    told = preview(client, person, postmortem, LOG)
    entry = timeline.take_over(postmortem, rows(told), source="chat log", by=person)[0]
    timeline.remove_entry(entry, by=person)
    assert [one["already"] for one in preview(client, person, postmortem, LOG)["messages"]] == [False, True]
    timeline.take_over(postmortem, rows(told), source="chat log", by=person)
    assert Entry.objects.get(pk=entry.pk).removed_at is None


def test_a_batch_is_taken_back_whole_and_done_again(client, person, postmortem):
    told = preview(client, person, postmortem, LOG)
    taken = timeline.take_over(postmortem, rows(told), source="chat log", by=person)
    keys = [row.key for row in rows(told)]
    timeline.take_back(postmortem, keys, by=person)
    assert not Entry.objects.filter(removed_at=None).exists()
    timeline.take_over(postmortem, rows(told), source="chat log", by=person)
    assert {entry.pk for entry in Entry.objects.filter(removed_at=None)} == {entry.pk for entry in taken}


def test_words_that_stand_there_already_are_marked(client, person, postmortem):
    timeline.write_line(postmortem, line="14:12 Alert  fired.", by=person)
    told = preview(client, person, postmortem, LOG)
    assert [one["alike"] for one in told["messages"]] == ["2026-11-20T14:12:00Z", None]
    assert [one["already"] for one in told["messages"]] == [False, False]


def test_zone_day_and_order_of_a_log_can_be_chosen(client, person, postmortem):
    def first(text, **fields):
        told = preview(client, person, postmortem, text, **fields)
        return told["messages"][0]["happened_at"], told["assumed"]

    open_questions = {"day": True, "zone": True, "order": ""}
    assert first("8:52 AM a", zone="America/New_York") == ("2026-11-20T13:52:00Z", open_questions)
    assert first("14:11 a", day="2026-11-18")[0] == "2026-11-18T14:11:00Z"
    assert first("05/06/2026, 14:11 - Sana: a", order="month")[0] == "2026-05-06T14:11:00Z"
    assert first("2026-11-20T14:11:00Z a")[1] == {"day": False, "zone": False, "order": ""}


def test_rows_that_cannot_be_are_refused_whole(person, postmortem):
    good = Row("a", BEGAN, "one")
    for bad in (Row("", BEGAN, "two"), Row("k" * 81, BEGAN, "two"), Row("b", BEGAN, " ")):
        with pytest.raises(DomainError):
            timeline.take_over(postmortem, [good, bad], source="chat log", by=person)
    with pytest.raises(DomainError, match="2,000"):
        timeline.take_over(postmortem, [good] * 2001, source="chat log", by=person)
    key = uuid4()
    with pytest.raises(Conflict):
        timeline.take_over(
            postmortem, [Row("a", BEGAN, "1", id=key), Row("b", BEGAN, "2", id=key)], source="", by=person
        )
    assert not Entry.objects.exists()


def test_a_message_longer_than_an_entry_is_taken_over_as_far_as_it_fits(person, postmortem):
    timeline.take_over(postmortem, [Row("a", BEGAN, "x" * 9000)], source="chat log", by=person)
    assert Entry.objects.get().text == "x" * 3999 + "…"


def test_many_rows_take_few_queries(person, postmortem, django_assert_max_num_queries):
    many = [Row(f"key {number}", BEGAN, f"line {number}", "Sana Khan") for number in range(500)]
    with django_assert_max_num_queries(32):
        timeline.take_over(postmortem, many, source="chat log", by=person)
    assert list(Entry.objects.order_by("created_at").values_list("text", flat=True)) == [
        row.text for row in many
    ]
    assert Activity.objects.filter(topic=postmortem.topic).count() == 500


def test_alerts_are_recognised(client, person, postmortem):
    told = preview(client, person, postmortem, json.dumps(ALERTS))
    assert told["shape"] == "Alertmanager"
    assert [(one["happened_at"][:19], one["kind"], one["text"]) for one in told["messages"]] == [
        (
            "2026-11-20T14:11:02",
            "alert",
            "CheckoutErrorBudgetBurn fired: Error budget burns 14 times too fast",
        ),
        ("2026-11-20T14:41:00", "alert", "CheckoutErrorBudgetBurn resolved"),
        ("2026-11-20T14:12:00", "alert", "PoolFull fired"),
    ]


def test_deployments_are_recognised(client, person, postmortem):
    told = preview(client, person, postmortem, json.dumps(DEPLOYMENTS))
    assert told["shape"] == "deployments"
    assert [(one["happened_at"], one["author"], one["text"]) for one in told["messages"]] == [
        ("2026-11-20T13:41:00Z", "jonas", "Deployed 9f31c02 to production"),
        ("2026-11-20T12:00:00Z", "Mei Lin", "Deployed orders@2.4.1"),
    ]


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        (MERGED, "Merged shop/checkout#881: Read the pool size from the template"),
        (
            {
                "repository": {"full_name": "shop/checkout"},
                "deployment": DEPLOYMENTS[0],
                "deployment_status": {"state": "success", "created_at": "2026-11-20T13:45:00Z"},
            },
            "Deployed shop/checkout@9f31c02 to production: success",
        ),
        (
            {
                "repository": {"full_name": "shop/checkout"},
                "head_commit": {
                    "id": "9" * 40,
                    "message": "Fix it\n\nlong",
                    "timestamp": "2026-11-20T14:30:00+01:00",
                },
                "pusher": {"name": "jonas"},
            },
            "Pushed shop/checkout@9999999: Fix it",
        ),
    ],
)
def test_what_github_sends_is_recognised(client, person, postmortem, payload, text):
    told = preview(client, person, postmortem, json.dumps(payload))
    assert (told["shape"], told["messages"][0]["text"]) == ("GitHub", text)
    assert told["messages"][0]["kind"] == "change"


@pytest.mark.parametrize(
    "text", ["[]", "{}", "null", '{"alerts": {}}', '{"alerts": [null, 3]}', "[" * 3000, "nothing"]
)
def test_what_is_no_log_becomes_nothing(client, person, postmortem, text):
    assert preview(client, person, postmortem, text)["messages"] == []


def archive(files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in files.items():
            file.writestr(name, content if isinstance(content, bytes) else json.dumps(content))
    return SimpleUploadedFile("export.zip", packed.getvalue())


def said(minute, user, text):
    return {
        "type": "message",
        "ts": str((BEGAN + timedelta(minutes=minute)).timestamp()),
        "user": user,
        "text": text,
    }


def test_a_slack_export_is_read_around_the_incident(client, person, postmortem):
    file = archive(
        {
            "users.json": [{"id": "U1", "real_name": "Sana Khan"}],
            "inc-148/2026-11-20.json": [said(8, "U1", "alert fired"), said(11, "U2", "on it")],
            "general/2026-11-20.json": [said(3, "U1", "lunch?")],
            "general/2020-01-01.json": b"not even JSON",
            "../2026-11-20.json": [said(1, "U1", "outside of everything")],
        }
    )
    told = preview(client, person, postmortem, file=file)
    assert told["shape"] == "Slack export"
    texts = [(one["author"], one["text"]) for one in told["messages"]]
    assert texts[-3:] == [("Sana Khan", "lunch?"), ("Sana Khan", "alert fired"), ("U2", "on it")]


def test_an_uploaded_text_is_read_like_a_pasted_one(client, person, postmortem):
    told = preview(client, person, postmortem, file=SimpleUploadedFile("log.txt", LOG.encode()))
    assert len(told["messages"]) == 2


@pytest.mark.parametrize(
    ("files", "word"),
    [
        ({"inc-148/2026-11-20.json": b"[" + b" " * 9_000_000 + b"]"}, "unpacks"),
        ({"readme.txt": b"hello"}, "no Slack export"),
        ({f"c{n}/2026-11-20.json": [said(n / 100, "U1", f"{n}")] for n in range(2100)}, "2,000"),
    ],
)
def test_an_archive_is_read_within_bounds(client, person, postmortem, files, word):
    client.force_login(person)
    answer = client.post(
        f"/incidents/INC-{postmortem.pk}/timeline/paste/",
        {"file": archive(files)},
        headers={"accept": "application/json"},
    )
    assert answer.status_code == 422
    assert word in answer.json()["message"]


def test_an_archive_with_too_many_files_or_broken_is_refused(client, person, postmortem, monkeypatch):
    monkeypatch.setattr(slack_zip, "_MAX_FILES", 2)
    client.force_login(person)
    address = f"/incidents/INC-{postmortem.pk}/timeline/paste/"
    many = archive({f"c/2026-11-2{day}.json": [] for day in range(3)})
    broken = SimpleUploadedFile("export.zip", many.file.getvalue()[:60])
    for file in (many, broken):
        assert client.post(address, {"file": file}).status_code == 422


def test_a_log_that_is_too_large_is_refused_in_words(client, person, postmortem):
    client.force_login(person)
    answer = client.post(
        f"/incidents/INC-{postmortem.pk}/timeline/paste/",
        {"text": "x" * 500_001},
        headers={"accept": "application/json"},
    )
    assert answer.status_code == 422
    assert "500 KB" in answer.json()["message"]


def test_only_who_may_write_pastes(client, person):
    hidden = make_postmortem(make_incident(visibility="restricted"))
    client.force_login(person)
    assert client.post(f"/incidents/INC-{hidden.pk}/timeline/paste/", {"text": LOG}).status_code == 404
    shared = make_postmortem(make_incident(shared_at=BEGAN))
    client.force_login(make_person(role="stakeholder"))
    assert client.post(f"/incidents/INC-{shared.pk}/timeline/paste/", {"text": LOG}).status_code == 404


def post_paste(client, postmortem, **sent):
    return client.post(
        f"/incidents/INC-{postmortem.pk}/timeline/paste/", headers={"accept": "application/json"}, **sent
    )


SPACES = " " * 120_000
HOSTILE = {
    "a line": f"14:11 a{SPACES}b",
    "many lines": f"14:11 a {'(edited) ' * 20_000}b",
    "a payload": json.dumps({"alerts": [{**ALERTS["alerts"][1], "annotations": {"summary": f"a{SPACES}b"}}]}),
    "an export": json.dumps([{"ts": "1795000000", "user": "U1", "text": f"a{SPACES}b"}]),
    "a table": f"time,text,author\n14:11,a{SPACES}b,{':' * 50_000}\n",
    "deep": "[" * 200_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_paste_takes_no_longer_than_its_length(client, person, postmortem, name):
    client.force_login(person)
    with taking_at_most(2):
        answer = post_paste(client, postmortem, data={"text": HOSTILE[name], "zone": "UTC"})
    assert answer.status_code == 200


def test_a_json_body_that_cannot_be_read_is_refused(client, person, postmortem):
    client.force_login(person)
    for body in ("[" * 100_000, '{"text": ' + "[" * 5000 + "]" * 5000 + "}", "{", b"\xff", '{"text": NaN}'):
        answer = post_paste(client, postmortem, data=body, content_type="application/json")
        assert (answer.status_code, "not understood" in answer.json()["message"]) == (422, True)


def zipped(files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return SimpleUploadedFile("export.zip", packed.getvalue())


def test_an_export_of_very_many_days_is_read_at_once(client, person, postmortem):
    client.force_login(person)
    day = json.dumps([{"ts": BEGAN.timestamp(), "user": "U1", "text": f"a{' ' * 30_000}b"}])
    files = {f"channel-{n}/{BEGAN:%Y-%m-%d}.json": "[]" for n in range(20_000)}
    file = zipped({**files, f"ops/{BEGAN:%Y-%m-%d}.json": day})
    with taking_at_most(5):
        answer = post_paste(client, postmortem, data={"file": file, "zone": "UTC"})
    assert len(answer.json()["messages"]) == 1


def test_an_export_that_unpacks_to_much_more_is_refused_unread(client, person, postmortem, monkeypatch):
    client.force_login(person)
    sizes = ((9_000_000, 1), (7_900_000, 2))
    exports = [
        zipped({f"ops{n}/{BEGAN:%Y-%m-%d}.json": " " * size for n in range(count)}) for size, count in sizes
    ]
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *args: pytest.fail("it was unpacked"))
    for file in exports:
        answer = post_paste(client, postmortem, data={"file": file, "zone": "UTC"})
        assert (answer.status_code, "unpacks to more" in answer.json()["message"]) == (422, True)
