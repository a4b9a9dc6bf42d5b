"""Incidents and what they concern."""

from followthrough.incidents.models.catalogue import ReviewRule, Service, Severity, Tag
from followthrough.incidents.models.imports import (
    LONGEST_SEARCHED,
    ImportMapping,
    ImportRun,
    SearchText,
    WebhookEndpoint,
)
from followthrough.incidents.models.incident import LONGEST_TEXT, Impact, Incident, Involvement, Milestone

__all__ = [
    "LONGEST_SEARCHED",
    "LONGEST_TEXT",
    "Impact",
    "ImportMapping",
    "ImportRun",
    "Incident",
    "Involvement",
    "Milestone",
    "ReviewRule",
    "SearchText",
    "Service",
    "Severity",
    "Tag",
    "WebhookEndpoint",
]
