"""Who is helped, and with how much."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from khuyencong.base.money import dong
from khuyencong.norms.enums import Ground, ProjectForm
from khuyencong.projects.enums import HELPS_ESTABLISHMENTS, Rule
from khuyencong.projects.models import Beneficiary, Project
from khuyencong.projects.rules.findings import Finding, passed, refused


@dataclass(frozen=True, slots=True)
class GroupTerms:
    """What the law of the day says of group projects of one kind (from ``norms``)."""

    allowed: bool
    beneficiaries_later: bool
    must_name: str = ""
    article: str = ""


def counterpart_sums(project: Project, beneficiaries: Sequence[Beneficiary]) -> Finding | None:
    """What the beneficiaries bring is within what the estimate says; None where it is."""
    named = sum(b.counterpart for b in beneficiaries)
    if not beneficiaries or named <= project.counterpart:
        return None
    return refused(
        Rule.COUNTERPART,
        _("Đối ứng của các đơn vị thụ hưởng %(named)s đồng, dự toán chỉ ghi %(amount)s đồng.")
        % {"named": dong(named), "amount": dong(project.counterpart)},
        Ground.ESTIMATE,
        subject="sum",
    )


def leaving_refused(beneficiary: Beneficiary) -> str:
    """Why no decision ends this one's support any more: its work was accepted, and the remainder is due to it (TT 36/2013 Đ14);
    empty where one may."""
    if beneficiary.accepted_on is None:
        return ""
    told = _("%(name)s đã được nghiệm thu ngày %(day)s nên không thôi thụ hưởng nữa; phần hỗ trợ được quyết toán.")
    return told % {"name": beneficiary, "day": f"{beneficiary.accepted_on:%d/%m/%Y}"}


def shares_over(project: Project, beneficiaries: Iterable[Beneficiary]) -> str:
    """Why the shares of those who are helped must be set again: together they are more than was granted.  Empty where they are
    not, and before anything is granted."""
    if project.granted is None:
        return ""
    now = list(beneficiaries)
    for source in ("national", "local"):
        granted = getattr(project, f"granted_{source}") or 0
        named = sum(getattr(b, source) for b in now)
        if named > granted:
            return _(
                "%(source)s của các đơn vị thụ hưởng cộng lại %(named)s đồng, vượt %(granted)s đồng được duyệt; hãy xác "
                "định lại phần của từng đơn vị, ở trang Đơn vị thụ hưởng của đề án."
            ) % {
                "source": {"national": _("KCQG"), "local": _("KCĐP")}[source],
                "named": dong(named),
                "granted": dong(granted),
            }
    return ""


def shares_under(project: Project, beneficiaries: Iterable[Beneficiary], *, before: Mapping[str, int]) -> str:
    """Why these shares take more than the grant asks: together they are less than it, and less than they were ``before`` (đồng by
    source).  Empty where they are not, and of a flagship, which spends the rest on its other work."""
    if project.form == ProjectForm.FLAGSHIP:
        return ""
    now = list(beneficiaries)
    for source, label in (("national", _("KCQG")), ("local", _("KCĐP"))):
        granted = getattr(project, f"granted_{source}") or 0
        named = sum(getattr(b, source) for b in now)
        if named < min(granted, before[source]):
            return _(
                "%(source)s của các đơn vị thụ hưởng cộng lại chỉ còn %(named)s đồng trong %(granted)s đồng được duyệt: %(rest)s "
                "đồng không còn của ai. Chỉ giảm đến đúng số được duyệt; giảm thêm phải có quyết định điều chỉnh."
            ) % {
                "source": label,
                "named": dong(named),
                "granted": dong(granted),
                "rest": dong(min(granted, before[source]) - named),
            }
    return ""


def beneficiaries_named(
    project: Project, beneficiaries: Sequence[Beneficiary], terms: GroupTerms | None
) -> list[Finding]:
    """Who is helped is named, unless the law lets a group project name them later; their money is within the project's."""
    article = Ground.PARTIES
    findings = []
    if not beneficiaries and project.kind in HELPS_ESTABLISHMENTS:
        open_group = (
            project.form == ProjectForm.GROUP and terms is not None and terms.allowed and terms.beneficiaries_later
        )
        if not open_group:
            findings.append(refused(Rule.BENEFICIARIES, _("Chưa ghi đơn vị thụ hưởng."), article))
    if len(beneficiaries) > 1 and project.form == ProjectForm.SINGLE:
        findings.append(
            refused(
                Rule.BENEFICIARIES,
                _("Đề án đơn lẻ chỉ có một đơn vị thụ hưởng; hãy chọn đề án nhóm hoặc đề án điểm."),
                article,
            )
        )
    for source in ("national", "local"):
        named = sum(getattr(b, source) for b in beneficiaries)
        if named > getattr(project, source):
            findings.append(
                refused(
                    Rule.BENEFICIARIES,
                    _("%(source)s ghi cho các đơn vị thụ hưởng %(named)s đồng, vượt %(amount)s đồng của đề án.")
                    % {
                        "source": Beneficiary._meta.get_field(source).verbose_name,
                        "named": dong(named),
                        "amount": dong(getattr(project, source)),
                    },
                    article,
                    subject=source,
                )
            )
    for b in beneficiaries:
        if told := total_differs(b, other=project.other):
            findings.append(refused(Rule.BENEFICIARIES, told, article, subject=str(b.uid)))
    if not findings and beneficiaries:
        findings.append(
            passed(Rule.BENEFICIARIES, _("%(count)s đơn vị thụ hưởng.") % {"count": len(beneficiaries)}, article)
        )
    return findings


def total_differs(beneficiary: Beneficiary, *, other: int) -> str:
    """How the whole investment of who is helped contradicts its sources; empty where it does not, or none is told yet.

    What other sources of the project give (``other``, đồng) may be in it beside State money and its own.
    """
    sources = beneficiary.support + beneficiary.counterpart
    if not sources or sources <= beneficiary.total <= sources + other:
        return ""
    facts = {"name": beneficiary.establishment, "total": dong(beneficiary.total), "sum": dong(sources)}
    if not other:
        return _("%(name)s: tổng đầu tư %(total)s đồng khác tổng các nguồn %(sum)s đồng (hỗ trợ cộng đối ứng).") % facts
    told = _(
        "%(name)s: tổng đầu tư %(total)s đồng khác tổng các nguồn %(sum)s đồng (hỗ trợ cộng đối ứng); nguồn khác của cả đề án "
        "là %(other)s đồng."
    )
    return told % {**facts, "other": dong(other)}
