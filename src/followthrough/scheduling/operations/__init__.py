"""Every write of scheduling: times, invitations, answers, calendars of teams."""
