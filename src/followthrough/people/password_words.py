"""Words that are too easy to guess in passwords of this product (NIST SP 800-63B 5.1.1.2, context-specific words)."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError

WORDS = (
    "followthrough",
    "postmortem",
    "incident",
    "outage",
    "retrospective",
    "password",
    "passphrase",
    "welcome",
)
"""docs/security.md lists them; the parts of the base URL's host name count too."""
LEAST_OTHER = 8


class ContextWords:
    """Refuses a password that is little more than these words."""

    def validate(self, password: str, user: Any = None) -> None:  # noqa: ARG002 - Django's signature
        """Raises ValidationError where fewer than LEAST_OTHER letters and digits stand beside the words."""
        host = urlsplit(settings.BASE_URL).hostname or ""
        words = (*WORDS, *(part for part in host.split(".") if len(part) > 3 and part.isalpha()))
        letters = re.sub(r"[\W_]+", "", password.lower())
        for word in words:
            letters = letters.replace(word, "")
        if len(letters) < LEAST_OTHER:
            raise ValidationError(
                "This password is little more than words that anybody would try here. Add others."
            )

    def get_help_text(self) -> str:
        """What forms may show."""
        return "It must not be made of words such as followthrough or incident."
