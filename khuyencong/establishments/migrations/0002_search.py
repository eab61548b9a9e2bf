from django.db import migrations

from khuyencong.base import trigram


class Migration(migrations.Migration):
    dependencies = [("establishments", "0001_initial")]
    operations = [trigram.index("establishments_establishment", "folded")]
