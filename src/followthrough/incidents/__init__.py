"""Incidents, the services and severities they concern, their milestones and impact."""
