"""Work that the worker does for this room."""

from __future__ import annotations

from django_tasks import task

from followthrough.incidents.imports.uploads import carry_out
from followthrough.incidents.models import ImportRun


@task()
def carry_out_import(run_id: str) -> str:
    """Imports the files of one run; repeating it imports nothing twice."""
    report = carry_out(ImportRun.objects.select_related("started_by").get(pk=run_id))
    return "done before" if report is None else f"{report.created} created"
