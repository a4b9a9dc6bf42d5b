"""The summary that a page is about."""

from __future__ import annotations

from followthrough.people.models import User
from followthrough.postmortems import queries as postmortems
from followthrough.reports import operations, queries
from followthrough.reports.models import Summary


def find_summary(user: User, incident: int) -> Summary:
    """The summary as `user` may see it; for members it exists from the first time they look for it."""
    if user.is_member:
        operations.summary_of(postmortems.find(user, incident))
    return queries.find(user, incident)
