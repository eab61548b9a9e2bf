"""Published figures are loaded once, kept as printed, and told where their parts do not give them."""

import json
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from khuyencong.base.errors import NotAllowed
from khuyencong.reporting import operations, rules
from khuyencong.reporting.enums import Discrepancy
from khuyencong.reporting.models import PublishedDocument, ReportedFigure
from khuyencong.reporting.queries import published
from tests.factories.people import person
from tests.factories.places import ProvinceFactory
from tests.factories.reporting import PublishedDocumentFactory, ReportedFigureFactory


def said(*values, step=0):
    return [rules.Said(Decimal(v), Decimal(v), Decimal(step), True) for v in values]


def judged(total, parts, *, step=0, is_open=False):
    return rules.compare(said(total, step=step)[0], parts, list_is_open=is_open)


# ---- the rule ----


def test_parts_that_give_the_total_say_nothing():
    assert judged("2025", said("1438", "60", "425.06", "101.94")).kind is None


@pytest.mark.parametrize(("parts", "kind"), [("182500", Discrepancy.ROUNDING), ("182499", Discrepancy.GAP)])
def test_half_of_the_step_of_rounding_is_rounding_and_one_beyond_is_a_gap(parts, kind):
    assert judged("183000", said(parts), step=1000).kind == kind


def test_the_steps_of_the_parts_count_too():
    assert judged("10", said("5.4", "5.4"), step=1).kind == Discrepancy.GAP
    assert judged("10", said("5.4", "5.4", step="0.4"), step=1).kind == Discrepancy.ROUNDING


def test_a_count_is_never_rounded():
    assert judged("25", said("24")).kind == Discrepancy.GAP


def test_an_open_list_below_its_total_proves_nothing_but_above_it_is_a_gap():
    assert judged("214", said("131"), is_open=True).kind == Discrepancy.OPEN_LIST
    assert judged("214", said("215"), is_open=True).kind == Discrepancy.GAP


def test_a_part_without_figure_is_missing_only_below_the_total():
    nothing = rules.Said(Decimal(0), Decimal(0), given=False)

    assert judged("33", [*said("25"), nothing]).kind == Discrepancy.PART_MISSING
    assert judged("33", [*said("34"), nothing]).kind == Discrepancy.GAP


def test_a_total_inside_the_range_of_its_parts_agrees():
    parts = [rules.Said(Decimal(10), Decimal(15)), rules.Said(Decimal(5), Decimal(5))]

    assert [judged(total, parts).kind for total in ("15", "20", "21")] == [None, None, Discrepancy.GAP]


# ---- loading ----


@pytest.mark.django_db
def test_loading_twice_adds_nothing():
    first = operations.load_published()
    rows = (PublishedDocument.objects.count(), ReportedFigure.objects.count())

    second = operations.load_published()

    assert first.created == sum(rows)
    assert (second.created, second.changed, second.same) == (0, 0, sum(rows))


@pytest.mark.django_db
def test_a_figure_that_was_changed_by_hand_is_brought_back_to_its_document():
    operations.load_published()
    ReportedFigure.objects.filter(key="dl-tien").update(value=89_216)

    done = operations.load_published()

    assert (done.changed, ReportedFigure.objects.get(key="dl-tien").value) == (1, 99_216)


@pytest.mark.django_db
def test_a_figure_keeps_the_place_of_its_day_and_names_the_province_of_today():
    gia_lai = ProvinceFactory(code="52", name="Gia Lai")

    operations.load_published()

    figure = ReportedFigure.objects.get(key="nd-22-de-an")
    assert (figure.province_then, figure.province) == ("Bình Định", gia_lai)


@pytest.mark.django_db
def test_the_qualifiers_of_the_documents_are_kept():
    operations.load_published()

    told = {f.key: (f.qualifier, f.planned) for f in ReportedFigure.objects.filter(key__startswith="dn17-")}
    assert told["dn17-tien"] == ("above", True)
    assert told["dn17-lop"] == ("expected", True)
    assert told["dn17-hoc-vien"] == ("about", True)
    assert ReportedFigure.objects.get(key="dl-hoc-vien").qualifier == "more"


@pytest.mark.django_db
def test_no_private_person_is_named():
    operations.load_published()

    assert not ReportedFigure.objects.filter(subject__contains="tên cá nhân").exists()


@pytest.mark.django_db
def test_who_may_not_import_may_not_load():
    with pytest.raises(NotAllowed):
        operations.load_published(by=person("auditor", country=True))


# ---- reconciliation ----


@pytest.mark.django_db
def test_the_faults_printed_in_the_documents_are_found():
    operations.load_published()

    found = {(f.figure.key): (f.figure.value, f.computed, f.difference, f.kind.value) for f in published.reconcile()}

    assert found["dl-tien"] == (99_216, 89_216, 10_000, "lệch")
    assert found["dl-de-an"] == (214, 131, 83, "danh sách để ngỏ")
    assert found["bt-hoc-vien"] == (792, 772, 20, "danh sách để ngỏ")
    assert found["bt-lop"] == (24, 20, 4, "danh sách để ngỏ")
    assert found["nd-22-de-an"] == (25, 24, 1, "lệch")
    assert found["bdi22-de-an"] == (27, 25, 2, "thiếu thành phần")
    assert {kind for *_rest, kind in found.values()} == set(Discrepancy.values)


@pytest.mark.django_db
def test_nothing_is_found_where_the_documents_agree_with_themselves():
    operations.load_published()

    found = {(f.figure.key, f.other.key if f.other else "") for f in published.reconcile()}

    assert found == {
        *((key, "") for key in ("dl-tien", "dl-de-an", "bt-lop", "bt-hoc-vien", "bc-2-cong-nhan", "nd-22-de-an")),
        *((key, "") for key in ("kh-3-tien", "kh-23-tien", "kh-25-tien", "nd-23-de-an", "nd-23-tien", "bdi22-de-an")),
        *((key, "") for key in ("nd-7-tong-de-an", "kh-15-tien", "kh-24-tien")),
        ("kh-4-tien", "kh-4-tien-laodong"),
        *((f"dl25-{level}-moit", f"dl25-{level}-ven") for level in ("tinh", "kv", "qg")),
    }


@pytest.mark.django_db
def test_two_sources_that_differ_are_told_with_both_and_their_qualifiers():
    one = ReportedFigureFactory(value=48_000, qualifier="above", unit="triệu đồng", document__title="Báo A")
    ReportedFigureFactory(value=104_000, qualifier="above", same_as=one, document__title="Báo B", position="dòng 4")

    [finding] = published.reconcile()

    assert (finding.kind, finding.difference) == (Discrepancy.GAP, -56_000)
    assert finding.sentence == (
        "Báo A ghi trên 48.000 triệu đồng; Báo B ghi trên 104.000; hai nguồn lệch 56.000 triệu đồng."
    )
    assert finding.source == f"Báo A, {one.position}; Báo B, dòng 4"


@pytest.mark.django_db
def test_two_sources_that_agree_say_nothing():
    ReportedFigureFactory(value=110, same_as=ReportedFigureFactory(value=110))

    assert published.reconcile() == []


@pytest.mark.django_db
def test_no_figure_was_worked_out_by_us():
    operations.load_published()

    assert not ReportedFigure.objects.filter(note__contains="suy ra").exists()
    assert not ReportedFigure.objects.filter(note__contains="tính ra").exists()
    assert ReportedFigure.objects.get(key="kh-29-qg").unit == "%"


@pytest.mark.django_db
def test_reconciling_repairs_nothing():
    operations.load_published()
    before = list(ReportedFigure.objects.order_by("pk").values())

    published.reconcile()

    assert list(ReportedFigure.objects.order_by("pk").values()) == before


@pytest.mark.django_db
def test_a_total_whose_parts_have_no_figure_at_all_says_nothing():
    ReportedFigureFactory(part_of=ReportedFigureFactory(), value=None)

    assert published.reconcile() == []


@pytest.mark.django_db
def test_one_province_reconciles_its_own_figures(django_assert_num_queries):
    here, there = ProvinceFactory(), ProvinceFactory()
    document = PublishedDocumentFactory()
    for place in (here, there):
        ReportedFigureFactory(document=document, province=place, value=1, part_of=ReportedFigureFactory(province=place))

    with django_assert_num_queries(1):
        found = published.reconcile(province_id=here.pk)

    assert [finding.figure.province for finding in found] == [here]


@pytest.mark.django_db
def test_a_gap_is_told_in_a_sentence_with_both_numbers():
    total = ReportedFigureFactory(value=99_216, unit="triệu đồng")
    ReportedFigureFactory(value=89_216, part_of=total)

    assert (
        published.reconcile()[0].sentence == "Ghi 99.216 triệu đồng; 1 thành phần cộng 89.216; lệch 10.000 triệu đồng."
    )


@pytest.mark.django_db
@pytest.mark.parametrize(("part", "computed", "difference"), [(18, 18, -3), (8, 8, 2)])
def test_a_range_is_told_whole_and_judged_by_its_nearer_end(part, computed, difference):
    ReportedFigureFactory(value=part, part_of=ReportedFigureFactory(value=10, value_to=15))

    [finding] = published.reconcile()

    assert finding.sentence == f"Ghi 10–15 đề án; 1 thành phần cộng {computed}; lệch {abs(difference)} đề án."
    told = finding.as_json()
    assert (told["stated"] - told["computed"], told["difference"]) == (difference, difference)


# ---- the commands ----


@pytest.mark.django_db
def test_the_command_prints_one_json_document():
    call_command("load_published", stdout=StringIO())
    out = StringIO()

    call_command("reconcile", "--json", stdout=out)

    rows = json.loads(out.getvalue())
    assert {tuple(row) for row in rows} == {
        ("source", "subject", "period", "indicator", "stated", "computed", "difference", "kind")
    }
    assert {
        "source": "Giải pháp nâng cao hiệu quả công tác khuyến công tỉnh Đắk Lắk, đoạn 2",
        "subject": "Đắk Lắk: Đề án đã thực hiện",
        "period": "2012-2023",
        "indicator": "Tổng kinh phí (triệu đồng)",
        "stated": 99216,
        "computed": 89216,
        "difference": 10000,
        "kind": "lệch",
    } in rows


@pytest.mark.django_db
def test_the_command_tells_a_person_the_same():
    total = ReportedFigureFactory(value=25)
    ReportedFigureFactory(value=24, part_of=total)
    out = StringIO()

    call_command("reconcile", stdout=out)

    assert out.getvalue().startswith("[lệch] Phú Yên: Đề án đã thực hiện, 2020, Số đề án (đề án): Ghi 25 đề án;")
