"""Calendars elsewhere: people's busy times, public holidays, a team's calendar, and private feeds."""
