from django.db import migrations

class Migration(migrations.Migration):
    dependencies = [('meetings', '0002_question_bank')]

    operations = [
        migrations.RenameModel("RoundTaken", "RoundParticipation"),
    ]
