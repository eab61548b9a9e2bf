"""Import of 100,000 establishments, and the pages of establishments over 300,000.

``python -m benchmarks.establishments [ROWS]`` in a database of its own (``KC_DATA_DIR``, ``DATABASE_URL``): prints what was
measured beside what is allowed; ``--import-only`` and ``--pages-only`` do one half.  Needs the places; makes an account
``system`` where there is none.
"""

import io
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SEED = 20_261_122
FAMILY = "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Mai Trịnh Đoàn Y H'".split()
MIDDLE = "Văn Thị Ngọc Minh Thanh Quốc Xuân Đức Hữu Kim Thu Hồng Bảo Gia Tấn Công Mỹ Tuấn Khắc Đình".split()
GIVEN = (
    "An Anh Bảo Bình Châu Chi Cường Dũng Duy Đạt Đông Giang Hà Hải Hạnh Hiền Hiếu Hoa Hoà Hùng Hương Huy Khánh Khoa Lan Lâm "
    "Liên Linh Loan Long Lợi Mai Mạnh Mến Minh My Nam Nga Nghĩa Nguyên Nhân Nhung Oanh Phát Phong Phúc Phượng Quang Quân Quý "
    "Sơn Tài Tâm Tân Thảo Thắng Thành Thịnh Thông Thuận Thuỷ Tiến Toàn Trang Trí Trung Tú Tứ Tuyết Uyên Vân Việt Vinh Xuân Yến"
).split()
TRADE = (
    "Mộc|Nước mắm|Cà phê|Bún khô|Gạch|Cơ khí|May mặc|Rượu cần|Hạt điều|Mắc ca|Đan lát|Dệt thổ cẩm|Bánh tráng|Chế biến gỗ|"
    "Tinh dầu|Nấm|Hồ tiêu|Mật ong|Tre nứa|Gốm|Đá mỹ nghệ|Bao bì|Chả cá|Yến sào|Trà|Thuốc nam|Nhang|Đũa tre|Phân bón|Lúa gạo"
).split("|")
LEGAL = ("Cơ sở", "Hộ kinh doanh", "Công ty TNHH", "HTX", "DNTN", "CS", "Công ty cổ phần")
HEAD = (
    "TT",
    "Tên cơ sở",
    "Mã số thuế",
    "Địa chỉ",
    "Xã/phường",
    "Huyện",
    "Tỉnh",
    "Người đại diện",
    "Điện thoại",
    "Sản phẩm chính",
    "Lao động",
    "Trong đó nữ",
    "Doanh thu (triệu đồng)",
)


def _tax_code(number: int) -> str:
    """Ten digits with their check digit."""
    digits = f"{number:09d}"
    total = sum(int(d) * w for d, w in zip(digits, (31, 29, 23, 19, 17, 13, 7, 5, 3), strict=True))
    check = 10 - total % 11
    return f"{digits}{check % 10}" if check < 10 else _tax_code(number + 500_000_000)


def rows(count: int, places: list[tuple[str, str, str]], *, seed: int = SEED, first: int = 0) -> Iterator[list[Any]]:
    """``count`` invented rows; one in fifty is there twice under a shorter name, one in two hundred has a wrong cell."""
    pick = random.Random(seed + first)
    for number in range(first, first + count):
        person = f"{pick.choice(FAMILY)} {pick.choice(MIDDLE)} {pick.choice(GIVEN)}"
        firm = f"{pick.choice(GIVEN)} {pick.choice(GIVEN)}"
        name = f"{pick.choice(LEGAL)} {pick.choice(TRADE)} {person if pick.random() < 0.6 else firm}"
        commune, district, province = pick.choice(places)
        workers = pick.randint(1, 120)
        revenue: Any = pick.randint(100, 90_000)
        if number % 200 == 199:
            workers = "mười"  # type: ignore[assignment]
        row = [
            number + 1,
            name,
            _tax_code(number) if pick.random() < 0.5 else "",
            f"thôn {pick.randint(1, 20)}",
            commune,
            district,
            province,
            person,
            f"09{pick.randint(10_000_000, 99_999_999)}",
            pick.choice(TRADE),
            workers,
            pick.randint(0, workers) if isinstance(workers, int) else "",
            revenue,
        ]
        yield row
        if number % 50 == 49:
            yield [*row[:1], name.replace("Cơ sở", "CS").replace("Công ty TNHH", "Cty"), "", *row[3:]]


def workbook_of(lines: Iterator[list[Any]]) -> bytes:
    """The rows as an .xlsx with a title above its head."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_numbers": False})
    page = book.add_worksheet("Danh sách")
    page.write(0, 0, "DANH SÁCH CƠ SỞ CÔNG NGHIỆP NÔNG THÔN NĂM 2025")
    page.write_row(2, 0, HEAD)
    for at, line in enumerate(lines, start=3):
        page.write_row(at, 0, line)
    book.close()
    return out.getvalue()


def places_of(province: Any) -> list[tuple[str, str, str]]:
    """Addresses of a province: half of its communes of today, half of those before 1 July 2025."""
    from khuyencong.places.models import Succession, Unit

    today = [
        (unit.full_name, "", province.full_name) for unit in Unit.objects.current().communes().filter(province=province)
    ]
    old = Succession.objects.filter(new__province=province, new__valid_to=None).select_related(
        "old__parent", "old__province"
    )
    before = [
        (
            s.old.full_name,
            s.old.parent.full_name if s.old.parent else "",
            s.old.province.full_name if s.old.province else "",
        )
        for s in old
        if s.old.level == "commune"
    ]
    return today + before


def megabytes() -> float:
    """The most memory that this process has held.  ``getrusage`` would tell that of the process which started it, where
    that was more: the one that makes the data set holds hundreds of megabytes."""
    [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


def importing(count: int = 100_000) -> list[tuple[str, float, str, float, float | None]]:
    """One file, read, judged and written: seconds, seconds of write transaction, megabytes; (what, value, unit, limit, and
    the seconds in which the process itself was at work)."""
    from django.db import connection

    from khuyencong.establishments import imports, operations
    from khuyencong.establishments.imports import writing
    from khuyencong.people.models import User
    from khuyencong.places import queries as places

    province = places.province_by_code("66")
    by = User.objects.get(username="system")
    data = workbook_of(rows(count, places_of(province)))
    spent: dict[str, float] = {}
    worked: dict[str, float] = {}
    original = operations.write_batch

    def timed(*args: Any, **kwargs: Any) -> None:
        with clocked("write"):
            original(*args, **kwargs)

    @contextmanager
    def clocked(what: str) -> Iterator[None]:
        start, own = time.perf_counter(), time.process_time()
        yield
        spent[what], worked[what] = time.perf_counter() - start, time.process_time() - own

    writing.write_batch = timed
    try:
        connection.ensure_connection()
        with clocked("all"):
            with clocked("check"):
                checked = imports.check_establishments(data, name="ds.xlsx", province=province)
            counts = imports.write(checked, by=by)
        held = megabytes()
        del checked
        with clocked("again"):
            repeated = imports.check_establishments(data, name="ds.xlsx", province=province)
    finally:
        writing.write_batch = original
    print(f"  {counts}", file=sys.stderr)
    print(f"  lần hai: {repeated.counts}", file=sys.stderr)
    return [
        (f"nhập {count} cơ sở: đọc, kiểm tra, ghi", spent["all"], "s", 60, worked["all"]),
        ("  trong đó đọc và kiểm tra", spent["check"], "s", 60, worked["check"]),
        ("  trong đó giao dịch ghi", spent["write"], "s", 15, worked["write"]),
        ("  đọc lại tệp đã ghi", spent["again"], "s", 60, worked["again"]),
        ("  bộ nhớ lớn nhất", held, "MB", 600, None),
    ]


def fill(count: int = 300_000) -> None:
    """Establishments in every province, by bulk, for the pages."""
    from khuyencong.establishments.models import Establishment, Product, YearlyFacts
    from khuyencong.organisations.rules import build
    from khuyencong.places.models import Unit

    communes = list(Unit.objects.current().communes().select_related("province"))
    pick = random.Random(SEED)
    named = [(c.full_name, "", "") for c in communes]
    by_name = dict(zip((n[0] for n in named), communes, strict=True))
    have = Establishment.objects.count()
    for start in range(have, count, 5_000):
        made, years, products = [], [], []
        for row in rows(min(5_000, count - start), named, seed=SEED + 1, first=start + 400_000_000 // 2):
            commune = by_name[row[4]] if pick.random() < 0.2 else pick.choice(communes)
            establishment = Establishment(
                name=row[1],
                legal_form=pick.choice(("household", "enterprise", "cooperative")),
                province=commune.province,
                commune=commune,
                sector=pick.choice("abcd"),
                main_product=row[9],
                woman_owned=pick.random() < 0.2,
            )
            establishment.derive()
            establishment.organisation = build(name=row[1], kind=establishment.legal_form, place=commune)
            made.append(establishment)
            years.append(YearlyFacts(establishment=establishment, year=2025, workers=pick.randint(1, 90)))
            if pick.random() < 0.2:
                product = Product(establishment=establishment, name=row[9])
                product.derive()
                products.append(product)
        from khuyencong.organisations.models import Organisation

        Organisation.objects.bulk_create([e.organisation for e in made])
        Establishment.objects.bulk_create(made)
        YearlyFacts.objects.bulk_create(years)
        Product.objects.bulk_create(products)


def pages(times: int = 40) -> list[tuple[str, float, str, float]]:
    """p95 of each list in the process, and how many queries it asked."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from khuyencong.establishments.models import Establishment
    from khuyencong.people.models import Mandate, User
    from khuyencong.places import queries as places

    measured = []
    province = places.province_by_code("66")
    reader, _made = User.objects.get_or_create(username="bench-tinh", defaults={"last_name": "Bench"})
    Mandate.objects.get_or_create(user=reader, role="appraiser", place=province, valid_from="2020-01-01")
    country, _made = User.objects.get_or_create(username="bench-nuoc", defaults={"last_name": "Bench"})
    Mandate.objects.get_or_create(user=country, role="auditor", whole_country=True, valid_from="2020-01-01")
    one = Establishment.objects.filter(province=province).order_by("-pk").first()
    asked: dict[str, tuple[User, str]] = {
        "danh sách, tỉnh": (reader, "/co-so/"),
        "danh sách, tỉnh, trang 100": (reader, "/co-so/?trang=100"),
        "danh sách, tỉnh, tìm": (reader, "/co-so/?q=moc+lan"),
        "danh sách, tỉnh, lọc": (reader, "/co-so/?sector=a&flag=woman_owned"),
        "danh sách, cả nước": (country, "/co-so/"),
        "danh sách, cả nước, tìm": (country, "/co-so/?q=moc+lan+uyen"),
        "danh sách, cả nước, tìm không có": (country, "/co-so/?q=khongcoten"),
        "danh sách, cả nước, mã số thuế": (country, "/co-so/?q=01002"),
        "danh sách, cả nước, lọc": (country, "/co-so/?sector=a&legal_form=household"),
        "tìm chung, cả nước": (country, "/tim/?q=moc+lan"),
        "sản phẩm, tỉnh": (reader, "/co-so/san-pham/"),
        "sản phẩm, cả nước, tìm": (country, "/co-so/san-pham/?q=ruou"),
        "trùng, tỉnh": (reader, "/co-so/trung/"),
        "trang cơ sở": (reader, f"/co-so/{one.pk}/"),
    }
    for what, (user, url) in asked.items():
        client = Client()
        client.force_login(user)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            response = client.get(url)
        assert response.status_code == 200, (url, response.status_code)
        spent = []
        for _turn in range(times):
            start = time.perf_counter()
            client.get(url)
            spent.append((time.perf_counter() - start) * 1000)
        limit = 20 if "trang cơ sở" in what else 12
        measured.append((what, statistics.quantiles(spent, n=20)[18], "ms", 100))
        measured.append((f"  {what}: câu hỏi", len(seen), "", limit))
    return measured


def show(measured: list[tuple[str, float, str, float]]) -> None:
    """Each figure beside what is allowed."""
    for what, value, unit, limit in measured:
        mark = "" if value <= limit else "  VƯỢT"
        print(f"{what:<50} {value:>10.1f} {unit:<3} (≤ {limit:g}){mark}")


def main(count: int) -> None:
    """Everything of this module."""
    from django.core.management import call_command

    from khuyencong.people.models import Mandate, User
    from khuyencong.places.models import Unit

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    if not Unit.objects.exists():
        call_command("load_places", verbosity=0)
    system, _made = User.objects.get_or_create(username="system")
    Mandate.objects.get_or_create(user=system, role="system", whole_country=True, valid_from="2020-01-01")
    steps: list[Callable[[], list]] = []
    if "--pages-only" not in sys.argv:
        steps.append(lambda: [told[:4] for told in importing(count)])
    if "--import-only" not in sys.argv:
        steps.append(lambda: [fill(), pages()][1])
    for step in steps:
        show(step())


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    main(int(next((word for word in sys.argv[1:] if word.isdigit()), "100000")))
