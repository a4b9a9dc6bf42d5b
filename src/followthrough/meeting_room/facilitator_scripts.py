"""Scripts for a facilitator: words that help to open a meeting and to pass the turn."""

from __future__ import annotations

OPENING = (
    "We are here to learn how this could happen, not who let it happen. Everyone did what made sense with what "
    "they knew and had at the time. What we decide will be shared, and we meet again in two weeks to see whether it held."
)

TURNS = (
    (
        "“They should have checked.”",
        "What made it look right at the time? What would have made the difference visible?",
    ),
    ("“It was human error.”", "What allowed one act to reach production? Which step could have stopped it?"),
    (
        "“Nobody noticed for an hour.”",
        "Which signal would have shown it, and where would it have had to arrive?",
    ),
    (
        "“We just need to be more careful.”",
        "If careful people did this, what would make the careful way the easy one?",
    ),
    ("“The other team was slow.”", "What did they see at that moment? How did the handover reach them?"),
    ("“Why did you do that?”", "How did it look from where you were? What did you expect to happen?"),
)
"""(what is said, what to ask then)."""
