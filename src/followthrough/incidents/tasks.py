"""Work that the worker does for this room."""

from __future__ import annotations

from django_tasks import task

from followthrough.incidents.imports.uploads import carry_out, look_through_later
from followthrough.incidents.models import ImportRun


@task()
def look_through_import(run_id: str) -> str:
    """Works out the preview of one run; repeating it says the same again."""
    upload = ImportRun.objects.select_related("started_by").filter(pk=run_id, state=ImportRun.State.CHECKING)
    for found in upload:
        look_through_later(found)
    return "looked through"


@task()
def carry_out_import(run_id: str) -> str:
    """Imports the files of one run; repeating it imports nothing twice."""
    report = carry_out(ImportRun.objects.select_related("started_by").get(pk=run_id))
    return "done before" if report is None else f"{report.created} created"
