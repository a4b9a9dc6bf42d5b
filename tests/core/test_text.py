"""One gate for text: every text field of every model is bounded and holds only what can be stored and sent."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, models, transaction

from followthrough.core import text
from followthrough.core.bulk_insert import bulk_insert
from followthrough.core.errors import DomainError
from followthrough.core.fields import DataField, Text
from followthrough.incidents.models import Incident, Service, Tag
from followthrough.people.models import Team, User
from followthrough.timeline.media_types import title_of
from tests.factories import make_incident, make_person, make_service

OWN = [model for model in apps.get_models() if model.__module__.startswith("followthrough.")]
STORED = [
    field
    for model in OWN
    for field in model._meta.concrete_fields
    if field.get_internal_type()
    in {"CharField", "TextField", "EmailField", "URLField", "SlugField", "JSONField"}
    and field.name not in {"password", "file"}
]
BREAKS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
UNSEEN = ["", "  ", "\t", "\u200b", "\u200d\u200e", "\u00a0", "\u2800", "\u3164", "\u115f", "\u2066\u202e", "\ufeff", "\0\x01", "\u034f\ufe0f"]  # fmt: skip


@pytest.mark.parametrize("field", STORED, ids=str)
def test_every_text_of_every_model_is_bounded_and_sanitised(field: Any) -> None:
    if isinstance(field, models.JSONField):
        assert isinstance(field, DataField)
        return
    assert isinstance(field, Text), "Use the fields of followthrough.core.fields"
    assert field.max_length
    for refused in ("a\ud800b", "a" * (field.max_length + 1)):
        with pytest.raises(DomainError) as told:
            field.get_db_prep_save(refused, connection)
        assert told.value.field == field.name
        assert told.value.status == 422
        with pytest.raises(DomainError):
            field.clean(refused, None)
    with pytest.raises(DomainError):
        field.get_prep_value("\udfff")
    assert field.get_db_prep_save("a\0\x07b", connection) == "ab"


@pytest.mark.parametrize("sign", BREAKS)
def test_a_name_is_one_line(sign: str) -> None:
    assert text.line(f" A{sign}{sign}B ") == "A B"
    assert text.line(f"A\t{sign}") == "A"


@pytest.mark.parametrize("unseen", UNSEEN)
def test_what_nobody_can_see_is_empty(unseen: str) -> None:
    assert text.is_blank(unseen)
    assert text.line(unseen) == text.prose(unseen) == ""


@pytest.mark.parametrize(
    "name", ["Ada", "é", "👩‍💻", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "می‌خواهم", "שלום", "\u200fשלום\u200f", "ا", "❤️", "山"]
)
def test_names_of_all_scripts_stay_as_they_are(name: str) -> None:
    assert text.line(name) == name
    assert text.prose(f"a\n\n\t{name}\r\n") == f"a\n\n\t{name}\r\n"


def test_marks_that_turn_text_round_are_left_out_of_names() -> None:
    assert text.line("invoice\u202efdp.exe\u2066\u2069") == "invoicefdp.exe"


def test_file_names_are_one_line_of_text() -> None:
    assert title_of("a/b\ud800\u202e\n.log") == "b\ufffd .log"
    assert title_of("\u200b") == "file"


@pytest.mark.django_db
def test_no_way_of_writing_goes_round_the_gate() -> None:
    service = make_service("checkout")
    for write in (
        lambda: Tag(name="\ud800").save(),
        lambda: Tag.objects.bulk_create([Tag(name="\ud800")]),
        lambda: bulk_insert([Tag(name="\ud800")]),
        lambda: Service.objects.filter(pk=service.pk).update(what="\ud800"),
        lambda: Service.objects.bulk_update([Service(pk=service.pk, what="x" * 301)], ["what"]),
        lambda: Tag.objects.get_or_create(name="x" * 61),
        lambda: Tag.objects.create(name="\u200b"),
        lambda: Tag.objects.filter(name="\ud800").first(),
    ):
        with pytest.raises(DomainError), transaction.atomic():
            write()
    Service.objects.filter(pk=service.pk).update(what="a\0\nb")
    service.refresh_from_db()
    assert service.what == "a b"
    assert Tag.objects.filter(name="a\0").first() is None
    (made,) = Tag.objects.bulk_create([Tag(name="gate\x1bway\u2028two")])
    assert made.name == Tag.objects.get().name == "gateway two"


@pytest.mark.django_db
def test_data_holds_what_every_database_can(monkeypatch: pytest.MonkeyPatch) -> None:
    person = make_person(working_days=["a\0\ud800"], days_off=[float("nan")])
    person.refresh_from_db()
    assert person.working_days == ["a\ufffd"]
    assert person.days_off == [None]
    monkeypatch.setattr("followthrough.core.fields.LARGEST_DATA", 100)
    with pytest.raises(DomainError):
        User.objects.filter(pk=person.pk).update(days_off=["x" * 100])


@pytest.fixture
def member(client):
    person = make_person("Ada Okafor", role="administrator")
    client.force_login(person)
    return person


def profile(person: User, **values: Any) -> dict[str, Any]:
    return {
        "name": person.name, "title": "", "zone": "UTC", "work_starts": "09:00", "work_ends": "17:00",
        "working_days": ["0", "1"],
    } | values  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["\u200b", "\u2800", "\u202e\u2066", "\0"])
def test_a_name_that_nobody_can_see_is_refused_beside_its_field(client, member, name):
    answer = client.post("/profile/", profile(member, name=name))
    assert answer.status_code == 200
    assert 'id="id_name_error"' in answer.content.decode()
    member.refresh_from_db()
    assert member.name == "Ada Okafor"


@pytest.mark.django_db
def test_a_name_with_line_ends_cannot_begin_another_line(client, member):
    client.post(
        "/profile/", profile(member, name="A\r\nATTENDEE:mailto:x@example.com", title="\u202eB\u2028C")
    )
    member.refresh_from_db()
    assert (member.name, member.title) == ("A ATTENDEE:mailto:x@example.com", "B C")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["\u200b", "\u3164"])
def test_teams_and_tokens_need_names_too(client, member, name):
    client.post("/teams/new/", {"name": name, "what": ""})
    client.post("/profile/tokens/", {"name": name})
    assert not Team.objects.exists()
    assert not member.api_tokens.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("charset", ["utf-7", "latin-1", "utf-16"])
def test_another_encoding_is_refused_at_every_door(client, charset):
    answer = client.get(
        "/accounts/login/", {"next": "+2AA-"}, headers={"Content-Type": f"text/plain; charset={charset}"}
    )
    assert answer.status_code == 415
    body = '--x\r\nContent-Disposition: form-data; name="login"\r\n\r\n+2AA-\r\n--x--\r\n'
    kind = f"multipart/form-data; boundary=x; charset={charset}"
    assert client.generic("POST", "/accounts/login/", body, content_type=kind).status_code == 415
    assert (
        client.get("/accounts/login/", headers={"Content-Type": "text/plain; charset=UTF-8"}).status_code
        == 302
    )


@pytest.mark.django_db
def test_searching_for_what_is_no_text_finds_nothing(client, member):
    for page in (
        "/incidents/",
        "/incidents/?q=%00",
        "/incidents/?q=%ED%A0%80",
        "/incidents/?tag=%00",
        "/actions/?q=%00a",
    ):
        assert client.get(page).status_code == 200


@pytest.mark.django_db
def test_an_uploaded_file_may_be_called_anything(client, member):
    make_incident()
    row = json.dumps({"title": "One\ud800", "started": "2026-11-20T15:03:00Z"}).encode()
    for name in ("a\n\u202eb.jsonl", "\u200b.jsonl", f"{uuid.uuid4()}\u2028.jsonl"):
        answer = client.post("/incidents/import/", {"files": SimpleUploadedFile(name, row)}, follow=True)
        assert answer.status_code == 200


@pytest.mark.django_db
def test_old_rows_that_hold_controls_are_cleaned_as_they_are_saved() -> None:
    incident = make_incident()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE incidents_incident SET title = %s WHERE id = %s", ["a\nb\x07", incident.pk])
    old = Incident.objects.get(pk=incident.pk)
    old.save()
    assert old.title == Incident.objects.get(pk=incident.pk).title == "a b"
