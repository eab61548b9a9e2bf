"""The names of a body through time: renamed by a paper, never by a correction."""

import datetime as dt

import pytest

from khuyencong.audit.models import Event
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.organisations import operations, queries
from khuyencong.organisations.models import FormerName
from tests.factories.documents import PaperFactory
from tests.factories.organisations import FormerNameFactory, OrganisationFactory
from tests.factories.people import person
from tests.factories.places import ProvinceFactory

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 2)
EVE = DAY - dt.timedelta(1)
OLD = "Trung tâm Khuyến công và Tư vấn phát triển công nghiệp"
NEW = "Trung tâm Khuyến công và Xúc tiến thương mại"


@pytest.fixture
def province():
    return ProvinceFactory(name="Đắk Lắk", full_name="Tỉnh Đắk Lắk")


@pytest.fixture
def administrator(province):
    return person("administrator", place=province)


@pytest.fixture
def centre(province):
    return OrganisationFactory(
        centre=True, place=province, name=OLD, short_name="Trung tâm cũ", founded_on=dt.date(2013, 1, 2)
    )


@pytest.fixture
def paper():
    return PaperFactory(kind="other", number="12/QĐ-UBND", signed_on=dt.date(2026, 2, 20), signer="Nguyễn Văn An")


@pytest.fixture
def rename(centre, administrator, paper):
    def do(**facts):
        return operations.rename(centre, **{"name": NEW, "on": DAY, "by": administrator, "paper": paper, **facts})

    return do


# --- renamed -----------------------------------------------------------------------------------------------------------


def test_a_body_is_renamed_by_a_paper_and_stays_the_same_body(rename, centre):
    body = rename(short_name="Trung tâm mới")

    former = FormerName.objects.get()
    assert (body.pk, body.name, body.short_name) == (centre.pk, NEW, "Trung tâm mới")
    assert (former.name, former.short_name, former.until) == (OLD, "Trung tâm cũ", DAY)
    assert (former.number, former.signed_on, former.signer) == ("12/QĐ-UBND", dt.date(2026, 2, 20), "Nguyễn Văn An")
    event = Event.objects.get()
    assert (event.action, event.on, event.signer, event.data["name"]) == (
        "organisation.rename",
        DAY,
        "Nguyễn Văn An",
        [OLD, NEW],
    )


@pytest.mark.parametrize(("day", "name", "short"), [(EVE, OLD, "Trung tâm cũ"), (DAY, NEW, NEW)])
def test_the_day_of_a_renaming_is_the_first_of_the_new_name(rename, day, name, short):
    body = rename()

    assert (queries.name_on(body, day), queries.names_of([body]).short_on(body, day)) == (name, short)


def test_several_names_follow_each_other(rename, administrator, centre):
    rename()
    operations.rename(
        centre, name="Trung tâm Khuyến công", on=dt.date(2026, 9, 1), by=administrator,
        paper=PaperFactory(kind="other", number="80/QĐ-UBND", signed_on=dt.date(2026, 8, 20)),
    )  # fmt: skip
    centre.refresh_from_db()

    told = [queries.name_on(centre, day) for day in (EVE, DAY, dt.date(2026, 8, 31), dt.date(2026, 9, 1))]
    assert told == [OLD, NEW, NEW, "Trung tâm Khuyến công"]
    assert centre.former_names == [NEW, OLD]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": OLD.upper()}, "name"),
        ({"name": "x"}, "name"),
        ({"on": dt.date(2026, 11, 23)}, "on"),  # tomorrow
        ({"on": dt.date(2013, 1, 2)}, "on"),  # founded on that day
        ({"paper": None}, "number"),
    ],
)
def test_what_is_wrong_with_a_renaming_is_told_at_its_field_and_nothing_changes(rename, centre, facts, field):
    with pytest.raises(Invalid) as refusal:
        rename(**facts)

    centre.refresh_from_db()
    assert list(refusal.value.fields) == [field]
    assert (centre.name, FormerName.objects.count(), Event.objects.count()) == (OLD, 0, 0)


def test_a_paper_without_a_number_renames_nobody(rename):
    with pytest.raises(Invalid, match="số, ký hiệu"):
        rename(paper=PaperFactory(kind="other", number=""))


@pytest.mark.parametrize("day", [EVE, DAY])
def test_a_renaming_comes_after_the_last_one(rename, day):
    rename()

    with pytest.raises(Invalid, match="02/03/2026") as refusal:
        rename(name="Trung tâm Khuyến công", on=day)
    assert list(refusal.value.fields) == ["on"]


def test_a_name_of_another_body_of_this_kind_there_is_refused(province, administrator, paper):
    OrganisationFactory(kind="school", place=province, name="Trường Cao đẳng Tây Nguyên")
    school = OrganisationFactory(kind="school", place=province, name="Trường Trung cấp nghề")

    with pytest.raises(Invalid, match="cùng tên"):
        operations.rename(school, name="Trường cao đẳng Tây Nguyên", on=DAY, by=administrator, paper=paper)

    assert FormerName.objects.count() == 0


def test_a_body_that_has_ended_takes_no_other_name(province, administrator, paper):
    body = OrganisationFactory(centre=True, place=province, ended=True)

    with pytest.raises(NotPossible, match="đã chấm dứt"):
        operations.rename(body, name=NEW, on=dt.date(2025, 6, 1), by=administrator, paper=paper)


@pytest.mark.parametrize("role", ["centre_director", "department_director", "centre_officer"])
def test_only_who_keeps_the_catalogue_renames_a_body_of_the_state(rename, province, role):
    with pytest.raises(NotAllowed):
        rename(by=person(role, place=province))


def test_an_administrator_elsewhere_renames_nobody(rename):
    with pytest.raises(NotAllowed):
        rename(by=person("administrator", place=ProvinceFactory()))


def test_a_correction_is_no_renaming(centre, administrator):
    body = operations.change(centre, name="Trung tâm Khuyến công và Tư vấn phát triển Công nghiệp", by=administrator)

    assert (FormerName.objects.count(), queries.name_on(body, EVE)) == (
        0,
        "Trung tâm Khuyến công và Tư vấn phát triển Công nghiệp",
    )


def test_a_correction_after_a_renaming_leaves_the_former_name(rename, administrator):
    body = operations.change(rename(), name=f"{NEW} Đắk Lắk", by=administrator)

    assert (queries.name_on(body, EVE), queries.name_on(body, DAY)) == (OLD, f"{NEW} Đắk Lắk")
    assert list(queries.search("tu van phat trien")) == [body]


# --- a former name told afterwards -------------------------------------------------------------------------------------


def test_a_former_name_is_told_afterwards_without_its_paper(centre, administrator):
    former = operations.record_former_name(centre, name="Trung tâm Khuyến công", on=DAY, by=administrator)

    centre.refresh_from_db()
    assert (centre.name, former.number, former.signed_on) == (OLD, "", None)
    assert (queries.name_on(centre, EVE), queries.name_on(centre, DAY)) == ("Trung tâm Khuyến công", OLD)
    assert Event.objects.get().action == "organisation.record_former_name"


def test_a_former_name_stands_between_two_others(rename, centre, administrator):
    rename()
    operations.record_former_name(centre, name="Trung tâm Khuyến công", on=dt.date(2020, 1, 1), by=administrator)
    centre.refresh_from_db()

    told = [queries.name_on(centre, day) for day in (dt.date(2019, 12, 31), dt.date(2020, 1, 1), DAY)]
    assert told == ["Trung tâm Khuyến công", OLD, NEW]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": OLD}, "name"),  # what followed
        ({"on": dt.date(2026, 11, 23)}, "on"),
        ({"on": dt.date(2013, 1, 2)}, "on"),
    ],
)
def test_a_former_name_has_a_day_and_is_another(centre, administrator, facts, field):
    with pytest.raises(Invalid) as refusal:
        operations.record_former_name(
            centre, **{"name": "Trung tâm Khuyến công", "on": DAY, "by": administrator, **facts}
        )
    assert list(refusal.value.fields) == [field]


def test_a_day_has_one_renaming(rename, centre, administrator):
    rename()

    with pytest.raises(Invalid, match="từ ngày này"):
        operations.record_former_name(centre, name="Trung tâm Khuyến công", on=DAY, by=administrator)


def test_a_body_that_has_ended_is_told_its_former_name_up_to_its_end(province, administrator):
    body = OrganisationFactory(centre=True, place=province, ended=True)  # on 1 July 2025

    with pytest.raises(Invalid):
        operations.record_former_name(body, name=OLD, on=dt.date(2025, 7, 2), by=administrator)
    assert operations.record_former_name(body, name=OLD, on=dt.date(2025, 7, 1), by=administrator).pk


def test_who_does_not_keep_the_catalogue_tells_no_former_name(centre, province):
    with pytest.raises(NotAllowed):
        operations.record_former_name(centre, name=NEW, on=DAY, by=person("centre_director", place=province))


def test_a_former_name_recorded_by_mistake_is_taken_away(rename, administrator):
    body = operations.remove_former_name(rename().named_before.get(), by=administrator)

    assert (body.name, body.former, queries.name_on(body, EVE)) == (NEW, "", NEW)
    assert list(queries.search("tu van phat trien")) == []
    assert Event.objects.latest("pk").data["name"] == OLD


def test_a_former_name_is_taken_away_once(rename, administrator):
    body = rename()
    former, seen_by_another = body.named_before.get(), body.named_before.get()
    operations.remove_former_name(former, by=administrator)
    before = Event.objects.count()

    with pytest.raises(NotPossible, match="đã được bỏ"):
        operations.remove_former_name(seen_by_another, by=administrator)

    assert Event.objects.count() == before


def test_who_does_not_keep_the_catalogue_takes_no_former_name_away(rename, province):
    former = rename().named_before.get()

    with pytest.raises(NotAllowed):
        operations.remove_former_name(former, by=person("centre_director", place=province))


@pytest.mark.parametrize(("day", "fits"), [(EVE, False), (DAY, True)])
def test_a_body_does_not_end_before_its_last_renaming(rename, administrator, day, fits):
    body = rename()

    if fits:
        assert operations.end(body, on=day, by=administrator).ended_on == day
    else:
        with pytest.raises(Invalid, match="đổi tên"):
            operations.end(body, on=day, by=administrator)


def test_a_body_is_not_founded_after_a_renaming(rename, administrator):
    with pytest.raises(Invalid) as refusal:
        operations.change(rename(), founded_on=DAY, by=administrator)

    assert list(refusal.value.fields) == ["founded_on"]


# --- found by them -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["Tư vấn phát triển", "tu van PHAT TRIEN", "xuc tien thuong mai"])
def test_a_body_is_found_by_any_of_its_names(rename, typed):
    body = rename()

    assert list(queries.search(typed)) == [body]


def test_a_second_body_is_not_entered_under_the_former_name_of_another(province, administrator, paper):
    school = OrganisationFactory(kind="school", place=province, name="Trường Trung cấp nghề Tây Nguyên")
    operations.rename(school, name="Trường Cao đẳng Tây Nguyên", on=DAY, by=administrator, paper=paper)

    with pytest.raises(Invalid, match="Trường Cao đẳng Tây Nguyên"):
        operations.register(name="Truong Trung cap nghe Tay Nguyen", kind="school", place=province, by=administrator)
    with pytest.raises(Invalid, match="cùng tên"):
        operations.register(name="Trường Cao đẳng Tây Nguyên", kind="school", place=province, by=administrator)


def test_the_names_of_one_and_of_three_cost_one_query_and_those_of_nobody_renamed_none(django_assert_num_queries):
    renamed = [FormerNameFactory().organisation for _n in range(3)]
    plain = OrganisationFactory()

    for bodies, number in (([plain, None], 0), (renamed[:1], 1), ([*renamed, plain], 1)):
        with django_assert_num_queries(number):
            names = queries.names_of(bodies)
            told = [names.on(body, dt.date(2025, 6, 30)) for body in bodies if body]
        assert told == [body.former or body.name for body in bodies if body]


def test_a_former_name_outside_the_life_of_its_body_is_told_by_the_check():
    body = OrganisationFactory(founded_on=DAY)
    assert queries.invariants() == []

    FormerNameFactory(organisation=body, name=OLD, until=DAY)

    assert [OLD in sentence for sentence in queries.invariants()] == [True]


def test_a_body_that_is_not_found_by_its_former_names_is_told_by_the_check():
    row = FormerNameFactory(name=OLD)
    assert queries.invariants() == []

    type(row.organisation).objects.update(former="Tên khác")

    assert [row.organisation.name in sentence for sentence in queries.invariants()] == [True]
