import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

KINDS = {'patterns.likeness': 'patterns.similarityfeedback'}


def rename_kinds(apps, schema_editor):
    activity = apps.get_model("activity", "Activity")
    for old, new in KINDS.items():
        activity.objects.filter(kind=old).update(kind=new)


def rename_kinds_back(apps, schema_editor):
    activity = apps.get_model("activity", "Activity")
    for old, new in KINDS.items():
        activity.objects.filter(kind=new).update(kind=old)


class Migration(migrations.Migration):
    dependencies = [('patterns', '0004_likeness_by_key'), ('activity', '0001_initial')]

    operations = [
        migrations.RunPython(rename_kinds, rename_kinds_back),
        migrations.RemoveConstraint("word", "word_once"),
        migrations.RemoveConstraint("likeness", "likeness_once_per_pair"),
        migrations.RemoveConstraint("likeness", "likeness_in_order"),
        migrations.RenameModel("Word", "PatternMembership"),
        migrations.RenameModel("Figures", "IncidentMetrics"),
        migrations.RenameModel("Sheet", "MonthlyColumns"),
        migrations.RenameModel("Reading", "Aggregate"),
        migrations.RenameModel("Stale", "RefreshQueue"),
        migrations.RenameModel("ComparedText", "TermFrequencies"),
        migrations.RenameModel("MeaningVector", "Embedding"),
        migrations.RenameModel("Learning", "IndexBuild"),
        migrations.RenameModel("Likeness", "SimilarityFeedback"),
        migrations.RenameIndex("incidentmetrics", new_name="patterns_in_began_a_006b4b_idx", old_name="patterns_fi_began_a_1a45dd_idx"),
        migrations.RenameField("pattern", "otherwise", "base_state"),
        migrations.RenameField("pattern", "lane", "chart_data"),
        migrations.RenameField("pattern", "struck", "affected_services"),
        migrations.AlterField("patternmembership", "pattern", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="memberships", to="patterns.pattern")),
        migrations.AlterField("incidentmetrics", "incident", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="metrics", serialize=False, to="incidents.incident")),
        migrations.AlterField("outcome", "action", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="outcome", serialize=False, to="actions.actionitem")),
        migrations.AlterField("termfrequencies", "incident", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="term_frequencies", serialize=False, to="incidents.incident")),
        migrations.AddConstraint("patternmembership", models.UniqueConstraint(fields=("pattern", "incident"), name="pattern_membership_once")),
        migrations.AddConstraint("similarityfeedback", models.UniqueConstraint(fields=("one", "other"), name="similarity_feedback_once_per_pair")),
        migrations.AddConstraint("similarityfeedback", models.CheckConstraint(condition=Q(("one__lt", F("other"))), name="similarity_feedback_in_order")),
    ]
