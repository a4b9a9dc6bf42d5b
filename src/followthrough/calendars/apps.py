from django.apps import AppConfig


class CalendarsConfig(AppConfig):
    name = "followthrough.calendars"
    label = "calendars"

    def ready(self) -> None:
        from followthrough.calendars import panels, reactions  # noqa: PLC0415 - models are loaded by now
        from followthrough.core.panels import add_panel  # noqa: PLC0415 - models are loaded by now

        add_panel("profile.side", panels.profile_card, order=10)
        add_panel("team.settings", panels.team_cards, order=10)
        reactions.follow_teams()
        reactions.follow_keys()
