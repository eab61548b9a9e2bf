"""What a year in bulk stands on: the province with its people, the ministry's side, and the rows to be written."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from khuyencong.base.bulk import insert_objects
from khuyencong.budgets.models import Entry, Envelope
from khuyencong.contracts.models import (
    Acceptance,
    AcceptanceSeat,
    Advance,
    Assignment,
    Liquidation,
    ProgressReport,
    Purchase,
    Settlement,
    SupportContract,
    Voucher,
)
from khuyencong.documents.models import Dossier, DossierItem, Paper, Requirement
from khuyencong.establishments.models import Establishment, SupportedItem
from khuyencong.norms.enums import ProjectKind
from khuyencong.organisations.enums import Kind as BodyKind
from khuyencong.organisations.models import Organisation
from khuyencong.people.models import User
from khuyencong.places.models import Unit
from khuyencong.plans.models import Decision, Item, Share
from khuyencong.plans.models import StepTaken as DecisionStep
from khuyencong.projects.models import Beneficiary, CostLine, Part, Project, StepTaken
from khuyencong.tools.demo import names
from khuyencong.tools.demo.bodies import Bodies
from khuyencong.tools.demo.establishments import Register
from khuyencong.tools.demo.people import Staff

MILLION = 1_000_000


@dataclass(slots=True)
class Place:
    """One province of the demonstration, with everybody and everything in it."""

    province: Unit
    communes: list[Unit]
    former: dict[int, Unit]  # today's commune -> a unit that became it
    bodies: Bodies
    staff: Staff
    register: Register
    agency: User
    schools: list[Organisation]
    kept: int = 0  # so many establishments at the end of the register get nothing in bulk: the running year is theirs
    had: set[tuple[int, str]] = field(default_factory=set)  # who was helped in bulk, and with what
    repeated: bool = False  # whether the last who were chosen had the same before
    again: list[Project] = field(default_factory=list)  # the files that give the same again

    def choose(self, rows: Sequence[Establishment], kind: ProjectKind, *, number: int = 1) -> list[Establishment]:
        """The first of these that the bulk has not helped with the same before, as an appraisal would ask; any where none is left."""
        what = "machine" if kind in (ProjectKind.MACHINERY, ProjectKind.DEMONSTRATION) else str(kind)
        fresh = [one for one in rows if (one.pk, what) not in self.had]
        chosen = (fresh if len(fresh) >= number else [*rows])[:number]
        self.repeated = any((one.pk, what) in self.had for one in chosen)
        self.had.update((one.pk, what) for one in chosen)
        return chosen

    @property
    def given_to(self) -> list[Establishment]:
        """Those that the bulk may help; never the first, which belongs to a demo account, nor the one written twice."""
        return self.register.establishments[1 : len(self.register.establishments) - 1 - self.kept]

    @property
    def left(self) -> list[Establishment]:
        """Those that the running year may help, the demo account's own first."""
        rows = self.register.establishments
        return [rows[0], *rows[len(rows) - 1 - self.kept : len(rows) - 1]]

    def body(self, kind: BodyKind) -> Organisation:
        return self.bodies.of(kind, self.province)


@dataclass(slots=True)
class Nation:
    """The ministry's side of one year: the agency's envelope, and the one decision that speaks to all provinces."""

    envelope: Envelope
    decision: Paper
    committed: int = 0
    # what the checklists of that year ask of a project, by kind and level: the same in every province
    asked: dict[tuple[str, str], dict[str, list[Requirement]]] = field(default_factory=dict)


@dataclass(slots=True)
class Rows:
    """What is to be written, by model; ``flush`` writes it in an order in which everything that is pointed at is there."""

    by_model: dict[type[models.Model], list[Any]] = field(default_factory=lambda: defaultdict(list))

    ORDER = (
        Paper,
        Dossier,
        Project,
        CostLine,
        Part,
        Beneficiary,
        StepTaken,
        Decision,
        Item,
        Share,
        DecisionStep,
        Entry,
        Assignment,
        SupportContract,
        Purchase,
        ProgressReport,
        Advance,
        Acceptance,
        AcceptanceSeat,
        Voucher,
        Settlement,
        Liquidation,
        SupportedItem,
        DossierItem,
    )

    def add(self, row: Any) -> Any:
        self.by_model[type(row)].append(row)
        return row

    def flush(self) -> None:
        for model in self.ORDER:
            rows = self.by_model[model]
            if model is Entry:  # lines that follow another line must come after it
                _write([row for row in rows if row.origin is None])
                rows = [row for row in rows if row.origin is not None]
            _write(rows)


def _write(rows: list[Any]) -> None:
    """As ``bulk_create``, in half the time: keys of what was just written are taken over, then the values go as they are."""
    if not rows:
        return
    pointing = [field for field in type(rows[0])._meta.concrete_fields if field.is_relation]
    for row in rows:
        values, there = vars(row), row._state.fields_cache
        for relation in pointing:
            if values[relation.attname] is None and (other := there.get(relation.name)) is not None:
                values[relation.attname] = other.pk
    insert_objects(rows)


def title(kind: ProjectKind, trade: names.Trade, helped: list[Establishment], commune: Unit | None) -> str:
    where = commune.name if commune else ""
    product = trade.product[0].lower() + trade.product[1:]
    told = {
        ProjectKind.MACHINERY: f"Hỗ trợ ứng dụng {trade.machine[0].lower()}{trade.machine[1:]} trong sản xuất {product}, {where}",
        ProjectKind.DEMONSTRATION: f"Mô hình trình diễn kỹ thuật sản xuất {product}, {where}",
        ProjectKind.BRAND: f"Xây dựng, đăng ký nhãn hiệu cho {len(helped)} cơ sở {trade.name}, {where}",
        ProjectKind.VOCATIONAL_TRAINING: f"Đào tạo nghề {trade.name} cho lao động nông thôn, {where}",
        ProjectKind.TRAINING_EVENT: f"Tập huấn quản trị, khởi sự doanh nghiệp cho cơ sở công nghiệp nông thôn, {where}",
        ProjectKind.CONSULTING: f"Tư vấn cải tiến mẫu mã, bao bì sản phẩm {product}, {where}",
        ProjectKind.MEDIA: f"Chuyên mục khuyến công trên sóng phát thanh, truyền hình, đợt tại {where}",
        ProjectKind.VOTING: f"Bình chọn sản phẩm công nghiệp nông thôn tiêu biểu cấp tỉnh, tổ chức tại {where}",
    }
    return told[kind]


def place_text(unit: Unit) -> str:
    """As it was written on that day: with district and province of the time."""
    parts = [unit.full_name]
    if unit.parent is not None and unit.parent_id != unit.province_id:
        parts.append(unit.parent.full_name)
    if unit.province is not None:
        parts.append(unit.province.full_name)
    return ", ".join(parts)
