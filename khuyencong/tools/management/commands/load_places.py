"""Loads the register of administrative units that comes with the project."""

from django.core.management.base import BaseCommand, CommandError

from khuyencong.base.errors import DomainError
from khuyencong.places import operations


class Command(BaseCommand):
    help = "Nạp mọi đơn vị hành chính, cũ và mới, cùng việc chia tách, sáp nhập; nạp lại không thay đổi gì."

    def handle(self, *args, **options):
        try:
            loaded = operations.load()
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"Địa bàn: thêm {loaded.units} đơn vị, sửa {loaded.corrected}, thêm {loaded.successions} dòng kế thừa."
        )
