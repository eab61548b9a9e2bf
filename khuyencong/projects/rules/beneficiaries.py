"""Who is helped, with what of his own, in which trade."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from khuyencong.base.money import dong
from khuyencong.norms.enums import ProjectForm
from khuyencong.projects.enums import HELPS_ESTABLISHMENTS, NEEDS_COUNTERPART, Rule
from khuyencong.projects.models import Beneficiary, Project
from khuyencong.projects.rules.findings import Finding, passed, refused, warned


@dataclass(frozen=True, slots=True)
class GroupTerms:
    """What the law of the day says of group projects of one kind (from ``norms``)."""

    allowed: bool
    beneficiaries_later: bool
    must_name: str = ""
    article: str = ""


def counterpart_committed(project: Project, beneficiaries: Sequence[Beneficiary]) -> Finding | None:
    """Where the beneficiary pays the rest, that rest is in the file (TTLT 26/2014 Đ7; the condition since then unverified)."""
    article = _("điều kiện hỗ trợ: Điều 7 TTLT 26/2014/TTLT-BTC-BCT, nay theo TT 28/2018/TT-BTC, chưa kiểm chứng")
    if project.kind not in NEEDS_COUNTERPART:
        return None
    if project.counterpart <= 0:
        return refused(
            Rule.COUNTERPART,
            _("Thiếu đối ứng: đơn vị thụ hưởng phải bảo đảm phần kinh phí còn lại của %(kind)s.")
            % {"kind": project.get_kind_display().lower()},
            article,
            clearable=True,
        )
    without = [str(b.establishment) for b in beneficiaries if b.support and not b.counterpart]
    if without:
        return refused(
            Rule.COUNTERPART,
            _("Chưa ghi đối ứng của: %(names)s.") % {"names": ", ".join(without)},
            article,
            clearable=True,
        )
    named = sum(b.counterpart for b in beneficiaries)
    if beneficiaries and named > project.counterpart:
        return refused(
            Rule.COUNTERPART,
            _("Đối ứng của các đơn vị thụ hưởng %(named)s đồng, dự toán chỉ ghi %(amount)s đồng.")
            % {"named": dong(named), "amount": dong(project.counterpart)},
            article,
        )
    return passed(Rule.COUNTERPART, _("Đối ứng %(amount)s đồng.") % {"amount": dong(project.counterpart)}, article)


def beneficiaries_named(
    project: Project, beneficiaries: Sequence[Beneficiary], terms: GroupTerms | None
) -> list[Finding]:
    """Who is helped is named, unless the law lets a group project name them later; their money is within the project's."""
    article = _("khoản 1 Điều 5 TT 36/2013/TT-BCT")
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
        if b.total < b.support + b.counterpart:
            findings.append(
                refused(
                    Rule.BENEFICIARIES,
                    _("%(name)s: tổng đầu tư %(total)s đồng nhỏ hơn hỗ trợ cộng đối ứng %(sum)s đồng.")
                    % {"name": b.establishment, "total": dong(b.total), "sum": dong(b.support + b.counterpart)},
                    article,
                    subject=str(b.uid),
                )
            )
    if not findings and beneficiaries:
        findings.append(
            passed(Rule.BENEFICIARIES, _("%(count)s đơn vị thụ hưởng.") % {"count": len(beneficiaries)}, article)
        )
    return findings


def sector_of(
    project: Project,
    beneficiaries: Sequence[Beneficiary],
    allowed: Mapping[str, str],
    *,
    difficult_only: Collection[str] = (),
) -> Finding | None:
    """The trade is one of those that may be helped (NĐ 45/2012 Đ5); ``allowed`` are the letters of the day with their text,
    empty where no list is loaded; those of ``difficult_only`` only in difficult areas, which somebody has to look at."""
    if project.kind not in HELPS_ESTABLISHMENTS or not allowed:
        return None
    article = _("Điều 5 NĐ 45/2012/NĐ-CP")
    letters = {project.sector} if project.sector else {b.establishment.sector for b in beneficiaries}
    letters -= {""}
    if not letters:
        return warned(Rule.SECTOR, _("Chưa ghi ngành nghề của đề án hoặc của cơ sở."), article)
    others = sorted(letters - {_letter(code) for code in allowed})
    if others:
        return refused(
            Rule.SECTOR,
            _("Ngành nghề “%(letters)s” không có trong danh mục được hỗ trợ.") % {"letters": ", ".join(others)},
            article,
            clearable=True,
        )
    if bound := sorted(letters & {_letter(code) for code in difficult_only}):
        return warned(
            Rule.SECTOR,
            _("Ngành nghề “%(letters)s” chỉ được hỗ trợ ở địa bàn khó khăn, đặc biệt khó khăn: hãy đối chiếu địa bàn.")
            % {"letters": ", ".join(bound)},
            article,
        )
    return passed(Rule.SECTOR, _("Ngành nghề có trong danh mục được hỗ trợ."), article)


def _letter(code: str) -> str:
    """The decree's own letter: the lists write đ as dd."""
    return "đ" if code == "dd" else code
