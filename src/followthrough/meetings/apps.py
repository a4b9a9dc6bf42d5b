from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from followthrough.live.driver import Driver


class MeetingsConfig(AppConfig):
    name = "followthrough.meetings"
    label = "meetings"

    def ready(self) -> None:
        from followthrough.core.panels import add_notes, add_panel  # noqa: PLC0415 - models are loaded by now
        from followthrough.live.driver import register  # noqa: PLC0415
        from followthrough.meetings import deadlines, digests, panels, reactions  # noqa: PLC0415
        from followthrough.meetings.shared_notes import SharedNotes  # noqa: PLC0415
        from followthrough.writing import homes  # noqa: PLC0415

        homes.register("note", SharedNotes())
        register("incidents", _make_room)
        add_panel("incident.head", panels.loop_panel, order=10)
        add_panel("action.main", panels.outcomes_card, order=10)
        add_panel("settings", panels.questions_setting, order=10)
        add_notes("incident.rows", panels.countdowns)
        reactions.follow_incidents()
        deadlines.register_ladder()
        digests.register_ladder()


def _make_room() -> Driver:
    from followthrough.meetings.room.driver import MeetingRoom  # noqa: PLC0415 - the rooms' code is large

    return MeetingRoom()
