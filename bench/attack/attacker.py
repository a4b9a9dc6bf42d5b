"""One attack by name, against the target that is described as JSON; prints what came back."""

from __future__ import annotations

import asyncio
import json
import sys

from bench.attack.__main__ import ATTACKS
from bench.attack.target import Target


async def main(name: str, target: str) -> None:
    print(await ATTACKS[name](Target(**json.loads(target))))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
