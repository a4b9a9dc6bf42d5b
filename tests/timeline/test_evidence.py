from __future__ import annotations

import json
import struct
import zlib
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from followthrough.activity.models import Activity
from followthrough.core.errors import DomainError
from followthrough.timeline import operations as timeline
from followthrough.timeline.models import Evidence
from tests.factories import make_entry, make_incident, make_person, make_postmortem

pytestmark = pytest.mark.django_db


def picture(kind: str, size: tuple[int, int] = (60, 40), **how: Any) -> bytes:
    target = BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(target, kind, **how)
    return target.getvalue()


PNG, JPEG, GIF, WEBP = (picture(kind) for kind in ("PNG", "JPEG", "GIF", "WEBP"))
PDF = b"%PDF-1.7\n" + b"1 0 obj " * 40
HTML = b"<!doctype html><script>alert(document.domain)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture
def person():
    return make_person("Sana Khan")


@pytest.fixture
def entry():
    return make_entry(make_postmortem())


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def send(client, entry, name, content, **fields):
    return client.post(
        f"/incidents/INC-{entry.postmortem_id}/evidence/",
        {"entry": str(entry.pk), "file": SimpleUploadedFile(name, content), **fields},
        headers={"accept": "application/json"},
    )


def attached(client, person, entry, name, content, **fields):
    client.force_login(person)
    answer = send(client, entry, name, content, **fields)
    assert answer.status_code == 201, answer.content
    return answer.json()


@pytest.mark.parametrize(
    ("name", "content", "media_type", "inline"),
    [
        ("graph.png", PNG, "image/png", True),
        ("graph.exe", JPEG, "image/jpeg", True),
        ("graph.gif", GIF, "image/gif", True),
        ("graph.webp", WEBP, "image/webp", True),
        ("report.html", PDF, "application/pdf", False),
        ("orders.log", "14:11 zu viele Verbindungen – 100 %\n".encode(), "text/plain", False),
    ],
)
def test_files_are_known_by_their_content_and_served_so_that_nothing_runs(
    client, person, entry, name, content, media_type, inline
):
    told = attached(client, person, entry, name, content)
    assert (told["title"], told["media_type"]) == (name, media_type)
    answer = client.get(told["file_url"])
    if inline:
        assert Image.open(BytesIO(answer.content)).size == (60, 40)
    else:
        assert answer.content == content
    assert answer["Content-Type"] == media_type
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'; sandbox" in answer["Content-Security-Policy"]
    assert answer["Content-Disposition"].startswith("inline" if inline else "attachment")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("picture.png", HTML),
        ("picture.svg", SVG),
        ("notes.txt", SVG),
        ("notes.txt", b"14:11 alert\n" + HTML),
        ("notes.txt", b"\x00\x01\x02"),
        ("notes.txt", "caf\xe9".encode("latin-1")),
        ("page.html", b"plain words"),
        ("archive.zip", b"PK\x03\x04" + bytes(50)),
        ("program", b"\x7fELF" + bytes(50)),
    ],
)
def test_whatever_could_run_is_refused_and_nothing_is_kept(client, person, entry, name, content, tmp_path):
    client.force_login(person)
    answer = send(client, entry, name, content)
    assert answer.status_code == 422
    assert answer.json()["field"] == "file"
    assert "was not taken" in answer.json()["message"]
    assert not Evidence.objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_file_over_the_limit_is_refused(client, person, entry, settings):
    settings.UPLOAD_LIMIT = 2 * 1024 * 1024
    client.force_login(person)
    answer = send(client, entry, "graph.png", PNG + bytes(settings.UPLOAD_LIMIT))
    assert answer.status_code == 422
    assert "larger than 2 MB" in answer.json()["message"]


def test_an_upload_that_is_sent_again_is_not_attached_twice(client, person, entry, tmp_path):
    key = str(uuid4())
    assert attached(client, person, entry, "graph.png", PNG, id=key)["id"] == key
    assert attached(client, person, entry, "graph.png", PNG, id=key)["id"] == key
    assert Evidence.objects.count() == 1
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1
    assert send(client, make_entry(entry.postmortem), "graph.png", PNG, id=key).status_code == 409


def test_files_are_stored_under_names_that_say_nothing(client, person, entry, tmp_path):
    attached(client, person, entry, "../../etc/secret plan.png", PNG)
    evidence = Evidence.objects.get()
    path = Path(evidence.file.path)
    assert path.is_relative_to(tmp_path)
    assert "plan" not in path.name
    assert evidence.title == "secret plan.png"
    assert (evidence.added_by, evidence.size) == (person, path.stat().st_size)


def test_evidence_of_a_restricted_incident_is_not_there_for_others(client, person):
    incident = make_incident(visibility="restricted")
    incident.named_people.add(person)
    entry = make_entry(make_postmortem(incident))
    told = attached(client, person, entry, "graph.png", PNG)
    client.force_login(make_person())
    assert client.get(told["file_url"]).status_code == 404
    assert send(client, entry, "graph.png", PNG).status_code == 404
    client.logout()
    assert client.get(told["file_url"]).status_code == 302


def test_evidence_answers_only_below_its_own_incident(client, person, entry):
    told = attached(client, person, entry, "graph.png", PNG)
    other = make_entry(make_postmortem())
    elsewhere = told["file_url"].replace(f"INC-{entry.postmortem_id}/", f"INC-{other.postmortem_id}/")
    assert client.get(elsewhere).status_code == 404
    answer = client.post(
        f"/incidents/INC-{other.postmortem_id}/evidence/",
        {"entry": str(entry.pk), "file": SimpleUploadedFile("graph.png", PNG)},
    )
    assert answer.status_code == 404


def test_stakeholders_attach_nothing(client, entry):
    client.force_login(make_person(role="stakeholder"))
    assert send(client, entry, "graph.png", PNG).status_code == 404


def test_removed_evidence_and_lost_files_are_not_there(client, person, entry):
    told = attached(client, person, entry, "graph.png", PNG)
    Path(Evidence.objects.get().file.path).unlink()
    assert client.get(told["file_url"]).status_code == 404
    told = attached(client, person, entry, "graph.png", PNG)
    timeline.remove_evidence(Evidence.objects.get(pk=told["id"]), by=person)
    assert client.get(told["file_url"]).status_code == 404
    verbs = Activity.objects.filter(record=str(entry.pk)).order_by("seq").values_list("verb", flat=True)
    assert list(verbs) == ["attached evidence to", "attached evidence to", "took evidence from"]
    timeline.restore_evidence(Evidence.objects.get(pk=told["id"]), by=person)
    assert client.get(told["file_url"]).status_code == 200


def test_links_lead_to_web_pages_only(person, entry):
    evidence = timeline.attach_link(entry, url="https://graphs.example.org/d/12", by=person)
    assert (evidence.title, evidence.file_url) == ("graphs.example.org", "")
    with pytest.raises(DomainError, match="https"):
        timeline.attach_link(entry, url="javascript:alert(1)", by=person)


def test_evidence_of_an_anonymous_entry_names_nobody(person, entry):
    entry.anonymous = True
    assert timeline.attach_link(entry, url="https://graphs.example.org/", by=person).added_by is None
    assert Activity.objects.get().actor is None


def test_an_entry_holds_a_bounded_number(person, entry):
    for number in range(20):
        timeline.attach_link(entry, url=f"https://graphs.example.org/{number}", by=person)
    with pytest.raises(DomainError, match="20"):
        timeline.attach_link(entry, url="https://graphs.example.org/21", by=person)


def test_what_is_missing_is_named(client, person, entry):
    client.force_login(person)
    answer = client.post(
        f"/incidents/INC-{entry.postmortem_id}/evidence/",
        {"entry": str(uuid4())},
        headers={"accept": "application/json"},
    )
    assert answer.status_code == 422
    assert json.loads(answer.content)["field"] == "file"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_where_and_with_what_a_picture_was_taken_is_not_kept(client, person, entry, kind):
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "A camera", 6
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)
    told = attached(client, person, entry, "photo", picture(kind, exif=exif))
    content = client.get(told["file_url"]).content
    kept = Image.open(BytesIO(content)).getexif()
    assert dict(kept) == {0x0112: 6}
    assert dict(kept.get_ifd(0x8825)) == {}
    assert b"A camera" not in content


def flood() -> bytes:
    """A PNG of a few bytes that says it is 30,000 by 30,000 pixels."""
    header = b"IHDR" + struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return PNG[:12] + header + struct.pack(">I", zlib.crc32(header)) + PNG[33:]


def film() -> bytes:
    """A GIF of more frames than anybody looks at."""
    frames = [Image.new("L", (4, 4), number % 256) for number in range(400)]
    target = BytesIO()
    frames[0].save(target, "GIF", save_all=True, append_images=frames[1:], duration=20)
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (flood(), "more than 50 million pixels"),
        (film(), "300 frames"),
        (JPEG[:-200], "could not be read as a picture"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "could not be read as a picture"),
        (b"GIF89a" + bytes(200), "could not be read as a picture"),
    ],
)
def test_pictures_that_are_floods_or_damaged_are_refused_in_words(client, person, entry, content, said):
    client.force_login(person)
    answer = send(client, entry, "picture", content)
    assert answer.status_code == 422
    assert said in answer.json()["message"]
    assert not Evidence.objects.exists()
