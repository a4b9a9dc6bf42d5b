"""What is counted and what is similar become rooms of their own; their tables stay as they are."""

from django.db import migrations

MOVED = {
    "facts": ["Occurrence", "IncidentMetrics", "MonthlyColumns", "Aggregate", "Outcome", "RefreshQueue"],
    "similarity": ["TermFrequencies", "Embedding", "IndexBuild", "SimilarityFeedback"],
}
TASKS = ["write_texts", "write_embeddings", "fit_index"]
MODULES = {"old": "followthrough.patterns.similar.tasks", "new": "followthrough.similarity.tasks"}
JOBS = {"old": "patterns.learn_words", "new": "similarity.fit_index"}


def _relabel(apps, now, then):
    """Content types and the log name records by their room; what is queued names its task by its module."""
    for room, models in MOVED.items():
        old, new = (room if way == "new" else "patterns" for way in (now, then))
        names = [model.lower() for model in models]
        types = apps.get_model("contenttypes", "ContentType").objects
        types.filter(app_label=old, model__in=names).update(app_label=new)
        for name in names:
            log = apps.get_model("activity", "Activity").objects
            log.filter(kind=f"{old}.{name}").update(kind=f"{new}.{name}")
    queued = apps.get_model("django_tasks_database", "DBTaskResult").objects
    for task in TASKS:
        queued.filter(task_path=f"{MODULES[now]}.{task}").update(task_path=f"{MODULES[then]}.{task}")
    apps.get_model("jobs", "ScheduledRun").objects.filter(name=JOBS[now]).update(name=JOBS[then])


def relabel(apps, schema_editor):
    _relabel(apps, "old", "new")


def relabel_back(apps, schema_editor):
    _relabel(apps, "new", "old")


class Migration(migrations.Migration):
    dependencies = [
        ("patterns", "0005_field_words"),
        ("activity", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("django_tasks_database", "0021_conditional_partial_index_ordering"),
        ("jobs", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(relabel, relabel_back),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel(name) for models in MOVED.values() for name in models
            ]
        ),
    ]
