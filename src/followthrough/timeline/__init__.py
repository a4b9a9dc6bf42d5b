"""Timeline entries, milestones, gaps and the changes before the incident."""
