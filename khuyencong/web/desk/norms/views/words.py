"""A dated row in words: of what it speaks, and what it says."""

from django.utils.translation import gettext as _

from khuyencong.base.sentences import counted, sentence
from khuyencong.norms.enums import ConditionKind, ProjectKind
from khuyencong.norms.models import Condition, CriterionRow, Row, SupportNorm
from khuyencong.norms.rules import number
from khuyencong.web.desk.norms.views.shared import figures


def what_of(row: Row) -> str:
    """The row without its text, which stands above."""
    if isinstance(row, SupportNorm):
        return row.activity or row.line.name
    if isinstance(row, CriterionRow):
        return str(row)
    for name in ("text", "get_code_display", "get_kind_display", "get_act_display", "get_change_display"):
        found = getattr(row, name, None)
        if found := found() if callable(found) else found:
            form = getattr(row, "get_form_display", None)
            return f"{found} ({form()})" if form and form() else str(found)
    return _("Mọi dạng khác")


def value_of(row: Row) -> str:
    """What the row says, in one line."""
    said = []
    if isinstance(row, SupportNorm):
        return figures(row.percent, row.cap, row.multiplier, row.condition)
    if hasattr(row, "ratio"):
        said.append(_("tạm ứng %(percent)s%%") % {"percent": number(row.ratio * 100)})
        if row.volume is not None:
            said.append(_("khi khối lượng vượt %(percent)s%%") % {"percent": number(row.volume * 100)})
        return ", ".join(said)
    if hasattr(row, "strictly_before"):
        if row.kind in ("days_after", "working_days"):
            words = (
                counted("%(days)s ngày", row.days)
                if row.kind == "days_after"
                else counted("%(days)s ngày làm việc", row.days)
            )
            said = words % {"days": row.days}
            return _("%(days)s; không trả lời là đồng ý") % {"days": said} if row.silence_consents else said
        day = f"{row.day}/{row.month}" if row.month else _("%(day)s hằng tháng") % {"day": row.day}
        day = _("trước ngày %(day)s") % {"day": day} if row.strictly_before else _("ngày %(day)s") % {"day": day}
        if row.year_offset < 0:
            return _("%(day)s năm trước") % {"day": day}
        return _("%(day)s năm sau") % {"day": day} if row.year_offset else day
    if isinstance(row, Condition):
        return _condition(row)
    if isinstance(row, CriterionRow):
        return counted("tối đa %(points)s điểm", row.points) % {"points": row.points}
    for name in ("body", "get_method_display", "must_name"):
        found = getattr(row, name, None)
        if found := found() if callable(found) else found:
            return str(found)
    return ""


THRESHOLDS = {
    ConditionKind.FOREIGN_FAIRS: lambda n: counted("không quá %(number)s lần một năm", n),
    ConditionKind.LABOUR_INTENSIVE: lambda n: counted("từ %(number)s lao động", n),
    ConditionKind.LOCAL_MATERIAL: lambda _n: sentence("trên %(number)s%% nguyên liệu tại chỗ"),
    ConditionKind.COUNTERPART: lambda _n: sentence("đối ứng từ %(number)s%% tổng kinh phí"),
    ConditionKind.NEW_MACHINERY: lambda n: counted("máy sản xuất không quá %(number)s năm", n),
}


def _condition(row: Condition) -> str:
    """Whether it binds, its threshold, and for which kinds of project."""
    said = [str(row.get_effect_display())]
    if row.number is not None:
        words = THRESHOLDS.get(ConditionKind(row.kind), lambda _n: sentence("ngưỡng %(number)s"))
        said.append(words(row.number) % {"number": number(row.number)})
    kinds = [str(ProjectKind(part).label) for part in row.kinds.split(",") if part in ProjectKind.values]
    applied = "; ".join(kinds) if kinds else _("mọi dạng hỗ trợ cơ sở")
    return _("%(rule)s; áp dụng: %(kinds)s") % {"rule": ", ".join(said), "kinds": applied}
