"""docs/security.md lists every requirement once, names tests that exist, and says what the code says."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.signing import Signer, TimestampSigner

from followthrough.actions.reminder_links import LASTS as REMINDER_LASTS
from followthrough.people.models import User
from followthrough.people.operations import INVITATION_LASTS
from followthrough.people.password_words import WORDS
from followthrough.people.throttling import KNOWN_FOR
from followthrough.timeline.media_types import ENDINGS

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "followthrough"
DOCUMENT = (ROOT / "docs" / "security.md").read_text()
PROMISES = (ROOT / "SECURITY.md").read_text()
STATES = {"held", "does not apply", "open"}
LAST_OF_SECTIONS = (
    "1.1:2 1.2:9 1.3:11 1.4:3 1.5:2 2.1:3 2.2:3 2.3:4 2.4:1 3.2:2 3.3:4 3.4:6 3.5:5 3.7:2 4.1:3 4.2:1 "
    "4.3:2 4.4:4 5.1:1 5.2:3 5.3:2 5.4:3 6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4 7.1:3 7.2:4 7.3:2 "
    "7.4:5 7.5:2 7.6:2 8.1:2 8.2:3 8.3:1 8.4:1 9.1:3 9.2:4 10.1:2 10.2:2 10.3:4 10.4:11 10.5:5 10.6:2 "
    "10.7:3 11.1:2 11.2:3 11.3:3 11.4:4 11.5:1 11.6:1 12.1:3 12.2:2 12.3:4 13.1:1 13.2:5 13.3:2 13.4:5 "
    "14.1:2 14.2:4 14.3:3 15.1:3 15.2:3 15.3:7 16.1:1 16.2:5 16.3:4 16.4:3 16.5:3 17.1:1 17.2:4 17.3:2 "
)
"""The last requirement of levels 1 and 2 in each section of ASVS 5.0; they are numbered from 1."""


def _rows() -> list[tuple[str, str, str]]:
    """(number, state, by what) of each requirement."""
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in DOCUMENT.splitlines()]
    return [(row[0], row[2], row[3]) for row in cells if re.fullmatch(r"\d+\.\d+\.\d+", row[0])]


def _named(text: str) -> set[str]:
    return set(re.findall(r"[\w/]*test_\w+::\w+", text))


def test_every_requirement_stands_here_once() -> None:
    sections = (part.split(":") for part in LAST_OF_SECTIONS.split())
    numbers = [f"{section}.{one}" for section, last in sections for one in range(1, int(last) + 1)]
    assert len(numbers) == 253
    assert [number for number, _, _ in _rows()] == numbers


def test_states_are_one_of_three_and_say_why() -> None:
    assert {state for _, state, _ in _rows()} == STATES
    assert not [number for number, _, why in _rows() if len(why) < 5]


def test_what_is_held_names_a_test() -> None:
    assert not [number for number, state, by in _rows() if state == "held" and not _named(by)]


def test_every_promise_names_a_test_or_a_row() -> None:
    promises = PROMISES.partition("## What the product promises")[2].partition("\n## ")[0].split("\n- ")[1:]
    assert len(promises) >= 5
    for promise in promises:
        numbers = set(re.findall(r"\b\d+\.\d+\.\d+\b", promise))
        held = {number for number, state, _ in _rows() if state == "held"}
        assert numbers <= held, promise
        assert numbers or _named(promise), promise


@pytest.mark.parametrize("test", sorted(_named(DOCUMENT) | _named(PROMISES)))
def test_every_test_named_exists(test: str) -> None:
    path, _, function = test.partition("::")
    text = (ROOT / "tests" / f"{path}.py").read_text()
    assert re.search(rf"^(?:async )?def {function}\(", text, re.MULTILINE)


def test_roles_are_those_of_the_code() -> None:
    (head,) = [line for line in DOCUMENT.splitlines() if line.startswith("| | administrator")]
    assert {role.value for role in User.Role} <= set(head.replace("|", " ").split())


def test_numbers_of_the_ways_in_are_those_of_the_code() -> None:
    (least,) = [one["OPTIONS"] for one in settings.AUTH_PASSWORD_VALIDATORS if "MinimumLength" in one["NAME"]]
    assert f"{least['min_length']} characters or more" in DOCUMENT
    reset = settings.PASSWORD_RESET_TIMEOUT // 86_400
    assert f"{INVITATION_LASTS.days} days, {reset} days, or when used" in DOCUMENT
    idle, longest = settings.SESSION_COOKIE_AGE // 3600, settings.SESSION_LONGEST_SECONDS // 86_400
    assert f"{idle} hours idle, {longest} days in any case" in DOCUMENT
    assert f"the meeting; {REMINDER_LASTS.days} days; never" in DOCUMENT
    assert f"known addresses after {KNOWN_FOR.days} days" in DOCUMENT


def test_words_that_make_no_password_are_listed() -> None:
    (line,) = [line for line in DOCUMENT.splitlines() if line.startswith("Words that make no password")]
    assert re.findall("`(.+?)`", line) == list(WORDS)


def test_kinds_of_files_are_those_of_the_code() -> None:
    (line,) = [line for line in DOCUMENT.splitlines() if line.startswith("| evidence |")]
    assert set(re.findall("`([a-z]+)`", line)) == set(ENDINGS.values())


def _sources() -> dict[str, str]:
    return {
        str(path.relative_to(PACKAGE)): path.read_text()
        for path in PACKAGE.rglob("*.py")
        if "migrations" not in path.parts
    }


def _imports(text: str) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


def test_names_in_signatures_are_those_of_the_code() -> None:
    pattern = re.compile(r"(?:\bSALT = |_SALT = |salted_hmac\()\"([\w.]+)\"")
    used = {name for text in _sources().values() for name in pattern.findall(text)}
    assert len(used) >= 5
    assert not [name for name in used if f"`{name}`" not in DOCUMENT]
    assert Signer().algorithm == TimestampSigner().algorithm == "sha256"


CRYPTOGRAPHY = {"hashlib", "hmac", "secrets", "Crypto", "nacl", "cryptography"}
CIPHERS = {"core/encryption.py"}


def test_cryptography_comes_from_libraries() -> None:
    """Ciphers in one place, by Fernet alone; digests by hashlib, MD5 only for HTTP Digest."""
    for name, text in _sources().items():
        ciphers = {one for one in _imports(text) if one.split(".")[0] in {"cryptography", "Crypto", "nacl"}}
        assert ciphers <= ({"cryptography.fernet"} if name in CIPHERS else set()), name
        if re.search(r"hashlib\.(?:md5|sha1)\(", text):
            assert name == "calendars/digest_auth.py"
    assert all("Fernet" in _sources()[name] for name in CIPHERS)


SPEAKING = {
    "http.client",
    "urllib.request",
    "smtplib",
    "imaplib",
    "ftplib",
    "ssl",
    "httpx",
    "requests",
    "dns",
    "redis",
    "caldav",
}


def test_who_speaks_with_others_is_listed() -> None:
    speaking = {
        name
        for name, text in _sources().items()
        if any(one in SPEAKING or one.split(".")[0] in SPEAKING for one in _imports(text))
    }
    assert len(speaking) > 5
    assert not [name for name in speaking if f"`{name}`" not in DOCUMENT]


def test_loggers_are_listed() -> None:
    calls = [call for text in _sources().values() for call in re.findall(r"getLogger\((.*?)\)", text)]
    assert set(calls) <= {"__name__", '"followthrough.security"'}
    assert list(settings.LOGGING["handlers"]) == ["stderr"]
    assert {"followthrough.security", "django.request"} <= set(re.findall("`([a-z.]+)`", DOCUMENT))
