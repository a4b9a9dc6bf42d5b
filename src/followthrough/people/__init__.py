"""Users, teams, their zones and working hours, invitations and tokens."""
