"""Every write of the meeting room: its course, what is said in it, the question bank, the pre-read."""
