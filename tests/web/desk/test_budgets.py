"""The desk of money: who sees which envelope, what may be recorded, what a refusal says."""

import datetime as dt
import html
import re

import pytest
from django.urls import reverse

from khuyencong.budgets import operations, queries
from khuyencong.budgets.models import Entry, Envelope
from tests.factories.budgets import EntryFactory, EnvelopeFactory
from tests.factories.documents import PaperFactory
from tests.factories.norms import InstrumentFactory, SupportNormFactory
from tests.factories.organisations import OrganisationFactory
from tests.factories.people import MandateFactory, UserFactory, person
from tests.factories.places import CommuneFactory, ProvinceFactory
from tests.factories.projects import ProjectFactory

pytestmark = pytest.mark.django_db
MILLION = 1_000_000


@pytest.fixture
def province():
    return ProvinceFactory(code="66", name="Đắk Lắk", full_name="Tỉnh Đắk Lắk")


@pytest.fixture
def accountant(client, province):
    user = person("accountant", place=province)
    client.force_login(user)
    return user


@pytest.fixture
def envelope(province):
    holder = OrganisationFactory(department=True, place=province)
    return EnvelopeFactory(province=province, holder=holder, name="KCĐP tỉnh 2026", given=3_400 * MILLION)


def decision(envelope, **values):
    return {
        "number": "3187/QĐ-UBND",
        "signed_on": "05/12/2025",
        "signer": "Nguyễn Văn An",
        "signer_title": "Phó Chủ tịch",
        "level": "provincial",
        "year": "2026",
        "province": envelope.province_id,
        "holder": envelope.holder_id,
        "name": "KCĐP tỉnh 2026",
        "amount": "600 triệu",
        "chapter": "416",
        "category": "280",
        "clause": "309",
    } | values


def pages(envelope, project):
    return [
        reverse("budgets:list"),
        reverse("budgets:record_decision"),
        reverse("budgets:page", args=[envelope.pk]),
        reverse("budgets:flow", args=[project.pk]),
        *(
            reverse(f"budgets:{name}", args=[envelope.pk])
            for name in ("add_decision", "manage", "return_money", "carry_over")
        ),
        reverse("budgets:reverse", args=[envelope.pk, envelope.entries.get().pk]),
    ]


def test_strangers_see_nothing(client, envelope, province):
    project = ProjectFactory(province=province)
    for url in pages(envelope, project):
        assert client.get(url).status_code == 302
    client.force_login(person("accountant", place=ProvinceFactory()))
    for url in pages(envelope, project)[2:]:
        assert client.get(url).status_code == 404
    client.force_login(UserFactory())
    assert client.get(reverse("budgets:page", args=[envelope.pk])).status_code == 404


def test_every_page_opens_for_the_accountant(client, accountant, envelope, province):
    EnvelopeFactory(province=province, holder=envelope.holder, name="KCĐP tỉnh 2027", year=2027)
    for url in pages(envelope, ProjectFactory(province=province)):
        assert client.get(url).status_code == 200, url


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_number_of_queries(client, accountant, province, django_assert_max_num_queries, count):
    for _ in range(count):
        EnvelopeFactory(province=province, given=100 * MILLION)

    with django_assert_max_num_queries(12):
        page = client.get(reverse("budgets:list")).content.decode()

    assert f"<b>{count} nguồn</b>" in page or f"{count} nguồn" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_ledger_asks_the_same_number_of_queries(
    client, accountant, envelope, province, django_assert_max_num_queries, count
):
    paper = PaperFactory()
    for _ in range(count):
        project = ProjectFactory(province=province)
        operations.commit(envelope, project=project, amount=MILLION, by=accountant, on=paper.signed_on, paper=paper)

    with django_assert_max_num_queries(16):
        page = client.get(reverse("budgets:page", args=[envelope.pk])).content.decode()

    assert page.count('<tr id="bt') == count + 1


@pytest.mark.parametrize(("count", "second"), [(49, 0), (50, 1)])
def test_a_long_ledger_has_pages_and_goes_on_with_what_is_left(client, accountant, envelope, province, count, second):
    project, paper = ProjectFactory(province=province), PaperFactory()
    for _ in range(count):
        EntryFactory(envelope=envelope, kind="committed", amount=MILLION, project=project, paper=paper)
    address = reverse("budgets:page", args=[envelope.pk])

    first, other = (client.get(f"{address}?trang={page}").content.decode() for page in (1, 2))

    assert first.count('<tr id="bt') == 50
    assert other.count('<tr id="bt') == (second or 50)  # a page beyond the last is the last
    assert ('rel="next"' in first) == bool(second)
    assert ("3.350.000.000" in other) == bool(second)


def test_a_decision_is_recorded_with_its_paper(client, accountant, envelope):
    answer = client.post(reverse("budgets:add_decision", args=[envelope.pk]), decision(envelope))

    assert answer.status_code == 302
    assert queries.available(envelope) == 4_000 * MILLION
    assert Entry.objects.latest("pk").paper.number == "3187/QĐ-UBND"


def test_a_decision_typed_twice_comes_back_filled_with_its_name(client, accountant, envelope):
    client.post(reverse("budgets:record_decision"), decision(envelope))

    answer = client.post(reverse("budgets:record_decision"), decision(envelope))

    assert answer.status_code == 422
    assert "3187/QĐ-UBND" in answer.content.decode()
    assert "đã được ghi nhận" in answer.content.decode()
    assert Entry.objects.count() == 2


def test_one_dong_too_much_is_refused_where_the_person_is(client, accountant, envelope):
    values = decision(envelope, amount="3.400.000.001", signed_on="15/01/2026")

    answer = client.post(reverse("budgets:return_money", args=[envelope.pk]), values)

    assert answer.status_code == 422
    assert "chỉ còn 3.400.000.000 đồng, thiếu 1 đồng" in answer.content.decode()
    assert queries.available(envelope) == 3_400 * MILLION


def test_money_is_carried_into_next_years_envelope(client, accountant, envelope):
    to = EnvelopeFactory(province=envelope.province, holder=envelope.holder, year=2027, given=MILLION)
    values = decision(envelope, to=to.pk, amount="", signed_on="15/01/2026")

    client.post(reverse("budgets:carry_over", args=[envelope.pk]), values)

    assert (queries.available(envelope), queries.available(to)) == (0, 3_401 * MILLION)


def test_money_given_back_is_told_beside_what_the_decision_gave(client, accountant, envelope):
    page = reverse("budgets:page", args=[envelope.pk])
    assert "(được sử dụng" not in client.get(page).content.decode()
    EntryFactory(envelope=envelope, kind="returned", amount=100 * MILLION, on=dt.date(2026, 5, 4))

    told = client.get(page).content.decode()

    assert '<b class="kc-num">3.400</b>' in told
    assert "(được sử dụng 3.300, đã nộp trả 100)" in told


def test_money_given_back_leaves_given_what_the_decision_gave_in_every_list(client, accountant, envelope):
    EntryFactory(envelope=envelope, kind="returned", amount=100 * MILLION, on=dt.date(2026, 5, 4))

    shown = client.get(reverse("budgets:list")).context
    home = client.get("/").context["figures"][0]

    sums = shown["list"].totals
    assert (sums["total_given"], sums["total_moved"]) == (3_400 * MILLION, -100 * MILLION)
    assert sums["total_left"] == 3_300 * MILLION
    assert (shown["figures"][2].value, shown["figures"][2].notes[1]) == ("3.400", "chuyển nguồn, nộp trả -100")
    assert home.value == "3.400"


def test_who_only_looks_is_told_why_nothing_is_open(client, envelope):
    client.force_login(person("department_director", place=envelope.province))

    page = client.get(reverse("budgets:page", args=[envelope.pk])).content.decode()

    assert "Thuộc thẩm quyền: Kế toán." in page
    assert reverse("budgets:return_money", args=[envelope.pk]) not in page
    answer = client.post(reverse("budgets:return_money", args=[envelope.pk]), decision(envelope, amount="1"))
    assert answer.status_code == 403


@pytest.mark.parametrize("role", ["department_director", "ministry_agency", "auditor"])
def test_who_keeps_no_local_ledger_gets_neither_button_nor_form(client, envelope, province, role):
    """Money of a province is its accountant's; the ministry's agency writes in its own ledgers alone (NĐ 45/2012 Đ12, Đ13)."""
    user = person(role, country=True) if role == "ministry_agency" else person(role, place=province)
    client.force_login(user)

    page = client.get(reverse("budgets:page", args=[envelope.pk])).content.decode()

    assert "Thuộc thẩm quyền: Kế toán." in page
    assert "Chuyển nguồn sang năm sau" not in page
    for name in ("add_decision", "manage", "return_money", "carry_over"):
        answer = client.get(reverse(f"budgets:{name}", args=[envelope.pk]))
        assert (answer.status_code, "Việc này thuộc: Kế toán." in answer.content.decode()) == (403, True)
    assert Entry.objects.count() == 1


def test_the_carry_over_names_what_each_project_still_has(client, accountant, envelope, province):
    EnvelopeFactory(province=province, holder=envelope.holder, name="KCĐP tỉnh 2027", year=2027)
    project = ProjectFactory(province=province, state="running", year=2026)
    EntryFactory(envelope=envelope, kind="committed", amount=300 * MILLION, project=project)
    EntryFactory(envelope=envelope, kind="advanced", amount=200 * MILLION, project=project)

    page = client.get(reverse("budgets:carry_over", args=[envelope.pk])).content.decode()

    assert f"{project.code}, còn 300.000.000 đồng, trong đó đã tạm ứng 200.000.000 đồng" in page


def test_the_head_counts_national_and_local_money_apart(client, accountant, envelope):
    EnvelopeFactory(of_nation=True, province=envelope.province, given=500 * MILLION)

    page = client.get(reverse("budgets:list")).content.decode()

    assert Envelope.objects.count() == 2
    head = page[page.index("KCQG được giao") :]  # before it, addresses hold keys of records
    assert "500" in head[: head.index("KCĐP được giao")]


def test_home_and_the_list_tell_the_same_of_national_money_that_the_agency_keeps(client, province):
    """No national envelope of the province: its share of what the agency pays is told by both, and home leads to the list."""
    project = ProjectFactory(province=province, level="national", state="running", year=2026)
    agency = EnvelopeFactory(of_agency=True, given=500 * MILLION)
    EntryFactory(envelope=agency, kind="committed", amount=300 * MILLION, project=project)
    EntryFactory(envelope=agency, kind="advanced", amount=100 * MILLION, project=project)
    client.force_login(person("auditor", place=province))

    paid = client.get("/").context["figures"][1]
    listed = client.get(paid.url).context["figures"]

    assert (paid.notes[0], paid.url) == ("KCQG 33,3%, KCĐP –", "/kinh-phi/?year=2026")
    assert paid.notes[1] == "KCQG so với kinh phí Cục giữ cho đề án của tỉnh, KCĐP so với dự toán được giao"
    assert [(figure.value, figure.notes[-1]) for figure in listed[:2]] == [
        ("0", "Cục giữ cho đề án của tỉnh: 300"),
        ("33,3%", "100 triệu đồng"),
    ]
    assert listed[1].notes[0] == "so với kinh phí Cục giữ cho đề án của tỉnh"

    EnvelopeFactory(of_nation=True, province=province, given=1_000 * MILLION)  # now the province has its own
    assert client.get("/").context["figures"][1].notes[1] == "so với dự toán được giao"
    assert client.get(paid.url).context["figures"][1].notes[0] == "so với dự toán được giao"


@pytest.mark.parametrize(("day", "told"), [((2026, 11, 30), False), ((2026, 12, 1), True), ((2027, 1, 1), True)])
def test_the_end_of_its_own_year_asks_what_is_given_back_or_carried(
    client, accountant, envelope, monkeypatch, day, told
):
    monkeypatch.setattr("khuyencong.base.clock.today", lambda: dt.date(*day))

    page = client.get(reverse("budgets:page", args=[envelope.pk])).content.decode()

    assert ("Cuối năm: phải nộp trả hoặc chuyển nguồn" in page) == told


def test_in_december_next_years_envelope_is_not_asked_to_end(client, accountant, envelope, monkeypatch):
    monkeypatch.setattr("khuyencong.base.clock.today", lambda: dt.date(2026, 12, 15))
    coming = EnvelopeFactory(province=envelope.province, holder=envelope.holder, year=2027, given=MILLION)

    page = client.get(reverse("budgets:page", args=[coming.pk])).content.decode()

    assert "Cuối năm: phải nộp trả hoặc chuyển nguồn" not in page


def test_what_the_holder_spent_on_managing_leaves_out_what_implementers_spent(client, accountant, envelope):
    text = InstrumentFactory(provincial=True, province=envelope.province)
    facts = {"level": "provincial", "province": envelope.province, "instrument": text}
    SupportNormFactory(line__code="QL_CO_QUAN", percent="1.5", cap=None, **facts)
    project = ProjectFactory(approved=True, province=envelope.province)
    for amount, whose in ((7 * MILLION, None), (5 * MILLION, project)):
        EntryFactory(envelope=envelope, kind="management", amount=amount, project=whose)

    page = client.get(reverse("budgets:manage", args=[envelope.pk])).content.decode()

    assert "51.000.000 đồng; đã ghi 7.000.000 đồng" in page


def test_the_head_counts_the_province_that_the_list_shows(client, envelope):
    other = EnvelopeFactory(province=ProvinceFactory(), given=999 * MILLION)
    user = person("accountant", place=envelope.province)
    MandateFactory(user=user, role="accountant", place=other.province)
    client.force_login(user)
    client.post(reverse("switch"), {"province": envelope.province_id})

    page = client.get(reverse("budgets:list")).content.decode()

    head = page[page.index("KCĐP được giao") :]
    assert "3.400" in head[: head.index("KCĐP đã giải ngân")]


@pytest.mark.parametrize(("agency", "allotted", "once"), [(9_000, 2_000, 9_000), (2_000, 2_001, 2_001)])
def test_the_sums_of_the_list_count_national_money_once(client, province, agency, allotted, once):
    EnvelopeFactory(of_agency=True, given=agency * MILLION)
    mine = EnvelopeFactory(of_nation=True, province=province, given=allotted * MILLION)
    EntryFactory(envelope=mine, committed=True, amount=1_000 * MILLION)
    EnvelopeFactory(province=province, given=500 * MILLION)
    client.force_login(person("ministry_agency", country=True))

    sums = client.get(reverse("budgets:list")).context["list"].totals

    assert (sums["total_given"], sums["total_left"]) == ((once + 500) * MILLION, (once - 500) * MILLION)


def test_where_nothing_is_left_the_page_says_so_and_no_button_leads_there(client, accountant, envelope, province):
    promised = ProjectFactory(province=province, implementer=envelope.holder)
    EntryFactory(envelope=envelope, kind="committed", amount=3_400 * MILLION, project=promised)
    page = client.get(reverse("budgets:page", args=[envelope.pk])).content.decode()

    for name in ("return_money", "manage"):
        address = reverse(f"budgets:{name}", args=[envelope.pk])
        shut = client.get(address)
        assert (shut.status_code, "= còn 0 đồng chưa phân bổ" in shut.content.decode()) == (409, True)
        assert '<form method="post" action="' + address not in shut.content.decode()
        assert f'href="{reverse("budgets:page", args=[envelope.pk])}"' in shut.content.decode()
        assert address not in page
    assert "= còn 0 đồng chưa phân bổ" in page
    assert reverse("budgets:carry_over", args=[envelope.pk]) not in page  # there is no envelope of 2027


def test_what_was_put_right_is_not_put_right_again(client, accountant, envelope):
    line = envelope.entries.get()
    operations.reverse(
        line, reason="Ghi nhầm", by=accountant, on=line.on, paper=PaperFactory(kind="other", signed_on=line.on)
    )

    shut = client.get(reverse("budgets:reverse", args=[envelope.pk, line.pk]))

    assert (shut.status_code, "đã được đảo trước đó" in shut.content.decode()) == (409, True)


def test_a_decision_that_gave_this_line_is_not_offered_for_it_again(client, accountant, envelope, province):
    given = envelope.entries.get().paper
    other = PaperFactory(kind="budget_decision", province=province)
    given.province, given.kind = province, "budget_decision"
    given.save()

    more = client.get(reverse("budgets:add_decision", args=[envelope.pk])).context["form"].fields["existing"]
    new = client.get(reverse("budgets:record_decision")).context["form"].fields["existing"]

    assert set(more.queryset) == {other}
    assert set(new.queryset) == {given, other}  # another line of the same decision


@pytest.mark.parametrize("name", ["add_decision", "manage", "return_money", "carry_over", "reverse"])
def test_money_moves_by_papers_of_its_own_territory_and_time(client, accountant, envelope, province, name):
    kinds = {"return_money": "return_money", "carry_over": "carry_over", "reverse": "other"}
    facts = {"kind": kinds.get(name, "budget_decision"), "signed_on": dt.date(2026, 3, 1)}
    here = PaperFactory(province=province, **facts)
    PaperFactory(province=ProvinceFactory(), **facts)
    PaperFactory(province=None, **facts)  # the ministry's
    PaperFactory(province=province, commune=CommuneFactory(province=province), **facts)
    PaperFactory(province=province, **(facts | {"signed_on": dt.date(2019, 3, 1)}))
    of_project = PaperFactory(province=province, **facts)
    EntryFactory(
        envelope=envelope, kind="returned", amount=1, paper=of_project, project=ProjectFactory(province=province)
    )
    EnvelopeFactory(province=province, holder=envelope.holder, year=envelope.year + 1, name="KCĐP tỉnh 2027")
    line = [envelope.entries.first().pk] if name == "reverse" else []

    form = client.get(reverse(f"budgets:{name}", args=[envelope.pk, *line])).context["form"]

    assert set(form.fields["existing"].queryset) == {here}


def test_national_money_moves_by_papers_of_the_ministry(client):
    facts = {"kind": "carry_over", "signed_on": dt.date(2026, 3, 1), "province": None}
    envelope, paper = EnvelopeFactory(of_agency=True, given=100 * MILLION), PaperFactory(**facts)
    EnvelopeFactory(of_agency=True, holder=envelope.holder, year=envelope.year + 1)
    client.force_login(person("ministry_agency", country=True))

    form = client.get(reverse("budgets:carry_over", args=[envelope.pk])).context["form"]

    assert set(form.fields["existing"].queryset) == {paper}


def test_a_long_list_of_the_country_is_shown_first_and_added_up_by_a_request_of_its_own(client, province, monkeypatch):
    EnvelopeFactory.create_batch(50, province=province, given=20 * MILLION)
    client.force_login(person("auditor", country=True))
    short = client.get(reverse("budgets:list")).content.decode()  # one page is added up at once
    assert 'data-label="Được giao">1.000</td>' in short and "Cộng cả danh sách" not in short
    EnvelopeFactory(province=province, given=20 * MILLION)

    page = client.get(reverse("budgets:list"), {"sap": "-given"}).content.decode()

    told = re.search(r'<tr class="sum" hx-get="([^"]+)".*?</tr>', page, re.DOTALL)
    assert "51 nguồn" in told[0] and 'data-label="Được giao">…</td>' in told[0] and "1.020" not in told[0]
    assert f'<a href="{told[1]}">Cộng cả danh sách</a>' in told[0]  # where no script runs
    address = html.unescape(told[1])
    assert "sap=-given" in address
    part = client.get(reverse("budgets:list") + address, headers={"HX-Request": "true"}).content.decode()
    assert part.startswith('<tr class="sum">') and 'data-label="Được giao">1.020</td>' in part
    assert part.strip() in client.get(reverse("budgets:list") + address).content.decode()
