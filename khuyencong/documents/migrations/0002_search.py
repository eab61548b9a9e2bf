from django.db import migrations

from khuyencong.base import trigram


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]
    operations = [trigram.index("documents_paper", "folded")]
