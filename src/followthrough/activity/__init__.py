"""The append-only log of every change: audit trail, live feed, replay and notifications all read it."""
