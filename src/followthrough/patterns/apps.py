from django.apps import AppConfig


class PatternsConfig(AppConfig):
    name = "followthrough.patterns"
    label = "patterns"

    def ready(self) -> None:
        from followthrough.core.panels import add_panel  # noqa: PLC0415 - models are loaded by now
        from followthrough.meeting_room import recurrence_hints as room_returning  # noqa: PLC0415 - models are loaded by now
        from followthrough.meeting_room.similar_incidents import register_finder  # noqa: PLC0415 - models are loaded by now
        from followthrough.patterns import panels, passages, reactions  # noqa: PLC0415 - models are loaded by now
        from followthrough.patterns.queries import recurrence_candidates  # noqa: PLC0415 - models are loaded by now
        from followthrough.scheduling.queries import involvement  # noqa: PLC0415 - models are loaded by now
        from followthrough.similarity.queries.similarity_search import similar_for_all  # noqa: PLC0415 - models are loaded by now

        reactions.follow_strikes()
        add_panel("incident.head", panels.struck_incident, order=5)
        add_panel("action.main", panels.struck_action, order=5)
        add_panel("preread.main", panels.struck_reading, order=5)
        add_panel("preread.main", panels.coming_back, order=10)
        register_finder(similar_for_all)
        room_returning.register_finder(recurrence_candidates.candidates_for_all)
        involvement.offer(recurrence_candidates.owners_of_earlier_actions)
        reactions.follow_visibility()
        passages.register_passages()
