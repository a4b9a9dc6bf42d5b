from __future__ import annotations

from django.apps import AppConfig


class PastReportsConfig(AppConfig):
    name = "followthrough.past_reports"
    label = "past_reports"

    def ready(self) -> None:
        from followthrough.incidents.imports import report_readers  # noqa: PLC0415 - models are loaded by now
        from followthrough.past_reports.operations import read_parts  # noqa: PLC0415 - models are loaded by now

        report_readers.offer(read_parts)
