"""The country as it is being made: its places, bodies and writers; each step uses what the earlier ones made."""

import random
from typing import Any

from django.core.management.color import no_style
from django.db import connection

from benchmarks.data.rows import Sizes, Writer, model_of
from khuyencong.base.text import fold, sort_key


class Country:
    """The steps by which the data set is made, in order; each uses what the earlier ones made."""

    def __init__(self, pick: random.Random, sizes: Sizes):
        from khuyencong.places.models import Unit

        self.pick, self.sizes = pick, sizes
        self.writers: dict[str, Writer] = {}
        self.provinces = list(Unit.objects.current().provinces().order_by("code"))
        self.communes = list(Unit.objects.current().communes().order_by("code"))
        self.inside: dict[int, list[Any]] = {p.pk: [] for p in self.provinces}
        for commune in self.communes:
            self.inside[commune.province_id].append(commune)
        self.centre: dict[int, int] = {}
        self.department: dict[int, int] = {}
        self.users: dict[int, int] = {}  # the appraiser of each province writes things down
        self.names: dict[int, str] = {}  # of bodies that projects name

    def writer(self, label: str, *names: str) -> Writer:
        if label not in self.writers:
            self.writers[label] = Writer(model_of(label), *names)
        return self.writers[label]

    def flush(self) -> None:
        for writer in self.writers.values():
            writer.flush()

    def reset_sequences(self) -> None:
        touched = [writer.model for writer in self.writers.values()]
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), touched):
                cursor.execute(statement)

    def body(self, name: str, kind: str, place: Any, tax_code: str = "") -> int:
        province = None if place is None else place.pk if place.level == "province" else place.province_id
        return self.writer(
            "organisations.Organisation",
            *("name", "folded", "sort_key", "kind", "place_id", "province_id", "tax_code"),
        ).add(name, fold(name), sort_key(name)[:1000], kind, place and place.pk, province, tax_code)
