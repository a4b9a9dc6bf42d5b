"""Open rooms close when their session ends: by signing out, by a new password, by deactivation and back."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from tests.live.promptness import within
from tests.live.server import Server
from tests.live.visitor import Visitor, new_entry
from tests.shared_data import run_python

CLOSED_WITHIN_SECONDS = 2.0
IN_ANOTHER_PROCESS = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "followthrough.config.settings"
django.setup()
from followthrough.people import operations
from followthrough.people.models import User
person = User.objects.get(pk={person})
administrator = User.objects.filter(role="administrator").first()
{act}
"""
ACTS = {
    "change": "operations.change_password(person, password='another good phrase', by=person)",
    "reset": "operations.reset_password(person, password='another good phrase')",
    "deactivation": "operations.deactivate(person, by=administrator);operations.reactivate(person, by=administrator)",
}


def _sign_out(server: Server, session: str) -> None:
    token = "x" * 32
    answer = httpx.post(
        f"{server.home}accounts/logout/",
        cookies={"followthrough_session": session, "followthrough_csrf": token},
        data={"csrfmiddlewaretoken": token},
        timeout=30,
    )
    assert answer.status_code == 302


def _act(server: Server, person: str, act: str) -> None:
    run_python("-c", IN_ANOTHER_PROCESS.format(person=person, act=act), data=server.data)


@pytest.mark.parametrize(
    ("way", "which"), [("sign-out", 20), ("change", 21), ("reset", 22), ("deactivation", 23)]
)
def test_rooms_close_when_their_session_ends(server: Server, way: str, which: int) -> None:
    person, session = list(server.organisation["people"].items())[which]

    async def meet() -> None:
        async with Visitor(server, session) as visitor, Visitor(server, server.sessions[0]) as other:
            assert (await visitor.do("entry.add", **new_entry()))["t"] == "ack"
            if way == "sign-out":
                await asyncio.to_thread(_sign_out, server, session)
            else:
                await asyncio.to_thread(_act, server, person, ACTS[way])
            async with within(CLOSED_WITHIN_SECONDS, other):
                await visitor.until(lambda: visitor.closed)
            assert visitor.closed
            assert visitor.closed[0] == 4401
            assert (await other.do("entry.add", **new_entry()))["t"] == "ack"

    asyncio.run(meet())
