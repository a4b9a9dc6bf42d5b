"""Honest figures of how the organisation learns: shares, durations and recurrence, with what they can carry."""
