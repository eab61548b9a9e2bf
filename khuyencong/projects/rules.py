"""What the law asks of a project file: pure functions from facts to findings, each with its article."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from khuyencong.base.money import dong
from khuyencong.norms.enums import ProjectKind as NormKind
from khuyencong.projects.enums import (
    ACTIVITY_OF,
    HELPS_ESTABLISHMENTS,
    NEEDS_COUNTERPART,
    Form,
    Kind,
    Level,
    PartNumber,
    Rule,
    Severity,
)
from khuyencong.projects.models import Beneficiary, CostLine, OtherSource, Project

# The same kinds in the words of the norms' rows.
NORM_KIND: dict[str, str] = {
    Kind.VOCATIONAL: NormKind.VOCATIONAL_TRAINING,
    Kind.MANAGEMENT_COURSE: NormKind.TRAINING_EVENT,
    Kind.STUDY_TOUR: NormKind.STUDY_VISIT,
    Kind.ENTERPRISE_SETUP: NormKind.ENTERPRISE_SETUP,
    Kind.DEMONSTRATION: NormKind.DEMONSTRATION,
    Kind.TECHNOLOGY_TRANSFER: NormKind.TECHNOLOGY_TRANSFER,
    Kind.MACHINERY: NormKind.MACHINERY,
    Kind.CLEANER_PRODUCTION: NormKind.CLEANER_ASSESSMENT,
    Kind.CLEANER_MODEL: NormKind.CLEANER_PILOT,
    Kind.AWARD_ROUND: NormKind.VOTING,
    Kind.FAIR_HELD: NormKind.FAIR,
    Kind.FAIR_JOINED: NormKind.FAIR_PARTICIPATION,
    Kind.FAIR_ABROAD: NormKind.FAIR,
    Kind.TRADEMARK: NormKind.BRAND,
    Kind.SHOWROOM: NormKind.SHOWROOM,
    Kind.CONSULTING: NormKind.CONSULTING,
    Kind.MEDIA: NormKind.MEDIA,
    Kind.ASSOCIATION: NormKind.ASSOCIATION,
    Kind.LINKAGE_CLUSTER: NormKind.ENTERPRISE_CLUSTER,
    Kind.CLUSTER_PLANNING: NormKind.CLUSTER_PLANNING,
    Kind.CLUSTER_INFRASTRUCTURE: NormKind.CLUSTER_INFRASTRUCTURE,
    Kind.POLLUTION_CLUSTER: NormKind.CLUSTER_POLLUTION,
    Kind.POLLUTION_ESTABLISHMENT: NormKind.ESTABLISHMENT_POLLUTION,
    Kind.RELOCATION_INTEREST: NormKind.LOAN_INTEREST,
    Kind.COOPERATION: NormKind.OTHER,
    Kind.CAPACITY: NormKind.OTHER,
}

# The parts that the system writes from its own records: parties and place, estimate.
SELF_WRITTEN = frozenset({PartNumber.PARTIES, PartNumber.ESTIMATE})


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says of a file: a sentence with its article, and whether it stands in the way.

    ``subject`` tells apart findings of one rule (a beneficiary's identifier); ``clearable`` ones a person may let pass
    with a reason.
    """

    rule: Rule
    severity: Severity
    sentence: str
    article: str = ""
    subject: str = ""
    clearable: bool = False
    reason: str = ""  # why it was let pass
    cleared_by: str = ""

    @property
    def refuses(self) -> bool:
        return self.severity == Severity.REFUSAL

    @property
    def told(self) -> str:
        """The sentence with its article."""
        return f"{self.sentence} ({self.article})" if self.article else self.sentence

    def let_pass(self, *, reason: str, by: str) -> "Finding":
        """The same finding after a person accepted it as an exception."""
        return replace(self, severity=Severity.CLEARED, reason=reason, cleared_by=by)


@dataclass(frozen=True, slots=True)
class GroupTerms:
    """What the law of the day says of group projects of one kind (from ``norms``)."""

    allowed: bool
    beneficiaries_later: bool
    must_name: str = ""
    article: str = ""


def passed(rule: Rule, sentence: str, article: str = "") -> Finding:
    """The rule is kept."""
    return Finding(rule, Severity.PASSED, sentence, article)


def refused(rule: Rule, sentence: str, article: str = "", *, subject: str = "", clearable: bool = False) -> Finding:
    """The rule stands in the way."""
    return Finding(rule, Severity.REFUSAL, sentence, article, subject, clearable)


def warned(rule: Rule, sentence: str, article: str = "", *, subject: str = "") -> Finding:
    """Something that a person should look at; it stops nothing."""
    return Finding(rule, Severity.WARNING, sentence, article, subject)


def parts_written(texts: Mapping[int, str]) -> Finding:
    """The eight parts are there (TT 36/2013 Đ5); parties and estimate are told by the records themselves."""
    lacking = [part for part in PartNumber if part not in SELF_WRITTEN and not texts.get(part.value, "").strip()]
    article = _("Điều 5 TT 36/2013/TT-BCT")
    if lacking:
        named = "; ".join(f"{part.value}. {part.label}" for part in lacking)
        return refused(Rule.PARTS, _("Chưa viết phần: %(parts)s.") % {"parts": named}, article)
    return passed(Rule.PARTS, _("Đủ tám phần của đề án."), article)


def estimate_sums(project: Project, lines: Sequence[CostLine]) -> list[Finding]:
    """There is an estimate, each line's arithmetic holds, and its sums are the project's amounts (TT 36/2013 Đ5.6, Mẫu 1)."""
    article = _("khoản 6 Điều 5 TT 36/2013/TT-BCT, Mẫu 1")
    if not lines:
        return [refused(Rule.ESTIMATE, _("Chưa lập dự toán chi tiết."), article)]
    findings = []
    for number, line in enumerate(lines, start=1):
        product = line_product(line)
        if product is not None and product != line.total:
            findings.append(
                refused(
                    Rule.ESTIMATE,
                    _(
                        "Dòng %(number)s “%(content)s”: số lượng × đơn giá = %(product)s, bốn nguồn cộng lại = %(total)s đồng."
                    )
                    % {"number": number, "content": line.content, "product": dong(product), "total": dong(line.total)},
                    article,
                    subject=f"line-{number}",
                )
            )
    for source in ("national", "local", "counterpart", "other"):
        told, given = getattr(project, source), sum(getattr(line, source) for line in lines)
        if told != given:
            findings.append(
                refused(
                    Rule.ESTIMATE,
                    _("%(source)s của đề án %(told)s đồng, các dòng dự toán cộng lại %(given)s đồng.")
                    % {
                        "source": Project._meta.get_field(source).verbose_name,
                        "told": dong(told),
                        "given": dong(given),
                    },
                    article,
                    subject=source,
                )
            )
    return findings or [
        passed(
            Rule.ESTIMATE,
            _("Dự toán %(count)s dòng, cộng %(total)s đồng.") % {"count": len(lines), "total": dong(project.total)},
            article,
        )
    ]


def line_product(line: CostLine) -> int | None:
    """Quantity × unit price in whole đồng; None where one of them is not given."""
    if line.quantity is None or line.unit_price is None:
        return None
    return int((line.quantity * line.unit_price).to_integral_value())


def support_fits_level(project: Project) -> Finding:
    """State money is asked for, of the level that manages the project (NĐ 45/2012 Đ12, Đ13)."""
    article = _("Điều 12, Điều 13 NĐ 45/2012/NĐ-CP")
    if project.support <= 0:
        return refused(Rule.SUPPORT, _("Đề án chưa đề nghị kinh phí khuyến công."), article)
    if project.level == Level.NATIONAL and project.national <= 0:
        return refused(Rule.SUPPORT, _("Đề án khuyến công quốc gia phải có kinh phí khuyến công quốc gia."), article)
    if project.level != Level.NATIONAL and project.national > 0:
        return refused(
            Rule.SUPPORT, _("Đề án khuyến công địa phương không dùng kinh phí khuyến công quốc gia."), article
        )
    return passed(
        Rule.SUPPORT, _("Đề nghị Nhà nước hỗ trợ %(amount)s đồng.") % {"amount": dong(project.support)}, article
    )


def other_sources_named(project: Project, sources: Iterable[OtherSource]) -> Finding | None:
    """“Nguồn khác” names who gives it; None where there is none."""
    named = sum(source.amount for source in sources)
    if named == project.other:
        if not named:
            return None
        return passed(Rule.OTHER_SOURCES, _("Nguồn khác %(amount)s đồng, đã ghi bên cấp.") % {"amount": dong(named)})
    return refused(
        Rule.OTHER_SOURCES,
        _("Nguồn khác %(amount)s đồng, mới ghi bên cấp cho %(named)s đồng.")
        % {"amount": dong(project.other), "named": dong(named)},
        _("khoản 3 Điều 11 NĐ 45/2012/NĐ-CP"),
    )


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


def period_of(project: Project) -> Finding:
    """The work has a beginning and an end, in its plan year or later."""
    if project.starts_on is None or project.ends_on is None:
        return refused(Rule.PERIOD, _("Chưa ghi thời gian bắt đầu, kết thúc."), _("khoản 5 Điều 5 TT 36/2013/TT-BCT"))
    span = _("Thực hiện từ %(start)s đến %(end)s.") % {
        "start": f"{project.starts_on:%d/%m/%Y}",
        "end": f"{project.ends_on:%d/%m/%Y}",
    }
    if project.form != Form.FLAGSHIP and (project.starts_on.year < project.year or project.ends_on.year > project.year):
        return warned(
            Rule.PERIOD,
            _("%(span)s Ngoài năm kế hoạch %(year)s: chứng từ ngoài năm ngân sách không quyết toán được.")
            % {"span": span, "year": project.year},
            _("khoản 4 Điều 14 NĐ 45/2012/NĐ-CP"),
        )
    return passed(Rule.PERIOD, span)


def beneficiaries_named(
    project: Project, beneficiaries: Sequence[Beneficiary], terms: GroupTerms | None
) -> list[Finding]:
    """Who is helped is named, unless the law lets a group project name them later; their money is within the project's."""
    article = _("khoản 1 Điều 5 TT 36/2013/TT-BCT")
    findings = []
    if not beneficiaries and project.kind in HELPS_ESTABLISHMENTS:
        open_group = project.form == Form.GROUP and terms is not None and terms.allowed and terms.beneficiaries_later
        if not open_group:
            findings.append(refused(Rule.BENEFICIARIES, _("Chưa ghi đơn vị thụ hưởng."), article))
    if len(beneficiaries) > 1 and project.form == Form.SINGLE:
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


def sector_of(project: Project, beneficiaries: Sequence[Beneficiary], allowed: Mapping[str, str]) -> Finding | None:
    """The trade is one of those that may be helped (NĐ 45/2012 Đ5); ``allowed`` are the letters of the day with their text,
    empty where no list is loaded."""
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
    return passed(Rule.SECTOR, _("Ngành nghề có trong danh mục được hỗ trợ."), article)


def _letter(code: str) -> str:
    """The decree's own letter: the lists write đ as dd."""
    return "đ" if code == "dd" else code


def group_terms_kept(project: Project, beneficiaries: Sequence[Beneficiary], terms: GroupTerms) -> Finding | None:
    """A group project is of a kind that the law lets be one; national machinery groups name place, beneficiary and type of
    machine at ministry appraisal (TT 36/2013 Đ10.1a; TT 17/2018 Đ1.3, Điều 3a)."""
    if project.form != Form.GROUP:
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
            _("khoản 3 Điều 23 TT 36/2013/TT-BCT"),
        )
    return passed(Rule.GROUP, _("Dạng đề án được lập theo nhóm."), terms.article)


def flagship_terms_kept(project: Project) -> list[Finding]:
    """A flagship joins two or more activities, runs more than a year, and fixes those of its first year (TT 36/2013 Đ2;
    TT 17/2018 Điều 3a)."""
    if project.form != Form.FLAGSHIP:
        return []
    article = _("Điều 2 TT 36/2013/TT-BCT; Điều 3a (khoản 3 Điều 1 TT 17/2018/TT-BCT)")
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
                Rule.FLAGSHIP, _("Đề án điểm phải nêu cụ thể hoạt động của năm đầu."), article, subject="first_year"
            )
        )
    return findings or [passed(Rule.FLAGSHIP, _("Đủ điều kiện đề án điểm."), article)]


def _longer_than_a_year(start: date, end: date) -> bool:
    try:
        anniversary = start.replace(year=start.year + 1)
    except ValueError:
        anniversary = date(start.year + 1, 3, 1)
    return end >= anniversary


def activity_of(kind: str) -> int:
    """The group of activities of NĐ 45/2012 Đ4 to which a kind of project belongs."""
    return int(ACTIVITY_OF[kind])
