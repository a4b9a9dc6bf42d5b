"""A real SMTP server that keeps what it was sent, and refuses whom it is told to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from tests.ports import ReservedPort


@dataclass
class SmtpServer:
    """`letters` in the order of arrival; `refusals` are {address: answer}."""

    mailbox: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)
    connections: int = 0

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.raw.append(envelope.content)
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.mailbox.append(letter)
        return "250 OK"


@contextmanager
def open_smtp_server() -> Iterator[tuple[SmtpServer, int]]:
    """The box and its port, until the end of the block."""
    box = SmtpServer()
    with ReservedPort() as port:
        controller = Controller(box, hostname="127.0.0.1", port=port)
        controller.start()
        try:
            yield box, port
        finally:
            controller.stop()
