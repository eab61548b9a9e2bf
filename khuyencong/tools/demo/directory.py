"""Whom the Centre may ask: a few invented experts of the province, by field."""

from khuyencong.organisations import operations as organisations
from khuyencong.tools.demo.people import People
from khuyencong.tools.demo.stage import Place

EXPERTS = (
    ("Kiều Thị Sương Mai", "Chế biến, bảo quản nông sản", True),
    ("Tạ Khắc Lâm", "Cơ khí, tự động hoá", True),
    ("Đinh Ngọc Trà", "Nhãn hiệu, bao bì sản phẩm", False),
)


def tell_experts(place: Place, *, cast: People) -> None:
    """Two teach at the vocational school of the province, one works alone."""
    for name, field, teaches in EXPERTS:
        organisations.add_expert(
            name=name,
            field=field,
            organisation=place.schools[0] if teaches else None,
            province=place.province,
            contact="qua Trung tâm Khuyến công",
            note="Dữ liệu minh hoạ",
            invented=True,
            by=cast["administrator"],
        )
