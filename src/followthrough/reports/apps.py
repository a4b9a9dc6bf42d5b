from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "followthrough.reports"
    label = "reports"

    def ready(self) -> None:
        from followthrough.core.panels import add_panel  # noqa: PLC0415 - models are loaded by now
        from followthrough.incidents import publications  # noqa: PLC0415 - models are loaded by now
        from followthrough.reports import panels, passages, reactions  # noqa: PLC0415 - models are loaded by now
        from followthrough.reports.shared_prose import SharedProse  # noqa: PLC0415 - models are loaded by now
        from followthrough.writing import document_homes  # noqa: PLC0415 - models are loaded by now

        document_homes.register("summary", SharedProse())
        add_panel("incident.restricting", panels.resting_links, order=10)
        reactions.follow_people()
        publications.offer(panels.publications)
        add_panel("incident.published", panels.published_page, order=10)
        add_panel("incident.side", panels.summary_card, order=10, kept=True)
        passages.register_passages()
