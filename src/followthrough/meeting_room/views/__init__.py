"""Pages of the meeting room and of preparing for it."""
