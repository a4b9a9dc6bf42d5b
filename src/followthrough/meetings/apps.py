from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from followthrough.live.room_backend import RoomBackend


class MeetingsConfig(AppConfig):
    name = "followthrough.meetings"
    label = "meetings"

    def ready(self) -> None:
        from followthrough.core.panels import add_panel, add_row_notes  # noqa: PLC0415 - models are loaded by now
        from followthrough.live.room_backend import register  # noqa: PLC0415
        from followthrough.meetings import meeting_reminders, panels, reactions, weekly_digest  # noqa: PLC0415
        from followthrough.meetings.shared_notes import SharedNotes  # noqa: PLC0415
        from followthrough.writing import document_homes  # noqa: PLC0415

        document_homes.register("note", SharedNotes())
        register("incidents", _make_room)
        add_panel("incident.head", panels.progress_panel, order=10)
        add_panel("action.main", panels.outcomes_card, order=10)
        add_panel("settings", panels.questions_setting, order=10)
        add_row_notes("incident.rows", panels.countdowns)
        reactions.follow_incidents()
        meeting_reminders.register_ladder()
        weekly_digest.register_ladder()


def _make_room() -> RoomBackend:
    from followthrough.meetings.room.meeting_backend import MeetingBackend  # noqa: PLC0415 - the rooms' code is large

    return MeetingBackend()
