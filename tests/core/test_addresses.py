"""One rule says where links may lead, in Python and in the editor."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from followthrough.core.addresses import is_link, is_web_address, web_address
from followthrough.core.errors import DomainError
from followthrough.core.markdown_html import to_html

ROOT = Path(__file__).parents[2]
CASES = json.loads((Path(__file__).parent / "addresses.json").read_text())
ALL = [*CASES["followed"], *CASES["refused"]]
ASK = """
const { buildSync } = require("esbuild");
const built = buildSync({ entryPoints: ["writing/addresses.ts"], format: "cjs", write: false });
const module_ = { exports: {} };
new Function("module", built.outputFiles[0].text)(module_);
const cases = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(cases.map(module_.exports.isAddress)));
"""


def test_links_lead_to_the_web_to_mail_and_to_pages_here() -> None:
    assert [address for address in ALL if is_link(address)] == CASES["followed"]


def test_the_editor_has_the_same_rule() -> None:
    command = [ROOT / "scripts" / "with-node", "node", "-e", ASK]
    done = subprocess.run(
        command, cwd=ROOT / "frontend", input=json.dumps(ALL), capture_output=True, text=True, check=True
    )
    assert [case for case, said in zip(ALL, json.loads(done.stdout), strict=True) if said] == CASES[
        "followed"
    ]


@pytest.mark.parametrize(
    "address", [*CASES["refused"], "https://", "https://[", "mailto:ops@example.org", "/x", "https://a b"]
)
def test_what_is_no_web_page_is_not_stored_as_one(address: str) -> None:
    assert not is_web_address(address)
    if address == address.strip():
        with pytest.raises(DomainError, match="begins with https"):
            web_address(address)


def test_markdown_follows_the_rule_too() -> None:
    html = to_html(
        "[a](ftp://x.example) [b](//evil.example) ![c](data:image/png;base64,AA) [d](https://x.example)"
    )
    assert html.count("<a ") == 1
    assert "<img" not in html
