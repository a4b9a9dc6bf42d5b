"""What a socket may say, and that whatever is sent to it can be sent."""

from __future__ import annotations

import asyncio
import json
from itertools import product
from uuid import uuid4

import pytest

from followthrough.core.errors import Conflict
from followthrough.live import protocol
from tests.live.server import Server
from tests.live.visitor import Visitor, new_entry

OP = "4b277e18-cf49-4e3c-aa12-b405cea718a6"
NO_TEXT = ("\\ud800", "\\uDFFF", "x\\udc00\\ud800", "\\ud83d only half")
SAYS = [
    f'{{"t":"say","kind":"{kind}","on":"{text}"}}'
    for kind in ("cursor", "writing", "reaction", "looking", "attention", "hand")
    for text in NO_TEXT
]
COMMANDS = [
    f'{{"t":"do","op":"{OP}","do":"entry.add","args":{{"line":"14:11 {text}"}},"base":null}}'
    for text in NO_TEXT
]
OTHERS = [
    '{"t":"say","kind":"\\ud800","on":"x"}',
    '{"t":"say","kind":["cursor"],"on":"x"}',
    '{"t":"say","kind":"cursor","on":{"a":1}}',
    '{"t":"hello","v":1,"seq":null,"\\ud800":1}',
    '{"t":"open","of":"\\ud800"}',
    '{"t":"open","of":["notes"],"vector":""}',
    f'{{"t":"do","op":"{OP}","do":"\\ud800","args":{{}}}}',
    f'{{"t":"do","op":"{OP}","do":"x","args":{{"\\ud800":1}}}}',
    f'{{"t":"do","op":"{OP}","do":"x","args":[["a","b"]]}}',
    f'{{"t":"do","op":"{OP}","do":"x","args":{{"n":1e400}}}}',
    f'{{"t":"do","op":"{OP}","do":"x","args":{{"n":NaN}}}}',
    f'{{"t":"do","op":"{OP}","do":"x","args":{{"n":-Infinity}}}}',
    f'{{"t":"do","op":"{OP}","do":"x","args":{{}},"base":{2**63}}}',
    f'{{"t":"do","op":"{OP}","do":"x","args":{{}},"base":1.5}}',
    f'{{"t":"do","op":"{OP}","do":"x","args":{{}},"base":"1"}}',
    f'{{"t":"hello","seq":{10**30}}}',
    f'{{"t":"hello","seq":-{10**30}}}',
    '{"t":"hello","seq":true}',
    '{"t":"ping","at":NaN}',
    '{"t":"ping","at":1e308}',
]


@pytest.mark.parametrize("text", [*SAYS, *COMMANDS, *OTHERS])
def test_what_is_no_text_or_no_number_is_not_a_message(text: str) -> None:
    with pytest.raises(protocol.Malformed):
        protocol.read(text)


def test_pairs_of_surrogates_are_characters() -> None:
    assert protocol.read(
        '{"t":"say","kind":"reaction","on":"\\ud83d\\ude00 \\\\ud800"}'
    ) == protocol.PresenceMessage("reaction", "😀 \\ud800")


def test_what_is_said_is_one_short_line() -> None:
    said = protocol.read(json.dumps({"t": "say", "kind": "writing", "on": "a\0\n\u2028\u202eb" + "c" * 100}))
    assert isinstance(said, protocol.PresenceMessage)
    assert said.on.startswith("a b")
    assert len(said.on) <= 80


@pytest.mark.parametrize(
    "value", ["\ud800", float("nan"), float("inf"), {"\udfff": ["\ud800"]}, [float("-inf")]]
)
def test_whatever_is_sent_can_be_sent_and_read(value: object) -> None:
    text = protocol.dump({"t": "said", "on": value})
    assert json.loads(text.encode(), parse_constant=pytest.fail)["t"] == "said"
    refusal = protocol.refusal(uuid4(), Conflict("Changed.", current={"text": value}))
    assert json.loads(protocol.dump(refusal).encode())["t"] == "no"


def test_half_a_character_closes_the_senders_socket_and_no_other(server: Server) -> None:
    async def meet() -> None:
        async with Visitor(server, server.sessions[0]) as other:
            for text in (SAYS[0], SAYS[4], SAYS[8], SAYS[12], COMMANDS[0]):
                async with Visitor(server, server.sessions[1]) as one:
                    await one.send(text)
                    await one.until(lambda one=one: one.closed)
                    assert one.closed
                    assert one.closed[0] == 4400
            assert (await other.do("entry.add", **new_entry("14:12 still here")))["t"] == "ack"
            assert other.closed is None

    asyncio.run(meet())


def test_numbers_that_do_not_fit_are_refused_in_words(server: Server) -> None:
    async def meet() -> None:
        async with Visitor(server, server.sessions[0]) as one:
            cause = {"id": str(uuid4()), "text": "a", "parent": None}
            for position in (10**400, 10**20, -(10**30)):
                answer = await one.do("cause.add", **cause, position=position)
                assert (answer["t"], answer["status"], answer["field"]) == ("no", 422, "position")
            for users in (2**64, -1, 10**400, "9" * 5000):
                answer = await one.do("impact.change", users_affected=users)
                assert (answer["t"], answer["status"]) == ("no", 422), users
                assert answer["field"] == "users_affected", answer

    asyncio.run(meet())


def test_only_fields_of_the_impact_are_its_arguments(server: Server) -> None:
    """No other name of the record is read, nor one of what carries the command out."""
    names = ("__dict__", "_state", "_meta", "delete", "by", "base", "incident", "version", "pk", "")

    async def meet() -> None:
        async with Visitor(server, server.sessions[0]) as one:
            for name, base in product(names, (None, -5)):
                op = str(uuid4())
                await one.send({"t": "do", "op": op, "do": "impact.change", "args": {name: 1}, "base": base})
                await one.until(lambda op=op: op in one.answers)
                answer = one.answers[op]
                assert (answer["t"], answer["status"], answer["current"]) == ("no", 422, None), name
                assert "no field" in answer["message"]

    asyncio.run(meet())
