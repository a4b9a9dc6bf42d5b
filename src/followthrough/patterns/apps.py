from django.apps import AppConfig


class PatternsConfig(AppConfig):
    name = "followthrough.patterns"
    label = "patterns"

    def ready(self) -> None:
        from followthrough.core.panels import add_panel  # noqa: PLC0415 - models are loaded by now
        from followthrough.meeting_room import recurrence_hints as room_returning  # noqa: PLC0415
        from followthrough.meeting_room.similar_incidents import register_finder  # noqa: PLC0415
        from followthrough.patterns import panels, reactions, recurrence_candidates  # noqa: PLC0415
        from followthrough.patterns.similar.reactions import follow_incidents  # noqa: PLC0415
        from followthrough.patterns.similar.similarity_search import similar_for_all  # noqa: PLC0415
        from followthrough.scheduling.queries import involvement  # noqa: PLC0415

        add_panel("incident.side", panels.seen_before, order=40)
        add_panel("preread.main", panels.coming_back, order=10)
        add_panel("preread.main", panels.seen_before_reading, order=20)
        add_panel("check_in.side", panels.seen_since, order=20)
        add_panel("incidents.found", panels.sounding_like, order=20)
        register_finder(similar_for_all)
        room_returning.register_finder(recurrence_candidates.candidates_for_all)
        involvement.offer(recurrence_candidates.owners_of_earlier_actions)
        reactions.follow_changes()
        follow_incidents()
