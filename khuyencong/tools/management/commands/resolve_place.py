"""Reads addresses, one a line, and says what each means today."""

import io
import sys
from typing import Any

from khuyencong.places import queries
from khuyencong.places.enums import Level
from khuyencong.places.rules import Resolution
from khuyencong.tools.command import Command as HouseCommand


class Command(HouseCommand):
    loaded = ("load_places",)
    help = "Đọc địa chỉ từ đầu vào chuẩn, mỗi dòng một địa chỉ; in đơn vị cũ, đơn vị hiện nay và mức chắc chắn."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="mỗi dòng một đối tượng JSON")

    def handle(self, *args, **options):
        read = queries.gazetteer().resolve
        if isinstance(sys.stdin, io.TextIOWrapper):  # UTF-8, with or without its mark, whatever the terminal believes
            sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace")
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")
        for line in sys.stdin:
            found = read(line.rstrip("\r\n"))
            if options["json"]:
                self.tell(as_json(found))
            else:
                units = "; ".join(f"{unit.full_name}, {unit.province.full_name}" for unit in found.current)
                self.stdout.write(f"{found.text} → {units or '–'} ({found.certainty.label})")


def as_json(found: Resolution) -> dict[str, Any]:
    """One resolution as other programs read it."""
    old = found.old
    district = old.parent if old is not None and old.parent_id and old.level == Level.COMMUNE else None
    if old is not None and old.level == Level.DISTRICT:
        district = old
    return {
        "text": found.text,
        "old": None
        if old is None
        else {
            "code": old.code,
            "name": old.full_name,
            "district": district.full_name if district is not None and district.level == Level.DISTRICT else None,
            "province": old.province.full_name if old.province is not None else None,
        },
        "current": [
            {
                "code": unit.code,
                "name": unit.full_name,
                "province_code": unit.province.code,
                "province": unit.province.full_name,
            }
            for unit in found.current
        ],
        "certainty": str(found.certainty),
    }
