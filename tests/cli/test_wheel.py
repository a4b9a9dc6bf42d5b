"""The wheel that the documentation tells people to build works where there is neither Node nor a checkout."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.notifications.smtp_server import open_smtp_server

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
UV = ROOT / ".tools" / "bin" / "uv"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command, installed from the wheel with the versions that the lock file names."""
    if not UV.exists():
        pytest.skip("uv is not in .tools; `make test` puts it there")
    folder = tmp_path_factory.mktemp("wheel")
    _run(UV, "build", "--quiet", "--out-dir", folder / "dist", ROOT)
    (wheel,) = (folder / "dist").glob("*.whl")
    versions = folder / "versions.txt"
    _run(
        UV,
        "export",
        "--quiet",
        "--frozen",
        "--no-dev",
        "--no-emit-project",
        "--no-hashes",
        "--project",
        ROOT,
        "-o",
        versions,
    )
    _run(UV, "venv", "--quiet", folder / "venv")
    python = folder / "venv" / "bin" / "python"
    _run(UV, "pip", "install", "--quiet", "--python", python, "-c", versions, wheel)
    return folder / "venv" / "bin" / "followthrough"


def test_it_answers_takes_an_import_writes_mail_and_paper(installed: Path, tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text("title,started,resolved\nPool drained,2026-11-20 14:03,2026-11-20 15:10\n")
    with open_smtp_server() as (mail_server, port), _serving(installed, tmp_path, port) as (browser, code):
        page = browser.get("/setup/")
        style = page.text.partition('rel="stylesheet" href="')[2].partition('"')[0]
        assert (page.status_code, browser.get(style).status_code) == (200, 200)
        person = {"name": "Priya Nair", "email": "priya@example.org", "password": "kettle on the stove"}
        _post(browser, "/setup/", code=code, zone="Asia/Kolkata", **person)
        brought = _command(installed, tmp_path, "import", str(rows))
        assert "1 of 1 came in" in brought.stdout, brought.stderr
        assert "Pool drained" in browser.get("/incidents/INC-1/").text
        _post(browser, "/incidents/INC-1/postmortem/", reason="The pool drains more often of late.")
        _await(lambda: browser.get("/incidents/INC-1/summary.pdf").content.startswith(b"%PDF"))
        _post(browser, "/accounts/password/reset/", email="priya@example.org")
        _await(lambda: mail_server.mailbox)
    assert [mail["To"] for mail in mail_server.mailbox] == ["Priya Nair <priya@example.org>"]


def _post(browser: httpx.Client, path: str, **form: str) -> None:
    token = browser.cookies["followthrough_csrf"]
    answer = browser.post(path, data=form | {"csrfmiddlewaretoken": token})
    assert answer.status_code in {200, 302}, answer.text


@contextmanager
def _serving(command: Path, folder: Path, mail_port: int) -> Iterator[tuple[httpx.Client, str]]:
    """A browser on the running server, and the code that its terminal shows."""
    settings = _environment(folder) | {"FOLLOWTHROUGH_MAIL_URL": f"smtp://127.0.0.1:{mail_port}"}
    words = [command, "serve", "--port", "0"]
    server = subprocess.Popen(words, env=settings, cwd=folder, stdout=subprocess.PIPE, text=True)
    try:
        said = "".join(
            iter(lambda: server.stdout.readline() if server.stdout else "", "Press Ctrl-C to stop.\n")
        )
        address = said.partition(" is at ")[2].partition("/,")[0]
        with httpx.Client(base_url=address, timeout=60) as browser:
            yield browser, said.partition("one-time code: ")[2].split()[0]
    finally:
        server.terminate()
        server.wait(30)


def _await(is_so: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def _command(command: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [command, *words],
        env=_environment(folder),
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def _environment(folder: Path) -> dict[str, str]:
    """No Node, and nothing of this checkout."""
    return {"PATH": "/usr/bin:/bin", "HOME": str(folder), "FOLLOWTHROUGH_DATA": str(folder / "data")}


def _run(*words: object) -> None:
    subprocess.run(
        [str(word) for word in words], check=True, cwd=ROOT, env=os.environ | {"VIRTUAL_ENV": ""}, timeout=300
    )
