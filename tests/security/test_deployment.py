"""What an installation is told by its settings, as a process of its own reads them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cli.commands import serving

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "followthrough"
SCRIPTS = [path for path in (ROOT / "frontend").rglob("*.ts*") if "node_modules" not in path.parts]


@pytest.mark.slow
def test_cookies_are_bound_to_their_host_where_the_site_has_tls(tmp_path: Path) -> None:
    base = "https://post.example.org"
    with serving(tmp_path, FOLLOWTHROUGH_BASE_URL=base) as (address, _):
        answer = httpx.get(f"{address}/setup/", headers={"Host": "post.example.org"})
    for line in answer.headers.get_list("set-cookie"):
        (name, cookie), *_ = SimpleCookie(line).items()
        assert name.startswith("__Host-")
        assert cookie["secure"]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert (cookie["path"], cookie["domain"]) == ("/", "")


TELL = """
import json, django
django.setup()
from django.conf import settings
from django.contrib.auth.hashers import make_password
print(json.dumps({
    "names": [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.DEVICE_COOKIE_NAME],
    "debug": settings.DEBUG, "demo": settings.DEMO,
    "options": settings.DATABASES["default"]["OPTIONS"], "hash": make_password("x"),
}))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The settings of a new installation with TLS and PostgreSQL."""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "followthrough.config.settings",
        "FOLLOWTHROUGH_DATA": str(tmp_path_factory.mktemp("data")),
        "FOLLOWTHROUGH_BASE_URL": "https://post.example.org",
        "FOLLOWTHROUGH_DATABASE_URL": "postgresql://a:b@db/c?sslmode=verify-full",
    }
    done = subprocess.run(
        [sys.executable, "-c", TELL], env=environment, capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_cookie_names_are_those_of_one_host(told: dict[str, Any]) -> None:
    assert all(name.startswith("__Host-") for name in told["names"])


def test_debugging_and_the_sample_are_off(told: dict[str, Any]) -> None:
    assert (told["debug"], told["demo"]) == (False, False)


def test_the_database_can_be_asked_for_tls(told: dict[str, Any]) -> None:
    assert told["options"] == {"sslmode": "verify-full"}


def test_passwords_are_stored_slowly(told: dict[str, Any]) -> None:
    algorithm, rounds, _ = told["hash"].split("$", 2)
    assert algorithm == "pbkdf2_sha256"
    assert int(rounds) >= 600_000
