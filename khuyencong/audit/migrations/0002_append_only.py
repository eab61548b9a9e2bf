from django.db import migrations

from khuyencong.base.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunPython(*append_only("audit_event", except_columns=("position", "previous", "digest"))),
        migrations.RunPython(*append_only("audit_seal")),
    ]
