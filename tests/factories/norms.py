"""Legal texts and rows for tests, and the law as the house ships it (``law``)."""

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from khuyencong.norms import enums, models


class InstrumentFactory(DjangoModelFactory):
    class Meta:
        model = models.Instrument

    code = factory.Sequence(lambda n: f"TT {n}/2020/TT-BTC")
    kind = enums.InstrumentKind.CIRCULAR
    number = factory.LazyAttribute(lambda o: o.code.removeprefix("TT "))
    title = "Kinh phí khuyến công"
    body = "Bộ Tài chính"
    valid_from = dt.date(2020, 1, 1)
    verified = enums.Verified.YES

    class Params:
        provincial = factory.Trait(level=enums.Level.PROVINCIAL, kind=enums.InstrumentKind.RESOLUTION, body="HĐND tỉnh")


class LinkFactory(DjangoModelFactory):
    class Meta:
        model = models.Link

    instrument = factory.SubFactory(InstrumentFactory)
    target = factory.SubFactory(InstrumentFactory)
    kind = enums.LinkKind.BASED_ON


class LineFactory(DjangoModelFactory):
    class Meta:
        model = models.Line
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"DONG_{n}")
    name = "Ứng dụng máy móc, thiết bị tiên tiến"
    activity = 3
    kind = enums.ProjectKind.MACHINERY
    unit = "cơ sở"

    class Params:
        anywhere = factory.Trait(place_scope=enums.PlaceScope.NONE)


class RowFactory(DjangoModelFactory):
    class Meta:
        abstract = True

    instrument = factory.SubFactory(InstrumentFactory)
    article = "khoản 4 Điều 8"
    valid_from = dt.date(2020, 1, 1)
    verified = enums.Verified.YES


class SupportNormFactory(RowFactory):
    class Meta:
        model = models.SupportNorm

    line = factory.SubFactory(LineFactory)
    percent = 50
    cap = 200_000_000


class AdvanceNormFactory(RowFactory):
    class Meta:
        model = models.AdvanceNorm

    kind = enums.ProjectKind.MACHINERY
    ratio = "0.7"
    proof = enums.Proof.VOLUME
    volume = "0.7"


class PlaceRuleFactory(RowFactory):
    class Meta:
        model = models.PlaceRule

    code = factory.Sequence(lambda n: f"rule_{n}")
    basis = enums.PlaceBasis.UNIT
    unit_kinds = "commune"
    text = "sản xuất tại xã"


class HolderRowFactory(RowFactory):
    class Meta:
        model = models.HolderRow

    code = factory.Sequence(lambda n: f"holder-{n}")
    text = "Hợp tác xã"


class SectorRowFactory(RowFactory):
    class Meta:
        model = models.SectorRow

    code = factory.Sequence(lambda n: f"sector_{n}")
    text = "Hàng tiểu thủ công nghiệp"


class PriorityRowFactory(RowFactory):
    class Meta:
        model = models.PriorityRow

    code = factory.Sequence(lambda n: f"priority_{n}")
    kind = enums.PriorityKind.AREA
    rank = 1
    text = "Địa bàn khó khăn"


class DeadlineRowFactory(RowFactory):
    class Meta:
        model = models.DeadlineRow

    code = enums.Deadline.LIQUIDATION
    kind = enums.DeadlineKind.YEARLY
    month, day, year_offset = 1, 22, 1


class GroundRowFactory(RowFactory):
    class Meta:
        model = models.GroundRow

    code = enums.Ground.CHANGE
    article = "Điều 11"


class ExceptionalDayFactory(DjangoModelFactory):
    class Meta:
        model = models.ExceptionalDay

    day = factory.Sequence(lambda n: dt.date(2026, 12, 1) + dt.timedelta(days=n))
    works = False
    reason = "Nghỉ Tết Nguyên đán"
    source = "Thông báo 6150/TB-BNV"


class CriterionRowFactory(RowFactory):
    """One criterion of the general set of provincial councils."""

    class Meta:
        model = models.CriterionRow

    level = enums.Level.PROVINCIAL
    number = factory.Sequence(lambda n: n % 99 + 1)
    text = "Sự cần thiết của đề án"
    points = 20


class ConditionFactory(RowFactory):
    """A condition of its kind alone; kinds that count need their ``number``."""

    class Meta:
        model = models.Condition

    kind = enums.ConditionKind.PLACE
    code = factory.LazyAttribute(lambda o: str(o.kind))
    text = factory.LazyAttribute(lambda o: str(enums.ConditionKind(o.kind).label))


class ApproverRowFactory(RowFactory):
    class Meta:
        model = models.ApproverRow

    act = enums.Act.APPROVE_PLAN
    role = "ministry_approver"
    body = "Bộ trưởng Bộ Công Thương"


class ChangeAuthorityFactory(RowFactory):
    class Meta:
        model = models.ChangeAuthority

    change = enums.ChangeKind.STOP
    role = "ministry_approver"
    body = "Bộ trưởng Bộ Công Thương"


class GroupRuleFactory(RowFactory):
    class Meta:
        model = models.GroupRule

    kind = enums.ProjectKind.MACHINERY
    beneficiaries_later = True


class SelectionRuleFactory(RowFactory):
    class Meta:
        model = models.SelectionRule

    kind = enums.ProjectKind.FAIR
    method = enums.SelectionMethod.TENDER


class IndustryFactory(DjangoModelFactory):
    class Meta:
        model = models.Industry

    version = "VSIC 2025"
    code = factory.Sequence(lambda n: f"{n:05d}")
    level = 5
    name = "Chế biến, bảo quản rau quả"
    folded = "che bien, bao quan rau qua"


def law() -> None:
    """The law as the house ships it: texts, rows, lines (a quarter of a second; ask for it once a module)."""
    from khuyencong.norms import operations

    operations.load()
