"""Every write of the meetings: scheduling and inviting, running, talking, checking in."""
