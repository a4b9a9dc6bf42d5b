"""What the room shows that is derived from its records."""

from __future__ import annotations

from followthrough.live.wire import Parcel
from followthrough.meetings.gate import gate_of
from followthrough.postmortems.models import PostMortem


def draw(number: int, present: frozenset[int]) -> Parcel:  # noqa: ARG001
    postmortem = PostMortem.objects.select_related("incident", "facilitator").get(pk=number)
    gate = gate_of(postmortem)
    return Parcel(
        {
            "gate": {
                "ready": gate.ready,
                "covered": gate.covered,
                "total": gate.total,
                "left": [
                    {
                        "text": left.text,
                        "finding": str(left.finding),
                        "action": str(left.action) if left.action else None,
                    }
                    for left in gate.left
                ],
            }
        }
    )
