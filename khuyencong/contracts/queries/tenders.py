"""Whether a tender comes before the contract, and what may be bought."""

from datetime import date

from django.utils.translation import gettext as _

from khuyencong.norms import queries as norms
from khuyencong.norms.enums import ConditionKind, Level
from khuyencong.projects.models import Project


def selection_of(project: Project, *, on: date) -> norms.SelectionAnswer:
    """Tender or choice by the rule of the day: the national one for national money (TT 36/2013 Đ3), the province's for local
    money; empty where the province has none in the system."""
    province = None if project.level == Level.NATIONAL else project.province
    return norms.selection(project.kind, on=on, level=project.level, province=province)


def selection_told(project: Project, selection: norms.SelectionAnswer) -> str:
    """The same as a sentence; where no rule is loaded it says so and what binds all the same."""
    if selection.by_tender:
        return _("Phải có kết quả lựa chọn nhà thầu được phê duyệt trước khi ký hợp đồng (%(citation)s).") % {
            "citation": selection.citation
        }
    if selection.method:
        return _("Dạng đề án này xét chọn, không bắt buộc đấu thầu (%(citation)s).") % {"citation": selection.citation}
    if project.level == Level.NATIONAL:
        return _("Chưa có quy định về đấu thầu, xét chọn trong hệ thống cho ngày này.")
    return _(
        "%(province)s: chưa có quy định của tỉnh trong hệ thống về đấu thầu, xét chọn cho dạng đề án này; hệ thống không chặn, "
        "việc mua sắm vẫn theo Luật Đấu thầu."
    ) % {"province": project.province}


def new_machines_told(project: Project, *, on: date) -> str:
    """That only new machines are supported, with where the condition of the day stands."""
    province = None if project.level == Level.NATIONAL else project.province
    rows = norms.conditions(on=on, level=project.level, province=province)
    where = next((f" ({row.citation})" for row in rows if row.kind == ConditionKind.NEW_MACHINERY), "")
    return _("Máy móc được hỗ trợ phải là máy mới%(where)s.") % {"where": where}
