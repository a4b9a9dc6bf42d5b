"""`make attack`: each attack in turn while people write and pages are looked at; the figures beside their bounds.

`python -m bench.attack NAME …` carries out only those that are named. On this machine's own server only.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path

from bench.attack import inputs, slow, sockets
from bench.attack.target import Target
from bench.attack.witness import Witness, witnessing
from bench.server import environment, serving
from bench.table import heading, row

ATTACKS: dict[str, Callable[[Target], Awaitable[str]]] = {
    function.__name__: function
    for function in (
        slow.slow_clients,
        inputs.big_uploads,
        sockets.surrogates,
        sockets.floods,
        sockets.starved_welcomes,
        inputs.pasted_spaces,
        inputs.hooks,
        inputs.imports,
        inputs.long_texts,
        inputs.odd_numbers,
        inputs.slow_calendars,
        inputs.resets_and_guesses,
        inputs.pdfs,
    )
}
SEED = "import django; django.setup(); from bench.attack import seed; seed.main()"
PAGE_BOUND_SECONDS = 1.0
MEMORY_BOUND = 1.3
SETTLING_SECONDS = 6
RESTING_SECONDS = 70
"""How long the server has after the last attack to give its memory back; its drawing process ends after a minute."""
MB = 1024**2


def main(wanted: list[str]) -> None:
    """Raises SystemExit for unknown names, and with 1 where a bound was not kept."""
    if unknown := set(wanted) - set(ATTACKS):
        raise SystemExit(f"Not an attack: {', '.join(sorted(unknown))}. Attacks: {', '.join(ATTACKS)}.")
    data = Path(tempfile.mkdtemp(prefix="followthrough-attack-"))
    made = _seeded(data)
    with serving(data, demo=False) as (address, pid):
        target = Target(address=address, **made)
        held = asyncio.run(_attack(target, pid, wanted or list(ATTACKS)))
    raise SystemExit(0 if held else 1)


def _seeded(data: Path) -> dict[str, object]:
    settings = {"DJANGO_SETTINGS_MODULE": "followthrough.config.settings"}
    made = subprocess.run(
        [sys.executable, "-c", SEED], check=True, capture_output=True, env=environment(data) | settings
    )
    found = json.loads(made.stdout)
    *others, attacker = found["people"].values()
    kept = ("room", "large", "large_entries", "rooms", "administrator", "hook", "share")
    return {name: found[name] for name in kept} | {"sessions": others, "attacker": attacker}


async def _attack(target: Target, pid: int, wanted: list[str]) -> bool:
    heading("attack, meanwhile", "slowest page", "memory")
    async with witnessing(target, pid) as witness:
        await asyncio.sleep(SETTLING_SECONDS)
        before = witness.memory[-1]
        held = [await _one(target, witness, name) for name in wanted]
        witness.start_again()
        await asyncio.sleep(RESTING_SECONDS)
        held.append(await _afterwards(witness, before))
    return all(held)


async def _one(target: Target, witness: Witness, name: str) -> bool:
    """One attack, in a process of its own so that its work is not taken for the server's."""
    witness.start_again()
    attacker = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.attack.attacker", name, json.dumps(asdict(target)),
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    told = (await attacker.communicate())[0].decode().strip()
    await asyncio.sleep(1)
    slowest, met = witness.slowest(), not witness.failures and witness.slowest() <= PAGE_BOUND_SECONDS
    figures = f"{slowest * 1000:.0f} ms", f"{max(witness.memory) / MB:.0f} MB"
    row(name, *figures, promise=f"≤ 1,000 ms; the attacker got: {told}", met=met)
    for failure in witness.failures[:3]:
        print(f"    {failure}")
    return met


async def _afterwards(witness: Witness, before: int) -> bool:
    """What is left once all is over."""
    after, lost, closed = witness.memory[-1], await witness.lost_entries(), witness.lost_sockets()
    results = [
        (
            "memory before and after",
            f"{before / MB:.0f}→{after / MB:.0f} MB",
            "≤ 1.3×",
            after <= MEMORY_BOUND * before,
        ),
        ("writers' sockets lost", str(len(closed)), "0", not closed),
        (
            "acknowledged entries lost",
            f"{lost} of {len(witness.kept)}",
            "0",
            lost == 0 and bool(witness.kept),
        ),
        ("entries never answered", str(witness.unanswered), "0", witness.unanswered == 0),
    ]
    for name, value, promise, met in results:
        row(name, value, "", promise=promise, met=met)
    return all(met for *_, met in results)


if __name__ == "__main__":
    main(sys.argv[1:])
