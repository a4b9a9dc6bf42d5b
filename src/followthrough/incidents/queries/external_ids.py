"""Idempotency keys of reports and imports: whether something is here already, as far as the person asking may know (L5).

A key that an incident out of sight has taken is taken once more under a name of the person's own, so that neither the
answer nor a refusal tells of it.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from followthrough.core.text import line
from followthrough.incidents.models import Incident
from followthrough.incidents.queries import visible_to
from followthrough.people.models import User

LONGEST = 200
_OWN = re.compile(r" @\d+$")


def as_stored(key: str) -> str:
    """The key as its field keeps it, since only so it is found again."""
    return line(line(key)[:LONGEST])


def known_to(user: User | None, keys: Collection[str]) -> dict[str, Incident]:
    """{key: the incident that `user` sees under it}; without a user, as the command line runs, every one is seen."""
    rows = Incident.objects.all() if user is None else visible_to(user)
    names = {name: key for key in keys for name in (key, _own(key, user))}
    found = rows.filter(external_id__in=names)
    return {names[row.external_id]: row for row in found if row.external_id}


def free_names(user: User | None, keys: Collection[str]) -> dict[str, str]:
    """{key: what to store for it} for keys that are not known to `user`."""
    taken = set(Incident.objects.filter(external_id__in=keys).values_list("external_id", flat=True))
    return {key: _own(key, user) if key in taken else key for key in keys}


def as_given(external_id: str | None) -> str | None:
    """The key without the mark of whose own it is."""
    return _OWN.sub("", external_id) if external_id else external_id


def _own(key: str, user: User | None) -> str:
    return line(f"{key} @{user.pk}"[-LONGEST:]) if user else key
