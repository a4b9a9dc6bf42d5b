from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from followthrough.live.room_backend import RoomBackend


class MeetingRoomConfig(AppConfig):
    name = "followthrough.meeting_room"
    label = "meeting_room"

    def ready(self) -> None:
        from followthrough.core.panels import add_panel  # noqa: PLC0415 - models are loaded by now
        from followthrough.live.room_backend import register  # noqa: PLC0415 - models are loaded by now
        from followthrough.meeting_room import panels  # noqa: PLC0415 - models are loaded by now
        from followthrough.meeting_room.operations.shared_notes import SharedNotes  # noqa: PLC0415 - models are loaded by now
        from followthrough.writing import document_homes  # noqa: PLC0415 - models are loaded by now

        document_homes.register("note", SharedNotes())
        register("incidents", _make_room)
        add_panel("settings", panels.questions_setting, order=10)
        add_panel("incident.side", panels.said_card, order=30, kept=True)
        add_panel("check_in.side", panels.parked_agenda, order=10)


def _make_room() -> RoomBackend:
    from followthrough.meeting_room.meeting_backend import MeetingBackend  # noqa: PLC0415 - the room's code is large

    return MeetingBackend()
