"""Incidents and what they concern."""

from followthrough.incidents.models.catalogue import ReviewRule, Service, Severity, Tag
from followthrough.incidents.models.imports import (
    ImportMapping,
    ImportRun,
    WebhookEndpoint,
)
from followthrough.incidents.models.incident import LONGEST_TEXT, Impact, Incident, Involvement, Milestone

__all__ = [
    "LONGEST_TEXT",
    "Impact",
    "ImportMapping",
    "ImportRun",
    "Incident",
    "Involvement",
    "Milestone",
    "ReviewRule",
    "Service",
    "Severity",
    "Tag",
    "WebhookEndpoint",
]
