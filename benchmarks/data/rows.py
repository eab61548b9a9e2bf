"""How much is made, and the writers of rows."""

import datetime as dt
import random
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from django.db import models

from khuyencong.base import clock
from khuyencong.base.bulk import insert

SEED = 20_261_122
NOW = clock.today().year
YEARS = range(NOW - 13, NOW + 2)  # the last one is being prepared
MILLION = 1_000_000
VIETNAM = dt.timezone(dt.timedelta(hours=7))
WORKS = (
    "machinery|Hỗ trợ ứng dụng máy móc tiên tiến trong sản xuất|3",
    "machinery|Hỗ trợ đầu tư máy móc, thiết bị chế biến|3",
    "demonstration|Xây dựng mô hình trình diễn kỹ thuật sản xuất|3",
    "vocational|Đào tạo nghề, truyền nghề|1",
    "management_course|Tập huấn nâng cao năng lực quản lý cho cơ sở|2",
    "fair_joined|Hỗ trợ tham gia hội chợ, triển lãm hàng|4",
    "trademark|Xây dựng và đăng ký thương hiệu|4",
    "award_round|Tổ chức bình chọn sản phẩm tiêu biểu|4",
    "consulting|Tư vấn, trợ giúp cơ sở|5",
    "media|Xây dựng chuyên mục truyền hình về|6",
    "pollution_establishment|Xử lý ô nhiễm môi trường tại cơ sở|7",
    "cleaner_production|Đánh giá sản xuất sạch hơn cho cơ sở|3",
)


@dataclass
class Sizes:
    """How much is made; ``share`` of everything for a quick look."""

    share: float = 1.0
    projects: int = 50_000
    establishments: int = 300_000
    needs: int = 50_000
    papers: int = 50_000
    journal: int = 100_000
    made: dict[str, int] = field(default_factory=dict)

    def of(self, name: str) -> int:
        return max(34, int(getattr(self, name) * self.share))


class Writer:
    """Gives keys and writes rows of one model: rows of other models may point at a key before it is written."""

    def __init__(self, model: type[models.Model], *names: str):
        self.model, self.names = model, ("id", *names)
        first = model._base_manager.aggregate(last=models.Max("pk"))["last"] or 0
        self.keys, self.rows, self.written = count(first + 1), [], 0

    def add(self, *values: Any) -> int:
        """One row more; its key."""
        key = next(self.keys)
        self.rows.append((key, *values))
        if len(self.rows) >= 20_000:
            self.flush()
        return key

    def flush(self) -> None:
        self.written += insert(self.model, self.names, self.rows)
        self.rows = []


def model_of(label: str) -> Any:
    from django.apps import apps

    return apps.get_model(label)


def day_of(pick: random.Random, year: int, first: int = 1, last: int = 12) -> dt.date:
    return dt.date(year, pick.randint(first, last), pick.randint(1, 28))
