"""Times typed by people are read alike by the server and in the browser: both read the same cases."""

from __future__ import annotations

import json
import subprocess
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from followthrough.timeline.typed_times import read_line

ROOT = Path(__file__).parents[2]
TOLD = json.loads((ROOT / "tests/fixtures/typed_times.json").read_text())
CASES = [(*case, days) for name, days in (("cases", False), ("days", True)) for case in TOLD[name]]
ASK = """
const { buildSync } = require("esbuild");
const built = buildSync({ entryPoints: ["room/typed_time.ts"], bundle: true, format: "cjs", write: false });
const module_ = { exports: {} };
new Function("module", "exports", built.outputFiles[0].text)(module_, module_.exports);
const { told, cases } = JSON.parse(require("fs").readFileSync(0, "utf8"));
const clock = (days) => ({ previous: null, start: told.start, end: told.end, zone: told.zone, today: told.today, days });
const read = ([typed, , , days]) => module_.exports.readTime(typed, clock(days));
console.log(JSON.stringify(cases.map(read)));
"""


@pytest.mark.parametrize(("typed", "at", "words", "days"), CASES)
def test_the_server_reads_it(typed: str, at: str | None, words: str, *, days: bool) -> None:
    start, end = (datetime.fromisoformat(TOLD[name]) for name in ("start", "end"))
    today, zone = date.fromisoformat(TOLD["today"]), ZoneInfo(TOLD["zone"])
    read = read_line(typed, start=start, zone=zone, previous=None, today=today, end=end, days=days)
    assert (read.happened_at and f"{read.happened_at:%Y-%m-%dT%H:%M:%SZ}") == at
    assert read.text == (words if at else typed)


def test_the_browser_reads_it() -> None:
    done = subprocess.run(
        [ROOT / "scripts" / "with-node", "node", "-e", ASK],
        cwd=ROOT / "frontend",
        input=json.dumps({"told": TOLD, "cases": CASES}),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    read: list[dict[str, Any]] = json.loads(done.stdout)
    told = [(typed, at, words if at else typed) for typed, at, words, _ in CASES]
    seen = [
        (typed, one["at"].replace(".000", "") if one["given"] else None, one["text"])
        for (typed, *_), one in zip(CASES, read, strict=True)
    ]
    assert seen == told
