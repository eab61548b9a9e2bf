from django.db import migrations

from khuyencong.base import trigram


class Migration(migrations.Migration):
    dependencies = [("needs", "0001_initial")]
    operations = [trigram.index("needs_need", "folded")]
