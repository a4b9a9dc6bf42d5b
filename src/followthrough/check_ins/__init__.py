"""The check-in two weeks after the meeting: each action looked at, together."""
