"""Parts, money and time of a file."""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from khuyencong.base.money import dong, share
from khuyencong.base.sentences import counted
from khuyencong.norms.enums import Ground, Level, ProjectForm
from khuyencong.projects.enums import PartNumber, Rule
from khuyencong.projects.models import CostLine, OtherSource, Project
from khuyencong.projects.rules.findings import Finding, passed, refused, warned

# The parts that the system writes from its own records: parties and place, estimate.
SELF_WRITTEN = frozenset({PartNumber.PARTIES, PartNumber.ESTIMATE})


def parts_written(texts: Mapping[int, str]) -> Finding:
    """The eight parts are there (TT 36/2013 Đ5); parties and estimate are told by the records themselves."""
    lacking = [part for part in PartNumber if part not in SELF_WRITTEN and not texts.get(part.value, "").strip()]
    article = Ground.FILE_PARTS
    if lacking:
        named = "; ".join(f"{part.value}. {part.label}" for part in lacking)
        return refused(Rule.PARTS, _("Chưa viết phần: %(parts)s.") % {"parts": named}, article)
    return passed(Rule.PARTS, _("Đủ tám phần của đề án."), article)


def estimate_sums(project: Project, lines: Sequence[CostLine]) -> list[Finding]:
    """There is an estimate, each line's arithmetic holds, and its sums are the project's amounts (TT 36/2013 Đ5.6, Mẫu 1)."""
    article = Ground.ESTIMATE
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
            counted("Dự toán %(count)s dòng, cộng %(total)s đồng.", len(lines))
            % {"count": len(lines), "total": dong(project.total)},
            article,
        )
    ]


def line_product(line: CostLine) -> int | None:
    """Quantity × unit price in whole đồng, half up; None where one of them is not given."""
    if line.quantity is None or line.unit_price is None:
        return None
    return share(line.unit_price, line.quantity)


def support_fits_level(project: Project) -> Finding:
    """State money is asked for, of the level that manages the project (NĐ 45/2012 Đ12, Đ13)."""
    article = Ground.SOURCES
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
        Ground.OTHER_MONEY,
    )


def period_of(project: Project) -> Finding:
    """The work has a beginning and an end, in its plan year or later."""
    if project.starts_on is None or project.ends_on is None:
        return refused(Rule.PERIOD, _("Chưa ghi thời gian bắt đầu, kết thúc."), Ground.PERIOD)
    span = _("Thực hiện từ %(start)s đến %(end)s.") % {
        "start": f"{project.starts_on:%d/%m/%Y}",
        "end": f"{project.ends_on:%d/%m/%Y}",
    }
    if project.form != ProjectForm.FLAGSHIP and (
        project.starts_on.year < project.year or project.ends_on.year > project.year
    ):
        return warned(
            Rule.PERIOD,
            _("%(span)s Ngoài năm kế hoạch %(year)s: chứng từ ngoài năm ngân sách không quyết toán được.")
            % {"span": span, "year": project.year},
            Ground.BUDGET_YEAR,
        )
    return passed(Rule.PERIOD, span)
