"""The letter with which an implementer's head sends a project file (công văn đề nghị, TT 36/2013 Đ10.1a)."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from khuyencong.base import clock
from khuyencong.base.money import dong, million
from khuyencong.base.text import vnd_words
from khuyencong.documents.typeset import Column, Letter, Row
from khuyencong.projects.models import Project
from khuyencong.projects.queries import helped, lines_of


@override("vi")  # an official paper is Vietnamese whatever language the page is read in
def request_letter(project: Project, *, signer: str = "", signer_title: str = "") -> Letter:
    """What the head of the implementer is asked to sign, from the file's own facts and estimate."""
    today = clock.today()
    lines = lines_of(project)
    rows = [
        Row([str(number), line.content, million(line.national + line.local), million(line.counterpart + line.other)])
        for number, line in enumerate(lines, start=1)
    ]
    if rows:
        rows.append(
            Row(["", _("Cộng"), million(project.support), million(project.counterpart + project.other)], strong=True)
        )
    text = [
        _("Tên đề án: %(title)s.") % {"title": project.title},
        _("Địa điểm: %(place)s.") % {"place": project.place_text or project.commune or project.province},
    ]
    if beneficiaries := helped(project):
        text.append(
            _("Đơn vị thụ hưởng: %(names)s.") % {"names": "; ".join(str(b.establishment) for b in beneficiaries)}
        )
    text.append(
        _(
            "Tổng kinh phí %(total)s đồng; đề nghị kinh phí khuyến công hỗ trợ %(support)s đồng (%(words)s); đối ứng và nguồn khác "
            "%(own)s đồng."
        )
        % {
            "total": dong(project.total),
            "support": dong(project.support),
            "words": vnd_words(project.support),
            "own": dong(project.counterpart + project.other),
        }
    )
    return Letter(
        kind=_("Công văn đề nghị"),
        title=_("V/v thẩm định đề án khuyến công năm %(year)s") % {"year": project.year},
        body=str(project.implementer),
        over=str(project.implementer.parent or ""),
        number="……/TTKC",
        place_day=_("%(place)s, ngày …… tháng %(month)02d năm %(year)s")
        % {"place": project.province.name, "month": today.month, "year": today.year},
        to=_("Sở Công Thương %(province)s") % {"province": project.province.name},
        text=text,
        columns=[
            Column(_("TT")),
            Column(_("Nội dung chi"), wide=True),
            Column(_("Khuyến công (triệu đồng)"), number=True),
            Column(_("Đối ứng, khác (triệu đồng)"), number=True),
        ],
        rows=rows,
        after=[_("Kính đề nghị thẩm định./.")],
        receivers=[_("Như trên"), _("Lưu: VT")],
        signer_title=signer_title or _("Giám đốc"),
        signer=signer,
    )
