from django.db import migrations

from khuyencong.base.triggers import append_only


class Migration(migrations.Migration):
    dependencies = [("budgets", "0001_initial")]

    operations = [migrations.RunPython(*append_only("budgets_entry"))]
