"""Following who may see incidents: one that is shown to others now, or hidden from them, is looked at at once."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from followthrough.activity.models import Activity
from followthrough.activity.operations import subscribe
from followthrough.facts.operations import aggregates
from followthrough.incidents.models import Incident
from followthrough.patterns.operations import strikes
from followthrough.patterns.operations.refresh import refresh_incident
from followthrough.patterns.tasks import tell_of_strikes
from followthrough.similarity.models import SimilarityFeedback

_TOLD = {"title", "what_happened"}


def follow_visibility() -> None:
    """Called once, from this room's ready()."""
    subscribe("incidents.incident", "changed", _follow)


def _follow(row: Activity, incident: models.Model) -> None:
    if "visibility" in row.changes:
        refresh_incident(incident.pk)
        aggregates.refresh_aggregates()


def follow_strikes() -> None:
    """Called once, from this room's ready(): what is reported, told anew or confirmed may have struck again."""
    subscribe("incidents.incident", "added", _ask_for_strikes)
    subscribe("incidents.incident", "changed", _ask_for_strikes)
    subscribe("similarity.similarityfeedback", "confirmed", _ask_of_both)


def _ask_for_strikes(row: Activity, incident: models.Model) -> None:
    if isinstance(incident, Incident) and (row.verb == "added" or _TOLD & row.changes.keys()):
        _ask(incident)


def _ask_of_both(_: Activity, said: models.Model) -> None:
    if isinstance(said, SimilarityFeedback):
        _ask(said.one)
        _ask(said.other)


def _ask(incident: Incident) -> None:
    if incident.began_at > timezone.now() - strikes.RECENT:
        tell_of_strikes.enqueue(incident.pk)
