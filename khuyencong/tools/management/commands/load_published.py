"""``manage.py load_published``: the published figures that come with the house."""

from django.core.management.base import BaseCommand

from khuyencong.reporting import operations


class Command(BaseCommand):
    help = "Nạp số liệu đã công bố đi kèm hệ thống; chạy lại không thêm dòng nào."

    def handle(self, *args, **options):
        done = operations.load_published()
        self.stdout.write(f"Số liệu đã công bố: thêm {done.created} dòng, sửa {done.changed}, đã có {done.same}.")
