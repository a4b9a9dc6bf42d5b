"""The product's pages and what can be done on them, as they are found by name."""

from __future__ import annotations

from followthrough.search.sources import Place

EVERYONE, ADMINISTRATOR = "everyone", "administrator"
PLACES = [
    Place("Report an incident", "/incidents/new/", "new outage open add", does=True),
    Place("Import incidents", "/incidents/import/", "csv json statuspage upload history", does=True),
    Place("Invite somebody", "/people/invitations/", "add person user member", ADMINISTRATOR, does=True),
    Place("Make a service", "/services/new/", "add new catalogue", does=True),
    Place("Make a team", "/settings/teams/", "add new group", ADMINISTRATOR, does=True),
    Place("Home", "/", "start first page", EVERYONE),
    Place("Incidents", "/incidents/", "outages list all"),
    Place("Meetings", "/meetings/", "post-mortems postmortems reviews calendar"),
    Place("Actions", "/actions/", "my own action items work tasks board"),
    Place("Patterns", "/patterns/", "recurring comes back repeats"),
    Place("Patterns: services", "/patterns/services/", "unreliable worst"),
    Place("Patterns: response", "/patterns/response/", "slow detection handoffs"),
    Place("Insights", "/insights/", "figures metrics charts statistics mttr"),
    Place("Inbox", "/inbox/", "messages notifications mail unread", EVERYONE),
    Place("What comes by mail", "/inbox/preferences/", "notifications preferences unsubscribe", EVERYONE),
    Place("People", "/people/", "users colleagues teams directory"),
    Place("Services", "/services/", "catalogue systems"),
    Place("Your profile", "/profile/", "account password zone working hours", EVERYONE),
    Place("Your calendars", "/profile/calendars/", "busy times caldav ics holidays"),
    Place("API", "/api/", "tokens rest reference programs"),
    Place("Settings", "/settings/", "administration configure", ADMINISTRATOR),
    Place("Severities", "/settings/severities/", "sev1 settings windows", ADMINISTRATOR),
    Place("Review rules", "/settings/rules/", "settings when post-mortem needed", ADMINISTRATOR),
    Place("Tags", "/settings/tags/", "settings labels", ADMINISTRATOR),
    Place("Webhooks", "/settings/hooks/", "settings hooks programs report integrations", ADMINISTRATOR),
    Place("Question bank", "/settings/questions/", "settings questions prevention", ADMINISTRATOR),
    Place("Reminders", "/settings/reminders/", "settings escalation ladder", ADMINISTRATOR),
    Place("Background work", "/settings/work/", "settings jobs worker mail queue", ADMINISTRATOR),
]
