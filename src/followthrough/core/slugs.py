"""Slugs: the part of an address that a name becomes, free of those that are taken."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.text import slugify

_LONGEST = 70


def free_slug(name: str, *, taken: Collection[str], otherwise: str) -> str:
    """ "checkout-2" where "checkout" is taken; `otherwise` for names without a Latin letter or digit, such as 平台."""
    base = slug_of(name, otherwise=otherwise)
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


def slug_of(name: str, *, otherwise: str) -> str:
    """The slug as if none were taken."""
    return slugify(name)[:_LONGEST].strip("-_") or otherwise
