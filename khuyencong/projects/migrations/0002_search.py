from django.db import migrations

from khuyencong.base import trigram


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_initial")]
    operations = [trigram.index("projects_project", "words")]
