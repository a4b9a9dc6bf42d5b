"""What is counted, in a room of its own; the tables are those that `patterns` made."""

import datetime
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('patterns', '0006_facts_and_similarity'),
        ('actions', '0001_initial'),
        ('incidents', '0003_field_words'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='Aggregate',
                    fields=[
                        ('key', models.CharField(max_length=20, primary_key=True, serialize=False)),
                        ('value', models.JSONField()),
                        ('made_at', models.DateTimeField(auto_now=True)),
                    ],
                    options={
                        'db_table': 'patterns_aggregate',
                    },
                ),
                migrations.CreateModel(
                    name='MonthlyColumns',
                    fields=[
                        ('month', models.CharField(max_length=7, primary_key=True, serialize=False)),
                        ('token', models.UUIDField(default=uuid.uuid4)),
                        ('last_day', models.DateField(default=datetime.date(1, 1, 1), help_text='The latest on which an action was due or done.')),
                        ('incidents', models.BinaryField(default=bytes)),
                        ('actions', models.BinaryField(default=bytes)),
                        ('services', models.BinaryField(default=bytes)),
                        ('teams', models.BinaryField(default=bytes)),
                    ],
                    options={
                        'db_table': 'patterns_monthlycolumns',
                    },
                ),
                migrations.CreateModel(
                    name='RefreshQueue',
                    fields=[
                        ('incident', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='incidents.incident')),
                    ],
                    options={
                        'db_table': 'patterns_refreshqueue',
                    },
                ),
                migrations.CreateModel(
                    name='IncidentMetrics',
                    fields=[
                        ('incident', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='metrics', serialize=False, to='incidents.incident')),
                        ('began_at', models.DateTimeField()),
                        ('detect', models.FloatField(null=True)),
                        ('acknowledge', models.FloatField(null=True)),
                        ('mitigate', models.FloatField(null=True)),
                        ('resolve', models.FloatField(null=True)),
                        ('reviewed_in_time', models.BooleanField(null=True)),
                        ('summary_in_time', models.BooleanField(null=True)),
                        ('cost', models.FloatField(help_text="Lost revenue and people's hours, in the organisation's currency.", null=True)),
                        ('has_cause', models.BooleanField(default=False, help_text='Findings confirm a sort of cause.')),
                        ('recurred_at', models.DateTimeField(help_text='When the next incident of a kind began.', null=True)),
                        ('facilitator', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'db_table': 'patterns_incidentmetrics',
                        'indexes': [models.Index(fields=['began_at'], name='patterns_in_began_a_006b4b_idx')],
                    },
                ),
                migrations.CreateModel(
                    name='Occurrence',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('category', models.CharField(blank=True, choices=[('process', 'Process'), ('configuration', 'Configuration'), ('code', 'Code'), ('infrastructure', 'Infrastructure'), ('monitoring', 'Monitoring'), ('communication', 'Communication'), ('dependencies', 'Dependencies'), ('people', 'People as context')], max_length=16)),
                        ('mechanism', models.CharField(choices=[('cause', 'Cause'), ('trigger', 'Trigger'), ('detection_gap', 'Detection gap'), ('handoff_gap', 'Handoff gap'), ('slow_to_detect', 'Slow to detect'), ('slow_to_acknowledge', 'Slow to acknowledge'), ('slow_to_mitigate', 'Slow to mitigate'), ('slow_to_resolve', 'Slow to resolve')], default='cause', max_length=20)),
                        ('began_at', models.DateTimeField()),
                        ('minutes', models.PositiveIntegerField(default=0)),
                        ('incident', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='occurrences', to='incidents.incident')),
                        ('service', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='incidents.service')),
                        ('tag', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='incidents.tag')),
                    ],
                    options={
                        'db_table': 'patterns_occurrence',
                        'indexes': [models.Index(fields=['tag', 'began_at'], name='patterns_oc_tag_id_b0ee17_idx'), models.Index(fields=['service', 'category', 'began_at'], name='patterns_oc_service_3cb288_idx'), models.Index(fields=['mechanism', 'service', 'category', 'began_at'], name='occurrence_mechanism')],
                        'constraints': [models.UniqueConstraint(fields=('incident', 'service', 'category', 'mechanism', 'tag'), name='occurrence_once', nulls_distinct=False)],
                    },
                ),
                migrations.CreateModel(
                    name='Outcome',
                    fields=[
                        ('action', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='outcome', serialize=False, to='actions.actionitem')),
                        ('due_month', models.DateField(help_text='First day of the month in which it was due.', null=True)),
                        ('in_time', models.BooleanField(help_text='Done by the end of its due date.', null=True)),
                        ('category', models.CharField(blank=True, help_text='Of the cause that it answers.', max_length=16)),
                        ('finished_at', models.DateTimeField(null=True)),
                        ('recurred_at', models.DateTimeField(help_text='When the next incident of a kind began.', null=True)),
                        ('held', models.BooleanField(help_text='Since it was done, nothing of a kind struck: service, sort of cause and tag in common.', null=True)),
                        ('incident', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='incidents.incident')),
                    ],
                    options={
                        'db_table': 'patterns_outcome',
                        'indexes': [models.Index(fields=['due_month', 'in_time'], name='patterns_ou_due_mon_26fbfc_idx'), models.Index(fields=['finished_at', 'held'], name='patterns_ou_finishe_816fc2_idx')],
                    },
                ),
            ]
        ),
    ]
