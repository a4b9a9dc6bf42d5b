from __future__ import annotations

from pathlib import Path

import pytest
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


@pytest.mark.parametrize("name", Environment.model_fields)
def test_every_variable_is_documented(name: str) -> None:
    assert f"`FOLLOWTHROUGH_{name.upper()}`" in DOCUMENT.read_text()
