import datetime as dt
from decimal import Decimal

import pytest

from khuyencong.audit.models import Event
from khuyencong.base.errors import NotAllowed, NotPossible
from khuyencong.projects import operations
from khuyencong.projects.models import CostLine
from khuyencong.projects.rules.estimates import line_product
from tests.factories.documents import PaperFactory
from tests.factories.norms import (
    ConditionFactory,
)
from tests.factories.places import ProvinceFactory
from tests.projects.given import MILLION

pytestmark = pytest.mark.django_db


def test_sending_moves_the_file_and_remembers_it(project, people, paper, day):
    file = project()
    letter = paper("submit")

    operations.submit(file, by=people.director, on=day, paper=letter)

    file.refresh_from_db()
    assert file.state == "submitted"
    [taken] = file.steps.all()
    assert (taken.name, taken.source, taken.target, taken.on, taken.paper, taken.by) == (
        "submit", "draft", "submitted", day, letter, people.director,
    )  # fmt: skip
    [event] = Event.objects.all()
    assert (event.action, event.subject_id, event.actor_id, event.on) == (
        "project.submit",
        file.pk,
        people.director.pk,
        day,
    )


@pytest.mark.parametrize("who", ["officer", "appraiser", "stranger", "minister"])
def test_only_the_head_of_the_own_centre_sends(who, project, people, paper, day):
    file = project()

    with pytest.raises(NotAllowed):
        operations.submit(file, by=getattr(people, who), on=day, paper=paper("submit"))

    file.refresh_from_db()
    assert (file.state, file.steps.count(), Event.objects.count()) == ("draft", 0, 0)


def test_the_clerk_records_what_the_director_signed_and_the_journal_keeps_both(project, people, paper, day):
    letter = paper("submit", signer="Vũ Đình Khoa", signer_title="Giám đốc Trung tâm")

    operations.submit(project(), by=people.clerk, on=day, paper=letter)

    [event] = Event.objects.all()
    assert (event.actor_id, event.signer) == (people.clerk.pk, "Vũ Đình Khoa")


def test_the_clerk_takes_no_step_without_a_signer(project, people, paper, day):
    with pytest.raises(NotAllowed):
        operations.submit(project(), by=people.clerk, on=day, paper=paper("submit"))


def test_the_paper_is_of_the_kind_that_the_step_demands(project, people, day):
    with pytest.raises(NotPossible, match="Công văn đề nghị"):
        operations.submit(project(), by=people.director, on=day, paper=PaperFactory(signed_on=day))


def test_the_paper_is_not_of_another_province(project, people, paper, day):
    with pytest.raises(NotPossible, match="tỉnh khác"):
        operations.submit(project(), by=people.director, on=day, paper=paper("submit", province=ProvinceFactory()))


def test_a_step_lies_neither_in_the_future_nor_before_its_paper_nor_before_the_last_step(
    project, people, paper, day, today
):
    file = project()
    with pytest.raises(NotPossible, match="chưa tới"):
        operations.submit(file, by=people.director, on=today + dt.timedelta(days=1), paper=paper("submit"))
    with pytest.raises(NotPossible, match="ngày ký"):
        operations.submit(file, by=people.director, on=day - dt.timedelta(days=1), paper=paper("submit"))
    operations.submit(file, by=people.director, on=today, paper=paper("submit"))

    with pytest.raises(NotPossible, match="bước liền trước"):
        operations.appraise(file, by=people.appraiser, on=today - dt.timedelta(days=1), paper=paper("appraise"))


def test_an_unwritten_part_stands_in_the_way(project, people, paper, day):
    file = project()
    file.parts.filter(number=8).delete()

    with pytest.raises(NotPossible, match=r"8\. Hiệu quả"):
        operations.submit(file, by=people.director, on=day, paper=paper("submit"))


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"counterpart": 0}, "Thiếu đối ứng"),
        ({"other": 5 * MILLION}, "Nguồn khác"),
        ({"level": "national"}, "phải có kinh phí khuyến công quốc gia"),
        ({"national": 1}, "không dùng kinh phí khuyến công quốc gia"),
        ({"local": 0}, "chưa đề nghị kinh phí"),
        ({"ends_on": None}, "thời gian bắt đầu, kết thúc"),
        ({"form": "flagship"}, "từ hai nhóm hoạt động"),
        ({"form": "flagship", "also": "4", "first_year": "Máy"}, "trên một năm"),
        ({"form": "flagship", "also": "4", "ends_on": dt.date(2027, 3, 15)}, "hoạt động của năm đầu"),
        ({"form": "group", "machine_type": ""}, "không được lập theo nhóm"),
    ],
)
def test_what_the_file_lacks_is_refused_with_its_sentence(facts, sentence, project, people, paper, day):
    ConditionFactory(kind="counterpart")

    with pytest.raises(NotPossible, match=sentence):
        operations.submit(project(**facts), by=people.director, on=day, paper=paper("submit"))


def test_a_line_whose_product_is_not_its_sources_is_refused(project, people, paper, day):
    file = project()
    file.cost_lines.update(quantity=2, unit_price=310 * MILLION + 1)

    with pytest.raises(NotPossible, match="số lượng × đơn giá"):
        operations.submit(file, by=people.director, on=day, paper=paper("submit"))


@pytest.mark.parametrize(("quantity", "total"), [("1.5", 500_000), ("0.5", 166_667)])
def test_half_a_dong_of_a_line_is_rounded_as_money_is(quantity, total):
    assert line_product(CostLine(quantity=Decimal(quantity), unit_price=333_333)) == total


def test_a_file_without_anybody_to_help_is_refused(project, people, paper, day):
    file = project()
    file.beneficiaries.all().delete()

    with pytest.raises(NotPossible, match="Chưa ghi đơn vị thụ hưởng"):
        operations.submit(file, by=people.director, on=day, paper=paper("submit"))
