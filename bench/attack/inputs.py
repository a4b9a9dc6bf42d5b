"""Small requests that cost much: quadratic readers, bombs, floods, and waiting for other machines."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from collections.abc import Awaitable, Iterable
from typing import Any

import httpx

from bench.attack.target import Target

MINUTE = "14:11 a"


async def pasted_spaces(target: Target) -> str:
    """Lines, messages and payloads of nothing but spaces, in the room's paste."""
    message = [{"type": "message", "user": "U1", "ts": "1763647860.000100", "text": " " * 30_000 + "b"}]
    alert = {"startsAt": "2026-11-20T14:03:00Z", "annotations": {"summary": " " * 40_000 + "b"}}
    async with target.inside() as client:
        return await _together(
            _paste(client, target, text=MINUTE + " " * 70_000 + "b"),
            _paste(client, target, text=MINUTE + " " * 400_000 + "b"),
            _paste(client, target, text=json.dumps({"alerts": [alert]})),
            _paste(client, target, text="[" * 100_000),
            _paste(client, target, file=_zip({"general/2026-11-20.json": json.dumps(message)})),
            _paste(client, target, file=_zip({"general/2026-11-20.json": " " * 7_900_000})),
            _paste(client, target, file=_zip({f"general/{day}.json": "[]" for day in range(49_000)})),
        )


def _paste(
    client: httpx.AsyncClient, target: Target, *, text: str = "", file: bytes = b""
) -> Awaitable[httpx.Response]:
    path = f"/incidents/INC-{target.room}/timeline/paste/"
    if file:
        return client.post(path, files={"file": ("export.zip", file)})
    return client.post(path, json={"text": text})


def _zip(files: dict[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return packed.getvalue()


async def hooks(target: Target) -> str:
    """Webhook bodies with long numbers, deep brackets and thousands of services, with and without the secret."""
    payloads = [
        {"title": "a", "duration": "1" * 20_000 + "x"},
        {"title": "a", "duration": "1" * 200_000 + "x"},
        {"title": "b", "services": [f"service-{number}" for number in range(3_000)]},
        {"title": "\ud800"},
        {"title": "c", "url": "http://["},
        {"title": "d", "date": "Mon, 01 Jan 99999999999999999999 00:00:00 +0000"},
    ]
    async with target.outside() as client:
        own = [client.post(f"/hooks/{target.hook}/", json=payload) for payload in payloads]
        deep = [client.post("/hooks/any/", content="[" * 100_000) for _ in range(40)]
        return await _together(*own, *deep)


async def imports(target: Target) -> str:
    """Files whose preview is dear: aliases that multiply (YAML bombs), deep brackets, wide tables, huge numbers."""
    bomb = "---\na0: &a0 [" + ", ".join(["lol"] * 9) + "]\n"
    bomb += "".join(f"a{n}: &a{n} [" + ", ".join([f"*a{n - 1}"] * 9) + "]\n" for n in range(1, 9))
    files = {
        "bomb.md": bomb + "title: x\n---\ntext\n",
        "deep.md": f"---\na: {'[' * 3_000}\n---\n",
        "deep.json": "[" * 200_000,
        "long.md": f"---\ntitle: x\nseverity: {'9' * 5_000}\n---\n",
        "wide.csv": ",".join(f"c{n}" for n in range(5_000)) + "\n" + "1," * 5_000,
        "span.csv": "title,duration\na," + "1" * 60_000 + "x\n",
        "field.csv": "title\n" + "a" * 17_000_000,
    }
    async with target.inside() as client:
        return await _together(*(_import(client, name, text) for name, text in files.items()))


async def _import(client: httpx.AsyncClient, name: str, text: str) -> httpx.Response:
    kept = await client.post("/incidents/import/", files={"upload": (name, text.encode())})
    return await client.get(kept.headers["Location"]) if "Location" in kept.headers else kept


async def long_texts(target: Target) -> str:
    """Texts whose Markdown is dear to draw, saved once and looked at often."""
    here = f"/incidents/INC-{target.room}/"
    longest = [
        mark * count for mark, count in (("[", 2_400_000), ("[", 20_000), ("[@", 24_000), ("*_", 10_000))
    ]
    async with target.inside() as client:
        told = [
            await _together(
                client.post(f"{here}summary/prose/", data={"section": "what_happened", "text": text}),
                client.post(f"{here}edit/", data={"what_happened": text}),
            )
            for text in longest
        ]
        looks = [
            client.get(path) for path in (here, f"{here}summary/", f"{here}summary.md") for _ in range(4)
        ]
        return "; ".join([*told, await _together(*looks)])


async def big_uploads(target: Target) -> str:
    """150 MB each to the sign-in page, by nobody."""
    async with target.outside() as client:
        return await _together(*(_big_upload(client) for _ in range(4)))


async def _big_upload(client: httpx.AsyncClient) -> httpx.Response:
    return await client.post("/accounts/login/", files={"login": ("a.bin", _Zeros(150 * 1024 * 1024))})


class _Zeros(io.RawIOBase):
    """A file of so many bytes that takes no memory."""

    def __init__(self, length: int) -> None:
        self._length, self._at = length, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = offset + (0, self._at, self._length)[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, size: int = -1) -> bytes:
        given = min(size if size >= 0 else self._length, self._length - self._at)
        self._at += given
        return bytes(given)


async def slow_calendars(target: Target) -> str:
    """Calendars on a machine that takes the connection and never answers."""

    async def never(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(30)
        writer.close()

    silent = await asyncio.start_server(never, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{silent.sockets[0].getsockname()[1]}/calendar.ics"
    form = {"kind": "address", "address-name": "Work", "address-address": address}
    async with target.inside() as client:
        told = await _together(*(client.post("/profile/calendars/", data=form) for _ in range(8)))
    silent.close()
    return told


async def resets_and_guesses(target: Target) -> str:
    """Passwords guessed and reset mails asked for, many at a time."""
    async with target.outside() as client:
        resets = [
            client.post("/accounts/password/reset/", data={"email": f"nobody{number}@example.org"})
            for number in range(40)
        ]
        guesses = [
            client.post("/accounts/login/", data={"login": "ada.admin@example.org", "password": "x" * 20})
            for _ in range(40)
        ]
        return await _together(*resets, *guesses)


async def pdfs(target: Target) -> str:
    """The PDF of a large post-mortem, by a link that needs no account and by a member."""
    async with target.outside() as outside, target.inside() as inside:
        return await _together(
            *(outside.get(f"/s/{target.share}/summary.pdf") for _ in range(6)),
            *(inside.get(f"/incidents/INC-{target.large}/summary.pdf") for _ in range(4)),
        )


async def odd_numbers(target: Target) -> str:
    """Numbers that are none, where pages take one."""
    odd = ["²", "9" * 5_000, "-1", "1e400", "NaN"]
    paths = [
        f"/incidents/INC-{target.room}/schedule/?minutes={{}}",
        "/incidents/?page={}",
        "/actions/?page={}",
    ]
    async with target.inside() as client:
        return await _together(*(client.get(path.format(number)) for path in paths for number in odd))


async def _together(*requests: Awaitable[Any]) -> str:
    """Sends all at once: how often which status came back, and what was never answered."""
    answers = await asyncio.gather(*requests, return_exceptions=True)
    return _counted(
        answer.status_code if isinstance(answer, httpx.Response) else "none" for answer in answers
    )


def _counted(statuses: Iterable[int | str]) -> str:
    found = [str(status) for status in statuses]
    return ", ".join(f"{found.count(status)} × {status}" for status in sorted(set(found)))
