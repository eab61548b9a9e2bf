"""How far the infrastructure of an industrial cluster stands: what goes with the file of such a project (Mẫu 13)."""

from datetime import date
from typing import Any

from django.utils.translation import override

from khuyencong.documents.letterheads import NO_NUMBER, letterhead
from khuyencong.documents.papers import Column, Form, Signatures, Table, Text
from khuyencong.establishments.models import Cluster
from khuyencong.projects.models import CostLine, Project
from khuyencong.projects.papers.shared import TT36, asked, plain, project_facts
from khuyencong.projects.queries import lines_of

OPEN_LINES = 5  # to be written by hand

INFRASTRUCTURE = Form(
    key="mau-13-ha-tang-cum",
    title="Báo cáo tình hình đầu tư hạ tầng cụm công nghiệp",
    article=f"Điều 10 {TT36}, Mẫu số 13 Phụ lục 1",
    of="project",
    tag="Mẫu số 13",
    subject="Đề án: {{ project.title }}",
    blocks=(
        Text("1. Tên cụm: {{ cluster.name }}; địa điểm: {{ project.place }}."),
        Text("2. Văn bản thành lập: {{ cluster.decision }}; ngày thành lập: {{ cluster.founded_on|ngay }}."),
        Text("3. Diện tích: {{ cluster.area }} ha; đất công nghiệp: …… ha; đã cho thuê: …… ha; tỷ lệ lấp đầy: …… %."),
        Text("4. Chủ đầu tư hạ tầng: {{ project.beneficiaries }}."),
        Text("5. Số cơ sở đang hoạt động trong cụm: ……; số lao động: ……"),
        Text("6. Tình hình đầu tư các hạng mục hạ tầng (đơn vị tính: đồng):"),
        Table(
            "works",
            (
                Column("TT", "{{ row.n }}", align="center"),
                Column("Hạng mục", "{{ row.content }}", weight=2.4),
                Column("Tổng mức đầu tư", "{{ row.total|dong }}", weight=1.2, align="right"),
                Column("Đề nghị hỗ trợ", "{{ row.support|dong }}", weight=1.2, align="right"),
                Column("Giá trị đã thực hiện", "{{ row.done }}", weight=1.2, align="right"),
                Column("Tỷ lệ (%)", "{{ row.percent }}", weight=0.7, align="right"),
            ),
            height=0.8,
        ),
        Text(
            "7. Kinh phí khuyến công đề nghị hỗ trợ: {{ money.support|dong }} đồng (bằng chữ: {{ money.support|chu }})."
        ),
        Text("8. Khó khăn, kiến nghị: ………………………………………………………"),
        Signatures((("Chủ đầu tư", ""), ("Đơn vị thực hiện đề án", ""))),
    ),
)


def _cluster(project: Project) -> dict[str, Any]:
    """The cluster of the commune, where there is exactly one; else its facts are left open."""
    clusters = Cluster.objects.filter(commune=project.commune_id, ended_on=None)
    found = list(clusters[:2]) if project.commune_id else []
    here = found[0] if len(found) == 1 else None
    return {
        "name": here.name if here else None,
        "decision": (here.decision if here else "") or None,
        "founded_on": here.founded_on if here else None,
        "area": (plain(here.area_ha) if here else "") or None,
    }


def _work(number: int, line: CostLine) -> dict[str, Any]:
    support = line.national + line.local
    total = support + line.counterpart + line.other
    return {"n": str(number), "content": line.content, "total": total, "support": support, "done": "", "percent": ""}


@override("vi")
def infrastructure(project: Project, *, on: date) -> dict[str, Any]:
    """The works of the estimate; what is done of each is written by hand from the site."""
    works = [_work(n, line) for n, line in enumerate(lines_of(project), start=1)]
    empty = dict.fromkeys(("n", "content", "total", "support", "done", "percent"), "")
    return {
        **letterhead(project.implementer, on=on),
        **NO_NUMBER,
        "project": project_facts(project, on=on),
        "cluster": _cluster(project),
        "money": asked(project),
        "works": works or [empty] * OPEN_LINES,
    }
