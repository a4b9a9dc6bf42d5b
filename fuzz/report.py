"""What a round found."""

from __future__ import annotations

import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import PurePath


@dataclass
class Failure:
    """Something that must not be. Those with the same `cause` are of one kind."""

    cause: str
    where: str
    what: str
    trace: str = ""


@dataclass
class Found:
    """What came of a round: how often each answer, and what failed."""

    answers: Counter[str] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)

    def add(self, other: Found) -> None:
        self.answers += other.answers
        self.failures += other.failures


def failure(error: BaseException | None, where: str, what: str, otherwise: str = "") -> Failure:
    """A failure whose cause is the error and the last line of ours on its way."""
    if error is None:
        return Failure(otherwise, where, what)
    frames = traceback.extract_tb(error.__traceback__)
    ours = [
        frame
        for frame in frames
        if "followthrough" in frame.filename and "fuzz" not in PurePath(frame.filename).parent.name
    ]
    last = ours[-1] if ours else frames[-1] if frames else None
    place = f"{PurePath(last.filename).name}:{last.lineno} {last.name}" if last else "?"
    trace = "".join(traceback.format_exception(error)[-14:])
    return Failure(f"{type(error).__name__} at {place}", where, what, trace[-6_000:])


def tell(found: Found, *, most: int = 3) -> str:
    """The failures by their cause, each with a few examples and one traceback."""
    kinds: dict[str, list[Failure]] = {}
    for one in found.failures:
        kinds.setdefault(one.cause, []).append(one)
    parts = []
    for cause, some in sorted(kinds.items(), key=lambda pair: -len(pair[1])):
        examples = "\n".join(f"  {one.where}: {one.what}" for one in some[:most])
        parts.append(f"{len(some)} × {cause}\n{examples}\n{some[0].trace}")
    return "\n".join(parts)
