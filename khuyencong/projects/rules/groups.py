"""What group projects and flagships must keep."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from khuyencong.norms.enums import Ground, ProjectForm
from khuyencong.projects.enums import Rule
from khuyencong.projects.models import Beneficiary, Project
from khuyencong.projects.rules.beneficiaries import GroupTerms
from khuyencong.projects.rules.findings import Finding, passed, refused, warned


def group_terms_kept(project: Project, beneficiaries: Sequence[Beneficiary], terms: GroupTerms) -> Finding | None:
    """A group project is of a kind that the law lets be one; national machinery groups name place, beneficiary and type of
    machine at ministry appraisal (TT 36/2013 Đ10.1a; TT 17/2018 Đ1.3, Điều 3a)."""
    if project.form != ProjectForm.GROUP:
        return None
    if not terms.allowed:
        return refused(
            Rule.GROUP,
            _("Dạng “%(kind)s” không được lập theo nhóm.") % {"kind": project.get_kind_display()},
            terms.article,
        )
    if not terms.beneficiaries_later:
        lacking = []
        if project.commune_id is None and not project.place_text.strip():
            lacking.append(_("địa điểm"))
        if not beneficiaries:
            lacking.append(_("đơn vị thụ hưởng"))
        if not project.machine_type.strip():
            lacking.append(_("loại máy móc, thiết bị"))
        if lacking:
            return refused(
                Rule.GROUP,
                _("Đề án nhóm máy móc thiết bị phải nêu ngay khi thẩm định: %(facts)s.")
                % {"facts": ", ".join(lacking)},
                terms.article,
            )
        return passed(Rule.GROUP, _("Đã nêu địa điểm, đơn vị thụ hưởng và loại máy móc, thiết bị."), terms.article)
    if not beneficiaries:
        return warned(
            Rule.GROUP,
            _("Đề án nhóm chưa nêu đơn vị thụ hưởng: Sở duyệt danh sách (Mẫu 11) trước khi ký hợp đồng hỗ trợ."),
            Ground.GROUP_LIST,
        )
    return passed(Rule.GROUP, _("Dạng đề án được lập theo nhóm."), terms.article)


def flagship_terms_kept(project: Project) -> list[Finding]:
    """A flagship joins two or more activities, runs more than a year, and fixes those of its first year (TT 36/2013 Đ2;
    TT 17/2018 Điều 3a)."""
    if project.form != ProjectForm.FLAGSHIP:
        return []
    article = Ground.FLAGSHIP
    findings = []
    if len(set(project.activities)) < 2:
        findings.append(
            refused(
                Rule.FLAGSHIP,
                _("Đề án điểm phải gồm từ hai nhóm hoạt động khuyến công trở lên."),
                article,
                subject="also",
            )
        )
    if project.starts_on and project.ends_on and not _longer_than_a_year(project.starts_on, project.ends_on):
        findings.append(
            refused(Rule.FLAGSHIP, _("Đề án điểm thực hiện trong thời gian trên một năm."), article, subject="period")
        )
    if not project.first_year.strip():
        findings.append(
            refused(
                Rule.FLAGSHIP,
                _("Đề án điểm phải nêu cụ thể hoạt động của năm đầu."),
                Ground.FLAGSHIP_FIRST_YEAR,
                subject="first_year",
            )
        )
    return findings or [passed(Rule.FLAGSHIP, _("Đủ điều kiện đề án điểm."), article)]


def _longer_than_a_year(start: date, end: date) -> bool:
    try:
        anniversary = start.replace(year=start.year + 1)
    except ValueError:
        anniversary = date(start.year + 1, 3, 1)
    return end >= anniversary
