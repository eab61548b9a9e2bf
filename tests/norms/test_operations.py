"""Acts on the law: each changes and remembers, and says no in a sentence."""

import datetime as dt

import pytest

from khuyencong.audit.models import Event
from khuyencong.authority.permissions import Permission
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.norms import operations, queries
from khuyencong.norms.models import Instrument, Line, SupportNorm
from khuyencong.places.models import Unit
from tests.factories.norms import InstrumentFactory, LineFactory, SupportNormFactory, law
from tests.norms.conftest import corner

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 22)
START, END = dt.date(2020, 1, 1), dt.date(2024, 1, 1)


class Person:
    """Whoever acts: authority is asked of him by name, as the house asks."""

    pk = 7

    def __init__(self, *permissions, province=None):
        self.permissions, self.province = permissions, province

    def __str__(self):
        return "Người quản trị"

    def holds(self, permission):
        return permission in self.permissions

    def may(self, permission, *, place=None, body=None, local=False):
        return permission in self.permissions and (
            self.province is None or (place is not None and place.pk == self.province.pk)
        )


@pytest.fixture
def manager():
    return Person(Permission.CATALOGUE_MANAGE)


@pytest.fixture
def stranger():
    return Person()


def last_event():
    return Event.objects.latest("pk")


def fields(**changed):
    return {
        "code": "TT 99/2030/TT-BTC",
        "kind": "circular",
        "number": "99/2030/TT-BTC",
        "title": "Mức chi",
        "body": "Bộ Tài chính",
        "valid_from": START,
        **changed,
    }


def test_a_text_is_recorded_and_remembered(manager):
    text = operations.add_instrument(by=manager, on=TODAY, **fields())

    assert Instrument.objects.get() == text
    assert (last_event().action, last_event().subject, last_event().on) == (
        "norms.add_instrument",
        "Thông tư 99/2030/TT-BTC",
        TODAY,
    )


@pytest.mark.parametrize(
    ("changed", "name"),
    [({"valid_to": START}, "valid_to"), ({"title": ""}, "title"), ({"kind": "x"}, "kind")],
)
def test_a_faulty_text_is_refused_by_its_field(manager, changed, name):
    with pytest.raises(Invalid) as refusal:
        operations.add_instrument(by=manager, on=TODAY, **fields(**changed))

    assert name in refusal.value.fields


def test_a_code_is_given_once(manager):
    operations.add_instrument(by=manager, on=TODAY, **fields())

    with pytest.raises(Invalid):
        operations.add_instrument(by=manager, on=TODAY, **fields())


def test_nobody_changes_the_law_without_authority(stranger):
    text, row = InstrumentFactory(), SupportNormFactory()
    for refused in (
        lambda: operations.add_instrument(by=stranger, on=TODAY, **fields()),
        lambda: operations.end_instrument(text, valid_to=END, by=stranger, on=TODAY),
        lambda: operations.link(text, target=row.instrument, kind="based_on", by=stranger, on=TODAY),
        lambda: operations.verify_instrument(text, mark="yes", source="x", by=stranger, on=TODAY),
        lambda: operations.add_row(text, model=SupportNorm, by=stranger, on=TODAY, line=row.line, valid_from=START),
        lambda: operations.end_row(row, valid_to=END, by=stranger, on=TODAY),
        lambda: operations.correct_row(row, by=stranger, on=TODAY, reason="x", cap=1),
        lambda: operations.verify_row(row, mark="no", source="", by=stranger, on=TODAY),
        lambda: operations.load(by=stranger),
    ):
        with pytest.raises(NotAllowed):
            refused()
    assert Event.objects.count() == 0


def test_who_manages_one_province_leaves_national_rows_alone():
    corner()
    dak_lak = Unit.objects.get(code="66")
    local = Person(Permission.CATALOGUE_MANAGE, province=dak_lak)
    own = operations.add_instrument(by=local, on=TODAY, **fields(level="provincial", province=dak_lak))

    assert own.province == dak_lak
    with pytest.raises(NotAllowed):
        operations.add_instrument(by=local, on=TODAY, **fields(code="x"))


def test_a_row_takes_level_and_province_from_its_text(manager):
    corner()
    dak_lak = Unit.objects.get(code="66")
    text = InstrumentFactory(provincial=True, province=dak_lak)

    row = operations.add_row(
        text,
        article="Điều 5",
        model=SupportNorm,
        by=manager,
        on=TODAY,
        line=LineFactory(),
        percent=40,
        valid_from=START,
    )

    assert (row.level, row.province) == ("provincial", dak_lak)
    assert last_event().action == "norms.add_row"


@pytest.mark.parametrize(
    ("since", "until", "free"),
    [
        (START, None, False),
        (dt.date(2019, 1, 1), dt.date(2020, 1, 2), False),
        (dt.date(2019, 1, 1), START, True),  # ends the day the other begins
        (dt.date(2023, 12, 31), None, False),
        (END, None, True),
        (dt.date(2021, 1, 1), dt.date(2022, 1, 1), False),
    ],
)
def test_two_rows_of_one_line_never_hold_on_one_day(manager, since, until, free):
    held = SupportNormFactory(valid_from=START, valid_to=END)
    text = InstrumentFactory(valid_from=dt.date(2018, 1, 1))
    new = {
        "model": SupportNorm,
        "by": manager,
        "on": TODAY,
        "line": held.line,
        "percent": 30,
        "valid_from": since,
        "valid_to": until,
    }

    if free:
        assert operations.add_row(text, article="Điều 5", **new).pk
        assert queries.overlaps() == []
    else:
        with pytest.raises(NotPossible, match="Trùng thời gian hiệu lực"):
            operations.add_row(text, article="Điều 5", **new)


def test_another_line_or_province_may_hold_on_the_same_day(manager):
    corner()
    held = SupportNormFactory()
    dak_lak = Unit.objects.get(code="66")
    local = InstrumentFactory(provincial=True, province=dak_lak)

    assert operations.add_row(
        held.instrument,
        article="Điều 5",
        model=SupportNorm,
        by=manager,
        on=TODAY,
        line=LineFactory(),
        cap=1,
        valid_from=START,
    )
    assert operations.add_row(
        local, article="Điều 5", model=SupportNorm, by=manager, on=TODAY, line=held.line, cap=1, valid_from=START
    )


def test_a_province_is_one_through_its_change_of_type(manager):
    """A row for the province of 2025 and one for the city of 2026 are rows of one province."""
    corner()
    line = LineFactory()
    text = InstrumentFactory(provincial=True)
    common = {
        "model": SupportNorm,
        "by": manager,
        "on": TODAY,
        "line": line,
        "cap": 1,
        "valid_from": dt.date(2026, 1, 1),
    }
    was, now = (Unit.objects.on(day).get(code="75") for day in (dt.date(2025, 11, 1), dt.date(2026, 11, 1)))
    operations.add_row(text, article="Điều 5", province=was, **common)

    with pytest.raises(NotPossible):
        operations.add_row(text, article="Điều 5", province=now, **common)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"percent": 101}, "100%"),
        ({"percent": 0}, "100%"),
        ({"cap": 0}, "lớn hơn 0 đồng"),
        ({"multiplier": "0.9"}, "nhỏ hơn 1"),
        ({"valid_to": START}, "sau ngày có hiệu lực"),
    ],
)
def test_a_row_that_cannot_be_law_is_refused_in_a_sentence(manager, changed, sentence):
    new = {"percent": 50, "valid_from": START, **changed}

    with pytest.raises(Invalid, match=sentence):
        operations.add_row(
            InstrumentFactory(), article="Điều 5", model=SupportNorm, by=manager, on=TODAY, line=LineFactory(), **new
        )


@pytest.mark.parametrize("article", ["", "  "])
def test_a_row_names_its_article_beside_everything_else_that_is_wrong(manager, article):
    new = {"line": LineFactory(), "percent": 101, "valid_from": START, "article": article}

    with pytest.raises(Invalid) as refusal:
        operations.add_row(InstrumentFactory(), model=SupportNorm, by=manager, on=TODAY, **new)

    assert sorted(refusal.value.fields) == ["article", "percent"]
    with pytest.raises(Invalid) as refusal:
        operations.succeed_row(SupportNormFactory(), valid_from=TODAY, cap=1, article=article, by=manager, on=TODAY)
    assert list(refusal.value.fields) == ["article"]


def test_a_row_that_was_loaded_without_its_article_may_be_put_right_and_an_article_is_not_taken_away(manager):
    loaded, cited = (SupportNormFactory(article=said, verified="no") for said in ("", "Điều 5"))

    operations.correct_row(loaded, by=manager, on=TODAY, reason="Gõ nhầm", cap=7)

    assert SupportNorm.objects.get(pk=loaded.pk).cap == 7
    with pytest.raises(Invalid) as refusal:
        operations.correct_row(cited, by=manager, on=TODAY, reason="Gõ nhầm", article="")
    assert list(refusal.value.fields) == ["article"]


def test_a_line_leans_on_no_line_that_leans_on_it(manager):
    text, machine, whole = InstrumentFactory(), LineFactory(), LineFactory()
    common = {"model": SupportNorm, "by": manager, "on": TODAY, "valid_from": START, "multiplier": "1.5"}

    with pytest.raises(Invalid, match="không thể tính theo chính nó") as refusal:
        operations.add_row(text, article="Điều 5", line=machine, derived_from=machine, **common)
    row = operations.add_row(text, article="Điều 5", line=whole, derived_from=machine, **common)
    with pytest.raises(Invalid, match="không thể tính theo chính nó"):
        operations.add_row(text, article="Điều 5", line=machine, derived_from=whole, **common)

    assert list(refusal.value.fields) == ["derived_from"]
    assert row.derived_from == machine


def test_local_support_names_its_province(manager):
    with pytest.raises(Invalid, match="phải ghi tỉnh"):
        operations.add_row(
            InstrumentFactory(provincial=True),
            article="Điều 5",
            model=SupportNorm,
            by=manager,
            on=TODAY,
            line=LineFactory(),
            cap=1,
            valid_from=START,
        )


@pytest.mark.parametrize(
    ("since", "until"), [(dt.date(2019, 12, 31), END), (START, None), (START, dt.date(2024, 1, 2))]
)
def test_a_row_does_not_reach_beyond_its_text(manager, since, until):
    text = InstrumentFactory(valid_from=START, valid_to=END)

    with pytest.raises(NotPossible, match="phải nằm trong"):
        operations.add_row(
            text,
            article="Điều 5",
            model=SupportNorm,
            by=manager,
            on=TODAY,
            line=LineFactory(),
            cap=1,
            valid_from=since,
            valid_to=until,
        )


def test_a_provincial_text_binds_its_province_only(manager):
    corner()
    text = InstrumentFactory(provincial=True, province=Unit.objects.get(code="66"))
    other = Unit.objects.on(TODAY).get(code="75")

    with pytest.raises(NotPossible, match="chỉ áp dụng cho Tỉnh Đắk Lắk"):
        operations.add_row(
            text,
            article="Điều 5",
            model=SupportNorm,
            by=manager,
            on=TODAY,
            line=LineFactory(),
            province=other,
            cap=1,
            valid_from=START,
        )


def test_ending_a_row_makes_room_for_the_next(manager):
    row = SupportNormFactory()

    operations.end_row(row, valid_to=END, by=manager, on=TODAY)

    assert SupportNorm.objects.get(pk=row.pk).valid_to == END
    assert last_event().data["valid_to"] == "2024-01-01"
    with pytest.raises(NotPossible, match="đã hết hiệu lực từ 01/01/2024"):
        operations.end_row(row, valid_to=END, by=manager, on=TODAY)


def test_a_row_ends_after_it_began(manager):
    with pytest.raises(Invalid, match="phải sau ngày có hiệu lực"):
        operations.end_row(SupportNormFactory(), valid_to=START, by=manager, on=TODAY)


def test_ending_a_text_ends_its_rows(manager):
    text = InstrumentFactory()
    row = SupportNormFactory(instrument=text)
    closed = SupportNormFactory(instrument=text, valid_to=dt.date(2021, 1, 1))

    operations.end_instrument(text, valid_to=END, by=manager, on=TODAY)

    assert [SupportNorm.objects.get(pk=r.pk).valid_to for r in (row, closed)] == [END, dt.date(2021, 1, 1)]
    assert last_event().data["rows"] == 1
    with pytest.raises(NotPossible):
        operations.end_instrument(text, valid_to=END, by=manager, on=TODAY)
    with pytest.raises(Invalid):
        operations.end_instrument(InstrumentFactory(), valid_to=START, by=manager, on=TODAY)


def test_an_unverified_row_can_be_put_right_and_both_values_are_remembered(manager):
    row = SupportNormFactory(verified="no", cap=35_000_000)

    operations.correct_row(row, by=manager, on=TODAY, reason="đọc nhầm", cap=36_000_000)

    assert SupportNorm.objects.get(pk=row.pk).cap == 36_000_000
    assert (last_event().data["before"], last_event().data["after"]) == ({"cap": 35_000_000}, {"cap": 36_000_000})


def test_a_verified_row_is_never_rewritten(manager):
    with pytest.raises(NotPossible, match="thay bằng dòng mới"):
        operations.correct_row(SupportNormFactory(), by=manager, on=TODAY, reason="x", cap=1)


def test_a_correction_gives_its_reason(manager):
    with pytest.raises(Invalid, match="lý do"):
        operations.correct_row(SupportNormFactory(verified="no"), by=manager, on=TODAY, reason=" ", cap=1)


def test_verifying_names_the_source(manager):
    row = SupportNormFactory(verified="no")
    with pytest.raises(Invalid, match="nguồn"):
        operations.verify_row(row, mark="yes", source=" ", by=manager, on=TODAY)
    with pytest.raises(Invalid, match="mức kiểm chứng"):
        operations.verify_row(row, mark="chắc", source="x", by=manager, on=TODAY)

    operations.verify_row(row, mark="yes", source="Công báo số 1", by=manager, on=TODAY)

    row.refresh_from_db()
    assert (row.verified, row.source, last_event().action) == ("yes", "Công báo số 1", "norms.verify_row")


def test_a_text_is_verified_and_linked(manager):
    text, base = InstrumentFactory(verified="no"), InstrumentFactory()

    operations.verify_instrument(text, mark="yes", source="Công báo", by=manager, on=TODAY)
    operations.link(text, target=base, kind="based_on", by=manager, on=TODAY)

    assert Instrument.objects.get(pk=text.pk).is_verified
    with pytest.raises(Invalid, match="đã được ghi"):
        operations.link(text, target=base, kind="based_on", by=manager, on=TODAY)
    with pytest.raises(Invalid, match="không thể dẫn chính nó"):
        operations.link(text, target=text, kind="amends", by=manager, on=TODAY)


# loading


def test_loading_twice_adds_nothing():
    first, second = operations.load(), operations.load()

    assert first.created > 800
    assert (second.created, second.same) == (0, first.created)


def test_rows_of_a_province_wait_until_places_know_it():
    operations.load()
    corner()

    again = operations.load()

    assert Instrument.objects.filter(code="NQ HĐND Đắk Lắk 26/7/2025").exists()
    assert again.created >= 4
    assert {row.verified for row in SupportNorm.objects.filter(province__code="66")} == {"press"}


def test_loading_leaves_what_people_have_put_right():
    operations.load()
    row = SupportNorm.objects.get(line__code="NHAN_HIEU", instrument__code="TT 28/2018/TT-BTC")
    SupportNorm.objects.filter(pk=row.pk).update(cap=40_000_000, verified="yes")

    operations.load()

    row.refresh_from_db()
    assert (row.cap, row.verified) == (40_000_000, "yes")


def test_loading_by_a_person_is_remembered(manager):
    operations.load(by=manager, on=TODAY)

    assert last_event().action == "norms.load"


def test_every_shipped_row_names_its_text_and_body():
    operations.load()

    assert not Instrument.objects.filter(body="").exists()
    assert {row.verified for row in SupportNorm.objects.all()} <= {"yes", "earlier_pass", "press", "no"}


@pytest.mark.parametrize(
    ("code", "day", "kind", "body", "refused"),
    [
        ("BC_CAP_TINH", dt.date(2025, 7, 1), "decision", "UBND tỉnh Đắk Lắk", True),
        ("BC_CAP_TINH", dt.date(2025, 7, 1), "resolution", "HĐND tỉnh Đắk Lắk", False),
        ("BC_CAP_TINH", dt.date(2025, 6, 30), "decision", "Ủy ban nhân dân tỉnh Đắk Lắk", False),
        ("THUONG_TINH", dt.date(2025, 7, 1), "resolution", "Hội đồng nhân dân tỉnh", True),
        ("THUONG_TINH", dt.date(2025, 7, 1), "decision", "Chủ tịch UBND tỉnh Đắk Lắk", False),
        ("MMTB", dt.date(2025, 7, 1), "decision", "UBND tỉnh Đắk Lắk", False),  # nobody read who sets it since 2018
    ],
)
def test_local_money_of_a_vote_is_set_by_the_body_that_the_law_names(manager, code, day, kind, body, refused):
    """TT 38/2025 Đ28.12: the Council sets what organising costs; Đ28.13: the committee sets the prizes."""
    corner()
    law()
    dak_lak = Unit.objects.get(code="66")
    text = InstrumentFactory(
        level="provincial", province=dak_lak, kind=kind, body=body, valid_from=day, number="1/2025", code="x"
    )

    def add():
        return operations.add_row(
            text,
            article="Điều 5",
            model=SupportNorm,
            line=Line.objects.get(code=code),
            cap=100_000_000,
            valid_from=day,
            by=manager,
            on=TODAY,
        )

    if refused:
        with pytest.raises(
            NotPossible, match=r"^Mức này do .* quy định \(khoản 1[23] Điều 28, Thông tư 38/2025/TT-BCT\)"
        ):
            add()
        assert not SupportNorm.objects.filter(instrument=text).exists()
    else:
        assert add().pk
