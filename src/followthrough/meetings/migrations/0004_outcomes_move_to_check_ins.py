from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("meetings", "0003_field_words"), ("check_ins", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("CheckInOutcome")]),
    ]
