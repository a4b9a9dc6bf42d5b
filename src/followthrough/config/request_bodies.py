"""Request bodies: read whole before a page's thread is asked for, up to a longest length by address, at a least rate.

Whoever sends slowly keeps nobody waiting so, and whoever may not send much is refused before it is read.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings
from django.urls import Resolver404, resolve

from followthrough.config.spool import Spool
from followthrough.core.errors import DomainError
from followthrough.incidents.forms.imports import MAX_UPLOAD_BYTES as IMPORT_BYTES
from followthrough.live import authentication, thread_pools
from followthrough.people.queries import person_of_token

ANYBODY_BYTES = 64 * 1024
"""Of a form by somebody who is not signed in."""
WEBHOOK_BYTES = 512 * 1024
"""What the hook's own page measures; it refuses most of it in words of its own."""
PERSON_BYTES = 1024 * 1024
"""Of a form by somebody who is signed in, and of what a program sends with its token."""
AROUND_FILES_BYTES = 1024 * 1024
"""Of a form's other fields beside its files."""
GRACE_SECONDS = 20.0
LEAST_BYTES_PER_SECOND = 8 * 1024
"""A body may take GRACE_SECONDS, and so much longer as it is long."""

WEBHOOKS = ("/hooks/", "/in/")
Receive = Callable[[], Awaitable[dict[str, Any]]]
Headers = Mapping[str, str]
_disk = ThreadPoolExecutor(2, thread_name_prefix="spool")


class Refused(DomainError):
    """The body is not taken; `status` says why."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"{message} Nothing was saved.")
        self.status = status


async def read_body(scope: Mapping[str, Any], receive: Receive, body: Spool) -> bool:
    """Reads all of a request's body into `body`; False when who sends it has gone. Raises Refused and SpoolFull."""
    headers = authentication.headers_of(scope)
    if headers.get("host", "") == "" and scope["http_version"] != "1.0":
        raise Refused(400, "The request does not say which host it is for.")
    length = _declared_length(headers)
    if length == 0 and "transfer-encoding" not in headers:
        return True
    limit = await _limit(scope, headers, length, _limit_of_anybody(scope["path"]))
    began, more = time.monotonic(), True
    while more:
        message = await _next(receive, began + GRACE_SECONDS + body.length / LEAST_BYTES_PER_SECOND)
        if message["type"] == "http.disconnect":
            return False
        part, more = message.get("body", b""), message.get("more_body", False)
        limit = await _limit(scope, headers, body.length + len(part), limit)
        await _keep(body, part)
    body.rewind()
    return True


async def in_spool_thread(work: Callable[..., Any], *args: Any) -> Any:
    """Runs what touches the disk beside the event loop."""
    return await asyncio.get_running_loop().run_in_executor(_disk, work, *args)


async def _keep(body: Spool, part: bytes) -> None:
    if body.goes_to_disk(len(part)):
        await in_spool_thread(body.write, part)
    else:
        body.write(part)


async def _next(receive: Receive, deadline: float) -> dict[str, Any]:
    try:
        async with asyncio.timeout(max(0.0, deadline - time.monotonic())):
            return await receive()
    except TimeoutError as error:
        raise Refused(408, "It came too slowly: the connection may be bad. Try again.") from error


def _declared_length(headers: Headers) -> int:
    """In bytes; 0 where none is declared, as when it comes in chunks."""
    length = headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit() and len(length) <= 18):
        raise Refused(400, "The request does not say properly how long it is.")
    return int(length)


async def _limit(scope: Mapping[str, Any], headers: Headers, length: int, limit: int) -> int:
    """How long the body may be, `limit` unless it is longer than that; Refused where it is too long for its sender."""
    if length > limit:
        limit = await thread_pools.reading(_limit_of_sender, scope["path"], headers)
    if length > limit:
        raise Refused(413, f"This is more than {_in_words(limit)}, which is too much for this page.")
    return limit


def _limit_of_anybody(path: str) -> int:
    return WEBHOOK_BYTES if path.startswith(WEBHOOKS) else ANYBODY_BYTES


def _limit_of_sender(path: str, headers: Headers) -> int:
    """In bytes, for whoever is signed in and comes from a page of ours; Refused for everybody else."""
    kind, _, token = headers.get("authorization", "").partition(" ")
    if path.startswith("/api/") and kind.lower() == "bearer" and person_of_token(token.strip()):
        return PERSON_BYTES
    if path.startswith(WEBHOOKS):
        return WEBHOOK_BYTES
    if authentication.signed_in(authentication.session_key(headers)) is None:
        raise Refused(
            413, f"More than {_in_words(ANYBODY_BYTES)} is taken only from people who are signed in."
        )
    if settings.CSRF_COOKIE_NAME not in headers.get("cookie", "") or not _comes_from_here(headers):
        raise Refused(403, "It does not come from a page of ours. Load the page again, then send it.")
    return _limit_of_page(path)


def _limit_of_page(path: str) -> int:
    files = {
        "import_incidents": IMPORT_BYTES,
        "timeline:attach": settings.UPLOAD_LIMIT,
        "timeline:paste": settings.UPLOAD_LIMIT,
    }
    try:
        name = resolve(path).view_name
    except Resolver404:
        return ANYBODY_BYTES
    return files[name] + AROUND_FILES_BYTES if name in files else PERSON_BYTES


def _comes_from_here(headers: Headers) -> bool:
    """Browsers name their page's origin whenever they send a form; Django asks for the token once it is there."""
    return "origin" not in headers or authentication.is_same_origin(headers)


def _in_words(length: int) -> str:
    return f"{length // 1024} KB" if length < 1024 * 1024 else f"{length // 1024 // 1024} MB"
