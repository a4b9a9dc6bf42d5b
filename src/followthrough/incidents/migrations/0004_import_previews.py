from django.db import migrations, models

IMPORTED = "It was imported from earlier records."


def name_earlier(apps, schema_editor):
    apps.get_model("incidents", "Incident").objects.filter(review="skipped", review_reason=IMPORTED).update(review="earlier")


def call_skipped(apps, schema_editor):
    apps.get_model("incidents", "Incident").objects.filter(review="earlier").update(review="skipped")


class Migration(migrations.Migration):
    dependencies = [("incidents", "0003_field_words")]

    operations = [
        migrations.AddField(
            model_name="importrun",
            name="preview",
            field=models.JSONField(default=dict, help_text="What an import would do, worked out once."),
        ),
        migrations.AlterField(
            model_name="importrun",
            name="state",
            field=models.CharField(
                choices=[
                    ("checking", "Being looked through"),
                    ("preview", "Not yet imported"),
                    ("waiting", "Waiting for the worker"),
                    ("running", "Under way"),
                    ("done", "Done"),
                    ("failed", "Stopped"),
                ],
                default="preview",
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="incident",
            name="review",
            field=models.CharField(
                choices=[
                    ("undecided", "Not yet decided"),
                    ("needed", "Needed"),
                    ("not_needed", "Not needed"),
                    ("skipped", "Skipped"),
                    ("earlier", "Earlier record"),
                ],
                default="undecided",
                max_length=12,
            ),
        ),
        migrations.RunPython(name_earlier, call_skipped),
    ]
