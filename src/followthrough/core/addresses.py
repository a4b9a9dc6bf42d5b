"""URL allow-list: where a link that somebody typed may lead. Python's only rule; frontend/writing/addresses.ts is its twin."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from followthrough.core.errors import DomainError

LONGEST_LINK = 1000
_INVISIBLE = "\x00-\x20\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff"
"""Control characters and what cannot be seen; browsers drop some of them, so that another address would be followed."""
_LINK = re.compile(rf"(?:https?://|mailto:|/(?![/\\])|#)[^\s<>{_INVISIBLE}]*", re.IGNORECASE)
_WEB = re.compile(r"https?://", re.IGNORECASE)
_web_url = URLValidator(schemes=["http", "https"])


def is_link(address: str) -> bool:
    """Whether a link may lead there: the web, mail, or a place of our own."""
    return _LINK.fullmatch(address) is not None


def is_web_address(address: str) -> bool:
    """Whether it is the whole address of a web page."""
    if not (is_link(address) and _WEB.match(address)):
        return False
    try:
        _web_url(address)
    except (ValidationError, ValueError):
        return False
    return True


def web_address(url: str, *, field: str = "url", limit: int = LONGEST_LINK) -> str:
    """`url` without blanks around it. DomainError where it is no address of a web page, or longer than `limit`."""
    url = url.strip()
    if len(url) > limit:
        raise DomainError(
            f"This link has {len(url):,} characters; {limit:,} fit here. Use a shorter one.", field=field
        )
    if not is_web_address(url):
        raise DomainError("A link begins with https:// or http://. Copy it whole.", field=field)
    return url
