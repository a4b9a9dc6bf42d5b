"""Scheduling: slots, attendees, facilitators, invitations (iTIP), calendar feeds, reminders of a meeting."""
