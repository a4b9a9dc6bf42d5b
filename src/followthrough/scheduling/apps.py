from __future__ import annotations

from django.apps import AppConfig


class SchedulingConfig(AppConfig):
    name = "followthrough.scheduling"
    label = "scheduling"

    def ready(self) -> None:
        from followthrough.calendars.operations import know_own  # noqa: PLC0415 - models are loaded by now
        from followthrough.core.panels import add_panel  # noqa: PLC0415 - models are loaded by now
        from followthrough.scheduling import panels, reactions  # noqa: PLC0415 - models are loaded by now
        from followthrough.scheduling.queries.invitees import own_uids  # noqa: PLC0415 - models are loaded by now

        add_panel("asked", panels.asked_to_facilitate, order=10)
        add_panel("asked", panels.asked_to_come, order=20)
        add_panel("action.owner", panels.unheard_teams, order=10)
        reactions.follow_incidents()
        reactions.register_policy()
        know_own(own_uids)
