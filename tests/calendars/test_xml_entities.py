"""XML of a calendar server fetches no file and no address, and does not grow (XXE, billion laughs)."""

from __future__ import annotations

from email.message import Message
from pathlib import Path
from typing import Any

import pytest

from followthrough.calendars.caldav_client import Server
from followthrough.core.safe_http import HttpAnswer

ADDRESS = "https://192.0.2.1/ana/"
LISTING = """<?xml version="1.0"?>
<!DOCTYPE d [{declared}]>
<d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:response><d:href>/ana/</d:href>
<d:propstat><d:prop><d:displayname>{name}</d:displayname><d:resourcetype><d:collection/><c:calendar/></d:resourcetype>
<c:supported-calendar-component-set><c:comp name="VEVENT"/></c:supported-calendar-component-set>
</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response></d:multistatus>"""


class Says:
    """Stands for the network: answers everything with one text, and keeps what was asked for."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.asked: list[str] = []

    def request(self, method: str, address: str, **_: Any) -> HttpAnswer:
        self.asked.append(address)
        headers = Message()
        headers["Content-Type"] = "application/xml; charset=utf-8"
        return HttpAnswer(207, "Multi-Status", headers, self.text.encode(), address)


def _read(declared: str, name: str) -> tuple[str, Says]:
    """All that could be read, and what was asked for meanwhile."""
    network = Says(LISTING.format(declared=declared, name=name))
    try:
        found = Server(network, ADDRESS, "ana", "s3").calendars()  # type: ignore[arg-type]
    except Exception as error:  # noqa: BLE001 - refusing is as good; what it says must not tell either
        return repr(error), network
    return repr([(str(one.url), one.get_display_name()) for one in found]), network


def test_a_plain_answer_is_read() -> None:
    assert "Team" in _read("", "Team")[0]


@pytest.mark.parametrize("kind", ["", "% "])
def test_no_file_of_this_machine_is_read(tmp_path: Path, kind: str) -> None:
    (tmp_path / "secret").write_text("kettle")
    told, _ = _read(f'<!ENTITY {kind}x SYSTEM "file://{tmp_path}/secret"> {"%x;" if kind else ""}', "&x;")
    assert "kettle" not in told


def test_entities_do_not_multiply() -> None:
    layers = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
    told, _ = _read(f'<!ENTITY e0 "kettle">{layers}', "&e8;")
    assert len(told) < 100_000
