"""The time typed before a line is read in the browser as fast as the line is long."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
UNITS = [" ", "1", ":", "1:", "- ", "[", "1 ", "mon ", "today ", "+1", "1d", "+1h ", "\u0301", "\u2013"]
TEXTS = [
    before + unit * (65_536 // len(unit)) + after
    for unit in UNITS
    for before in ("", "- ", "+1", "[")
    for after in ("", "x")
]
ASK = """
const { buildSync } = require("esbuild");
const built = buildSync({ entryPoints: ["room/typed_time.ts"], bundle: true, format: "cjs", write: false });
const module_ = { exports: {} };
new Function("module", "exports", built.outputFiles[0].text)(module_, module_.exports);
const { readTime, mayBeDated } = module_.exports;
const clock = { previous: null, start: "2026-11-23T14:03:00Z", end: null, zone: "UTC" };
const cases = JSON.parse(require("fs").readFileSync(0, "utf8"));
const spent = (text) => {
  const began = process.cpuUsage();
  readTime(text, clock);
  mayBeDated(text);
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1e6;
};
console.log(JSON.stringify(cases.map(spent)));
"""
MOST_SECONDS = 0.2


def test_no_line_is_slow_to_read() -> None:
    command = [ROOT / "scripts" / "with-node", "node", "-e", ASK]
    done = subprocess.run(
        command,
        cwd=ROOT / "frontend",
        input=json.dumps(TEXTS),
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    )
    took = json.loads(done.stdout)
    assert [(text[:20], one) for text, one in zip(TEXTS, took, strict=True) if one > MOST_SECONDS] == []
