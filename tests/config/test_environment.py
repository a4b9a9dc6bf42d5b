from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from pydantic import ValidationError

from followthrough.config.environment import Environment

DOCUMENT = Path(__file__).parents[2] / "docs" / "administration.md"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("UPLOAD_MEGABYTES", "900", "less than or equal to 100"),
        ("BASE_URL", "example.org", "https://followthrough.example.org"),
        ("DATABASE_URL", "mysql://x", "must begin with postgresql://"),
        ("MAIL_URL", "mail.example.org", "smtp://"),
        ("MAIL_URL", "smtp://mailer:p#ss/w0rd@mail.example.org:587", "# as %23"),
        ("MAIL_URL", "smtp://mailer:p/ss@mail.example.org:587", "/ as %2F"),
        ("MAIL_URL", "smtp://mailer:p?ss@mail.example.org:587", "? as %3F"),
        ("MAIL_URL", "smtp://mail.example.org:five", "%23"),
        ("REPLIES_URL", "imaps://answers:p#w@mail.example.org/INBOX", "# as %23"),
        ("LOGLEVEL", "INFO", "Did you mean FOLLOWTHROUGH_LOG_LEVEL?"),
        ("DEMO", "perhaps", "boolean"),
    ],
)
def test_wrong_value_is_refused_with_what_is_right(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    monkeypatch.setenv(f"FOLLOWTHROUGH_{name}", value)
    with pytest.raises(ValidationError) as refusal:
        Environment()
    assert words in str(refusal.value)


def test_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    environment = Environment(data=tmp_path / "new")
    assert environment.signing_key() == environment.signing_key()
    assert len(environment.signing_key()) >= 50
    assert (tmp_path / "new" / "secret.key").stat().st_mode & 0o077 == 0


def test_a_key_that_went_astray_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "followthrough.sqlite3").write_bytes(b"rows")
    with pytest.raises(ImproperlyConfigured, match="secret key is missing"):
        Environment(data=tmp_path).signing_key()
    assert [path.name for path in tmp_path.iterdir()] == ["followthrough.sqlite3"]


@pytest.mark.parametrize(
    "url", ["smtp://ops@example.org:pw@mail.example.org:587", "smtp://a:p%23s@m.example/"]
)
def test_a_password_or_name_that_can_be_read_is_taken(url: str) -> None:
    assert Environment(mail_url=url).mail_url == url


@pytest.mark.parametrize("name", Environment.model_fields)
def test_every_variable_is_documented(name: str) -> None:
    assert f"`FOLLOWTHROUGH_{name.upper()}`" in DOCUMENT.read_text()
