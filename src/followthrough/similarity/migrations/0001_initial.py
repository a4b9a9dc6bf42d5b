"""Similarity in a room of its own; the tables are those that `patterns` made."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('patterns', '0006_facts_and_similarity'),
        ('incidents', '0003_field_words'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='Embedding',
                    fields=[
                        ('incident', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='incidents.incident')),
                        ('model', models.CharField(max_length=16)),
                        ('vector', models.BinaryField()),
                    ],
                    options={
                        'db_table': 'patterns_embedding',
                    },
                ),
                migrations.CreateModel(
                    name='IndexBuild',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('token', models.UUIDField(default=uuid.uuid4)),
                        ('number', models.PositiveBigIntegerField()),
                        ('at', models.DateTimeField(auto_now=True)),
                    ],
                    options={
                        'db_table': 'patterns_indexbuild',
                    },
                ),
                migrations.CreateModel(
                    name='TermFrequencies',
                    fields=[
                        ('incident', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='term_frequencies', serialize=False, to='incidents.incident')),
                        ('number', models.PositiveBigIntegerField(unique=True)),
                        ('words', models.BinaryField()),
                        ('word_counts', models.BinaryField()),
                        ('letters', models.BinaryField()),
                        ('letter_counts', models.BinaryField()),
                    ],
                    options={
                        'db_table': 'patterns_termfrequencies',
                    },
                ),
                migrations.CreateModel(
                    name='SimilarityFeedback',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('alike', models.BooleanField()),
                        ('at', models.DateTimeField(auto_now=True)),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('one', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='incidents.incident')),
                        ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='incidents.incident')),
                    ],
                    options={
                        'verbose_name': 'likeness',
                        'verbose_name_plural': 'likenesses',
                        'db_table': 'patterns_similarityfeedback',
                        'constraints': [models.UniqueConstraint(fields=('one', 'other'), name='similarity_feedback_once_per_pair'), models.CheckConstraint(condition=models.Q(('one__lt', models.F('other'))), name='similarity_feedback_in_order')],
                    },
                ),
            ]
        ),
    ]
