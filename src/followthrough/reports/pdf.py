"""The PDF of a summary: rendered by a process of its own, one at a time, and cached by what it says.

A page waits a moment for it; what takes longer is fetched by a page that shows progress, so that no thread is held.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from followthrough.activity.models import Activity
from followthrough.core.assets import BUILD
from followthrough.core.errors import DomainError
from followthrough.reports.exports import pdf_inputs
from followthrough.reports.models import Summary
from followthrough.reports.queries.assembly import actions_of, current
from followthrough.reports.queries.spoken import settled_now
from followthrough.reports.report import Report

RENDER_SECONDS = 40
RENDER_BYTES = 3_000_000_000
"""Address space of the process; what it really takes is a tenth of that."""
PATIENCE_SECONDS = 0.9
"""How long a page waits before it shows progress instead."""
WAITING_PAGES = 2
"""So many pages may wait at a time; there are four threads for all."""
DRAFT_SECONDS = 600
"""How long a draft's PDF, or the word that there can be none, is used."""
_PASSED_ON = {"PATH", "PYTHONPATH", "SYSTEMROOT", "TMPDIR"}
_REFUSED = "This summary is too long for a PDF. Nothing is lost: take it as HTML or Markdown instead."

_waiting = threading.BoundedSemaphore(WAITING_PAGES)


class _Slot:
    """At most one PDF is in the making."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._key = ""
        self._made: Future[bytes] | None = None

    def start(self, key: str, report: Callable[[], Report]) -> Future[bytes] | None:
        """The PDF `key` in the making, begun now if nothing else is; None while another is."""
        with self._lock:
            if self._made and not self._made.done():
                return self._made if self._key == key else None
            self._key, made = key, Future[bytes]()
            self._made = made
        try:
            text = report()
        except BaseException as error:
            made.set_exception(error)
            raise
        threading.Thread(target=_make, args=[made, key, text], name="pdf", daemon=True).start()
        return made


_slot = _Slot()


def find_or_render(summary: Summary, *, wait: bool) -> bytes | None:
    """The PDF of what readers see now, or None while it is not ready; with `wait`, a moment is given to it.

    DomainError where it cannot be made.
    """
    key = _key(summary)
    if found := _cached(key):
        return found
    made = _slot.start(key, lambda: current(summary))
    if made is None or not (wait and _waiting.acquire(blocking=False)):
        return None
    try:
        return made.result(PATIENCE_SECONDS)
    except TimeoutError:
        return None
    finally:
        _waiting.release()


def render(report: Report) -> bytes:
    """An A4 document, made by typst in a process of its own. DomainError if that takes too much of anything."""
    asked = {
        "template": str(Path(__file__).parent / "typst" / "summary.typ"),
        "fonts": str(BUILD / "fonts"),
        "inputs": pdf_inputs(report),
        "bytes": RENDER_BYTES,
        "seconds": RENDER_SECONDS,
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", "followthrough.reports.pdf_process"],
            input=json.dumps(asked).encode(),
            env={name: value for name, value in os.environ.items() if name in _PASSED_ON},
            stdout=subprocess.PIPE,
            timeout=RENDER_SECONDS,
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise DomainError(_REFUSED) from error
    return done.stdout


def _make(made: Future[bytes], key: str, report: Report) -> None:
    try:
        content = render(report)
        _keep(key, content)
        made.set_result(content)
    except Exception as error:  # noqa: BLE001 - whoever waits is told
        with suppress(OSError):
            _keep(key, b"")
        made.set_exception(error)


def _key(summary: Summary) -> str:
    """Names what the PDF says: the version that was published with its actions, or how far the draft's log is."""
    if summary.published is None:
        last = Activity.objects.filter(topic=summary.topic).order_by("-seq").values_list("seq", "at").first()
        said = f"draft {summary.version} {last}"
    else:
        live = [row.model_dump_json() for row in actions_of(summary.postmortem)]
        said = f"{summary.published_at} {live} {sorted(settled_now(summary.postmortem).items())}"
    kind = "draft" if summary.published is None else "published"
    return f"{summary.pk}-{kind}-{sha256(said.encode()).hexdigest()}"


def _cached(key: str) -> bytes | None:
    """What was kept. DomainError where it was found that there can be none."""
    path = settings.PDF_ROOT / f"{key}.pdf"
    try:
        content, age = path.read_bytes(), time.time() - path.stat().st_mtime
    except OSError:
        return None
    if age > DRAFT_SECONDS and ("-draft-" in key or not content):
        return None
    if not content:
        raise DomainError(_REFUSED)
    return content


def _keep(key: str, content: bytes) -> None:
    """Stores the PDF, or that there is none, in place of the summary's earlier ones."""
    folder: Path = settings.PDF_ROOT
    folder.mkdir(mode=0o700, exist_ok=True)
    pk = key.partition("-")[0]
    before = [path for path in folder.glob(f"{pk}-*.pdf") if path.stem != key]
    fresh = folder / f"{key}.{threading.get_ident()}.new"
    fresh.touch(mode=0o600)
    fresh.write_bytes(content)
    fresh.replace(folder / f"{key}.pdf")
    for path in before:
        path.unlink(missing_ok=True)
