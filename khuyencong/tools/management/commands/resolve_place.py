"""Reads addresses, one a line, and says what each means today."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand

from khuyencong.places import queries
from khuyencong.places.enums import Level
from khuyencong.places.rules import Resolution


class Command(BaseCommand):
    help = "Read addresses from standard input, one a line, and print old unit, units of today and certainty of each."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def handle(self, *args, **options):
        read = queries.gazetteer().resolve
        for line in sys.stdin:
            found = read(line.rstrip("\r\n"))
            if options["json"]:
                self.stdout.write(json.dumps(as_json(found), ensure_ascii=False))
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
