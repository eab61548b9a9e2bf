"""Conditions of support: each kind of condition is one function from facts to what it comes to, with the numbers in its
sentence and every missing fact by its name."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from khuyencong.base.money import dong
from khuyencong.base.sentences import counted
from khuyencong.establishments.models import SupportedItem
from khuyencong.norms.enums import ConditionKind, Verified
from khuyencong.norms.models import Condition
from khuyencong.norms.rules import number
from khuyencong.projects.enums import HELPS_ESTABLISHMENTS, Newness, OtherSupport, Result, Where
from khuyencong.projects.models import Project
from khuyencong.projects.rules.findings import mark_of
from khuyencong.projects.rules.judgements import (
    COUNTERPART_PAPER,
    NO_OTHER_SUPPORT_PAPER,
    Facts,
    Figure,
    Helped,
    Judgement,
    Missing,
    Outcome,
)

_SHARES = 10_000  # a counterpart's share of the whole is told apart to a hundredth of a per cent


def is_asked(row: Condition, project: Project) -> bool:
    """Whether this condition is one of a project of this kind."""
    return project.kind in (row.asked_of or HELPS_ESTABLISHMENTS)


def judge(row: Condition, facts: Facts) -> Judgement | None:
    """What one condition comes to; None where it is not one of this project, or where no list of the day is recorded."""
    if not is_asked(row, facts.project):
        return None
    if row.kind in _OF_EACH and not facts.helped:
        told = _unknown(_("Chưa ghi đơn vị thụ hưởng."), Missing(_("đơn vị thụ hưởng"), Where.BENEFICIARIES))
        return Judgement(row, (told,))
    outcomes = tuple(RULES[ConditionKind(row.kind)](row, facts))
    return Judgement(row, outcomes) if outcomes else None


def reaches(row: Condition, value: Decimal | int) -> bool:
    """Whether a figure reaches the number of a condition: workers from it on, local material above it (TT 46/2012 Đ6.2)."""
    least = row.number or Decimal(0)
    return value > least if row.kind == ConditionKind.LOCAL_MATERIAL else value >= least


def _unknown(sentence: str, *missing: Missing, subject: str = "", article: str = "") -> Outcome:
    return Outcome(Result.UNKNOWN, sentence, missing, subject, article)


def _told(passed: bool) -> Result:
    return Result.PASSED if passed else Result.FAILED


def _place(row: Condition, facts: Facts) -> list[Outcome]:
    """Production lies where support is given (NĐ 45/2012 Đ1.2; from 15/10/2025 NĐ 235/2025 Đ1.1)."""
    found = []
    for who in facts.helped:
        told, e = who.place, who.beneficiary.establishment
        if told is None:
            continue
        sentence = f"{who.name}: {told.reason}"
        if told.result is None:
            where, key = (Where.PLACE, e.commune_id) if e.commune_id else (Where.ESTABLISHMENT, e.pk)
            missing = tuple(Missing(fact, where, key) for fact in told.missing)
            found.append(_unknown(sentence, *missing, subject=who.subject, article=told.article))
            continue
        # where somebody has read the text that refuses, the file is put right, not let pass
        clearable = told.verified != Verified.YES
        found.append(Outcome(_told(told.result), sentence, (), who.subject, told.article, clearable))
    return found


def _holder(row: Condition, facts: Facts) -> list[Outcome]:
    """The beneficiary has a legal form that may be helped (NĐ 45/2012 Đ1.2a); who applies cleaner production may have any."""
    if not facts.holders:
        return []
    found = []
    for who in facts.helped:
        e = who.beneficiary.establishment
        known = {"name": who.name, "form": e.get_legal_form_display().lower()}
        passed = e.legal_form in facts.holders or e.cleaner_production
        sentence = (
            _("%(name)s là %(form)s.") if passed else _("%(name)s là %(form)s, không thuộc đối tượng được hỗ trợ.")
        )
        found.append(Outcome(_told(passed), sentence % known, subject=who.subject, clearable=not row.is_verified))
    return found


def _sector(row: Condition, facts: Facts) -> list[Outcome]:
    """The trade is on the list of the day; some only in difficult areas (NĐ 45/2012 Đ5)."""
    allowed = {trade.letter: trade for trade in facts.trades if not trade.excluded}
    if not allowed:
        return []
    project = facts.project
    letters = {project.sector} if project.sector else {who.beneficiary.establishment.sector for who in facts.helped}
    letters -= {""}
    if not letters:
        missing = Missing(_("ngành nghề của đề án hoặc của cơ sở"), Where.GENERAL)
        return [_unknown(_("Chưa ghi ngành nghề của đề án hoặc của cơ sở."), missing)]
    if others := sorted(letters - set(allowed)):
        sentence = _("Ngành nghề “%(letters)s” không có trong danh mục được hỗ trợ.") % {"letters": ", ".join(others)}
        return [Outcome(Result.FAILED, sentence)]
    if (bound := sorted(letter for letter in letters if allowed[letter].difficult_area_only)) and not facts.difficult:
        sentence = _(
            "Ngành nghề “%(letters)s” chỉ được hỗ trợ ở địa bàn khó khăn, đặc biệt khó khăn: hãy đối chiếu địa bàn."
        ) % {"letters": ", ".join(bound)}
        fact = _("địa bàn có điều kiện kinh tế - xã hội khó khăn hoặc đặc biệt khó khăn")
        unit = project.commune_id or project.province_id
        return [_unknown(sentence, Missing(fact, Where.PLACE, unit))]
    named = "; ".join(allowed[letter].text for letter in sorted(letters))
    return [Outcome(Result.PASSED, _("%(trade)s: có trong danh mục được hỗ trợ.") % {"trade": named})]


def _new_machinery(row: Condition, facts: Facts) -> list[Outcome]:
    """Every machine that the State pays for is new (TT 46/2012 Đ4.4b); with a number, made no more years before the plan
    year."""
    paid = [line for line in facts.lines if line.national + line.local > 0]
    machines = [line for line in paid if line.newness == Newness.NEW]
    clearable = not row.is_verified
    if used := [line.content for line in paid if line.newness == Newness.USED]:
        sentence = _("Máy đã qua sử dụng: %(items)s.") % {"items": "; ".join(used)}
        return [Outcome(Result.FAILED, sentence, clearable=clearable)]
    if row.number is not None:
        year = facts.project.year
        if old := [line for line in machines if line.made_year is not None and year - line.made_year > row.number]:
            known = {"item": old[0].content, "year": old[0].made_year, "most": number(row.number)}
            sentence = counted("%(item)s sản xuất năm %(year)s, quá %(most)s năm.", int(row.number or 0)) % known
            return [Outcome(Result.FAILED, sentence, clearable=clearable)]
    missing = [
        Missing(_("máy mới hay đã qua sử dụng: %(item)s") % {"item": line.content}, Where.ESTIMATE)
        for line in paid
        if not line.newness
    ]
    if row.number is not None:
        missing += [
            Missing(_("năm sản xuất: %(item)s") % {"item": line.content}, Where.ESTIMATE)
            for line in machines
            if line.made_year is None
        ]
    if not missing and not machines:
        missing = [Missing(_("máy móc, thiết bị được hỗ trợ trong dự toán"), Where.ESTIMATE)]
    if missing:
        return [_unknown(_("Dự toán chưa ghi đủ về máy móc, thiết bị được hỗ trợ."), *missing)]
    sentence = counted("%(count)s dòng dự toán máy móc được hỗ trợ đều là máy mới 100%%", len(machines)) % {
        "count": len(machines)
    }
    if years := sorted({line.made_year for line in machines if line.made_year}):
        sentence += _(", sản xuất năm %(years)s") % {"years": ", ".join(str(year) for year in years)}
    return [Outcome(Result.PASSED, f"{sentence}.")]


def _foreign_fairs(row: Condition, facts: Facts) -> list[Outcome]:
    """An establishment is taken to fairs abroad so many times a year and no more (TT 46/2012 Đ4.1b)."""
    most, found = int(row.number or 0), []
    for who in facts.helped:
        known = {
            "name": who.name,
            "nth": len(who.trips) + 1,
            "year": facts.project.year,
            "most": most,
            "codes": ", ".join(who.trips),
        }
        sentence = _("%(name)s: lần thứ %(nth)s được hỗ trợ trong năm %(year)s, tối đa %(most)s lần") % known
        if who.trips:
            sentence += _(" (đã có đề án %(codes)s)") % known
        passed = len(who.trips) < most
        subject = who.about(", ".join(sorted(who.trips)))
        found.append(Outcome(_told(passed), f"{sentence}.", subject=subject, clearable=not row.is_verified))
    return found


def _no_other_support(row: Condition, facts: Facts) -> list[Outcome]:
    """No State money was had for the same item: by the records, and by the beneficiary's own word (TTLT 26/2014 Đ7.4)."""
    found = []
    for who in facts.helped:
        declared = who.beneficiary.other_support
        if who.same:
            found += [Outcome(Result.FAILED, _before(who, item), subject=who.about(str(item.uid))) for item in who.same]
            continue
        if declared == OtherSupport.RECEIVED:
            known = {"name": who.name, "what": who.beneficiary.other_support_told or _("chưa ghi cụ thể")}
            sentence = _("%(name)s khai đã nhận hỗ trợ khác cho cùng nội dung: %(what)s.") % known
            found.append(Outcome(Result.FAILED, sentence, subject=who.about(str(known["what"]))))
            continue
        also = f" {_also(who)}" if who.others else ""
        if declared == OtherSupport.NONE or NO_OTHER_SUPPORT_PAPER in who.papers:
            sentence = _("%(name)s đã cam kết; hệ thống chưa thấy hỗ trợ cùng nội dung.") % {"name": who.name}
            found.append(Outcome(Result.PASSED, sentence + also, subject=who.subject, look=bool(also)))
            continue
        sentence = _("%(name)s chưa cam kết; hệ thống chưa thấy hỗ trợ cùng nội dung.") % {"name": who.name}
        fact = _("cam kết của %(name)s chưa được Nhà nước hỗ trợ cùng nội dung") % {"name": who.name}
        missing = Missing(fact, Where.BENEFICIARY, who.beneficiary.pk)
        found.append(_unknown(sentence + also, missing, subject=who.subject))
    return found


def _before(who: Helped, item: SupportedItem) -> str:
    return _("%(name)s đã được hỗ trợ “%(item)s” ngày %(day)s, %(amount)s, %(source)s.") % {
        "name": who.name,
        "item": item.item,
        "day": f"{item.on:%d/%m/%Y}",
        "amount": item.amount_told,
        "source": item.project_label or item.source,
    }


def _also(who: Helped) -> str:
    last = who.others[0]
    return counted(
        "%(name)s đã được hỗ trợ %(count)s hạng mục khác, gần nhất “%(item)s” ngày %(day)s.", len(who.others)
    ) % {
        "name": who.name,
        "count": len(who.others),
        "item": last.item,
        "day": f"{last.on:%d/%m/%Y}",
    }


def _counterpart(row: Condition, facts: Facts) -> list[Outcome]:
    """The rest of the money is there or committed in writing (TTLT 26/2014 Đ7.3); with a number, at least that share of the
    whole."""
    project = facts.project
    short = counterpart_short(row, project, amount=project.counterpart, total=project.total)
    if short is not None and project.counterpart <= 0:
        return [short]
    if without := [who for who in facts.helped if who.beneficiary.support and not who.beneficiary.counterpart]:
        sentence = _("Chưa ghi đối ứng của: %(names)s.") % {"names": ", ".join(who.name for who in without)}
        return [
            Outcome(Result.FAILED, sentence, subject=f"of:{mark_of(' '.join(sorted(who.subject for who in without)))}")
        ]
    if short is not None:
        return [short]
    if not facts.helped:
        missing = [Missing(_("đơn vị thụ hưởng"), Where.BENEFICIARIES)]
    else:
        missing = [
            Missing(_("văn bản cam kết đối ứng của %(name)s") % {"name": who.name}, Where.DOSSIER)
            for who in facts.helped
            if COUNTERPART_PAPER not in who.papers
        ]
    amount = _("Đối ứng %(amount)s đồng") % {"amount": dong(project.counterpart)}
    if missing:
        return [_unknown(_("%(amount)s, chưa có văn bản cam kết.") % {"amount": amount}, *missing)]
    return [Outcome(Result.PASSED, _("%(amount)s, có văn bản cam kết.") % {"amount": amount})]


def counterpart_short(row: Condition, project: Project, *, amount: int, total: int) -> Outcome | None:
    """What a counterpart of ``amount`` in all the money of the project (đồng) lacks: it is not there, or it is less than the
    share that the row asks.  None where it suffices."""
    if amount <= 0:
        sentence = _("Thiếu đối ứng: đơn vị thụ hưởng phải bảo đảm phần kinh phí còn lại của %(kind)s.")
        return Outcome(Result.FAILED, sentence % {"kind": project.get_kind_display().lower()})
    if row.number is None or amount * 100 >= total * row.number:
        return None
    known = {"amount": dong(amount), "total": dong(total), "least": number(row.number)}
    sentence = _("Đối ứng %(amount)s đồng trong tổng kinh phí %(total)s đồng, phải từ %(least)s%%.") % known
    return Outcome(Result.FAILED, sentence, subject=f"share:{amount * _SHARES // total}")


def counterpart_covered(accepted: str, asked: str) -> bool:
    """Whether an exception for a lacking counterpart covers what is lacking now: the same, or a share that is no smaller than
    the one that was accepted."""
    about, _colon, share = asked.rpartition(":")
    accepted_about, _colon, accepted_share = accepted.rpartition(":")
    if about != accepted_about or about.rpartition(":")[2] != "share":
        return accepted == asked
    return int(share) >= int(accepted_share)


def _local_material(row: Condition, facts: Facts) -> list[Outcome]:
    """More than so many per cent of the material comes from the province (TT 46/2012 Đ6.2b)."""
    return [
        _figure(
            row,
            who,
            who.material,
            _("%(name)s: nguyên liệu tại chỗ %(value)s%% (năm %(year)s), phải trên %(least)s%%."),
            _("tỷ lệ nguyên liệu tại chỗ của %(name)s"),
        )
        for who in facts.helped
    ]


def _labour_intensive(row: Condition, facts: Facts) -> list[Outcome]:
    """So many workers or more (TT 46/2012 Đ6.2c)."""
    return [
        _figure(
            row,
            who,
            who.workers,
            _("%(name)s: %(value)s lao động (năm %(year)s), phải từ %(least)s lao động."),
            _("số lao động của %(name)s"),
        )
        for who in facts.helped
    ]


def _figure(row: Condition, who: Helped, figure: Figure | None, sentence: str, fact: str) -> Outcome:
    if figure is None:
        missing = Missing(fact % {"name": who.name}, Where.YEAR, who.beneficiary.establishment_id)
        return _unknown(_("%(name)s: chưa có số liệu.") % {"name": who.name}, missing, subject=who.subject)
    known = {
        "name": who.name,
        "value": number(Decimal(figure.value)),
        "year": figure.year,
        "least": number(row.number or Decimal(0)),
    }
    passed = reaches(row, figure.value)
    return Outcome(_told(passed), sentence % known, subject=who.subject, clearable=not row.is_verified)


RULES: Mapping[ConditionKind, Callable[[Condition, Facts], list[Outcome]]] = {
    ConditionKind.PLACE: _place,
    ConditionKind.HOLDER: _holder,
    ConditionKind.SECTOR: _sector,
    ConditionKind.NEW_MACHINERY: _new_machinery,
    ConditionKind.FOREIGN_FAIRS: _foreign_fairs,
    ConditionKind.NO_OTHER_SUPPORT: _no_other_support,
    ConditionKind.COUNTERPART: _counterpart,
    ConditionKind.LOCAL_MATERIAL: _local_material,
    ConditionKind.LABOUR_INTENSIVE: _labour_intensive,
}
_OF_EACH = (
    *(ConditionKind.PLACE, ConditionKind.HOLDER, ConditionKind.FOREIGN_FAIRS),
    *(ConditionKind.NO_OTHER_SUPPORT, ConditionKind.LOCAL_MATERIAL, ConditionKind.LABOUR_INTENSIVE),
)
