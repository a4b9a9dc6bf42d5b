"""The one-time code that guards making the first administrator."""

from __future__ import annotations

import base64

from django.utils.crypto import constant_time_compare, salted_hmac


def setup_code() -> str:
    """The code printed in the terminal: 60 bits that only who has the secret key can know.

    It is worthless as soon as there is anybody, because the set-up page is gone then.
    """
    random = salted_hmac(
        "followthrough.people.setup_code", "first administrator", algorithm="sha256"
    ).digest()
    letters = base64.b32encode(random).decode()
    return "-".join(letters[start : start + 4] for start in range(0, 12, 4))


def is_setup_code(typed: str) -> bool:
    """Whether `typed` is the code, whatever its case and spaces; takes the same time either way."""
    return constant_time_compare(typed.strip().upper().replace(" ", "-"), setup_code())
