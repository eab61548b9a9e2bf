"""What lies behind a few papers: a letter as PDF, a picture of nothing real.  Few, because each takes its time to make."""

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw

from khuyencong.documents.models import Paper, PaperFile
from khuyencong.documents.papers import Each, Filled, Form, Text, long_day
from khuyencong.documents.typeset import form_pdf
from khuyencong.files.models import StoredFile
from khuyencong.files.operations import store
from khuyencong.people.models import User

LETTER = Form(
    key="van-ban-minh-hoa",
    title="Văn bản minh hoạ",
    article="",
    of="paper",
    heading="{{ kind|hoa }}",
    subject="{{ abstract }}",
    signer=("{{ signer_title|hoa }}", "{{ signer }}"),
    blocks=(Text("DỮ LIỆU MINH HOẠ, KHÔNG CÓ GIÁ TRỊ PHÁP LÝ."), Each("text", "{{ row }}")),
)


def scan(paper: Paper, *, body: str, by: User, text: Sequence[str], over: str = "") -> PaperFile:
    """The paper as a PDF, marked as an illustration."""
    facts = {
        "kind": paper.get_kind_display(),
        "abstract": paper.abstract,
        "body": body,
        "over": over,
        "number": paper.number,
        "place_day": long_day(paper.signed_on),
        "text": text,
        "signer_title": paper.signer_title,
        "signer": paper.signer,
    }
    file = store(form_pdf(Filled(LETTER, facts)), name=f"{paper.number.replace('/', '-')}.pdf", by=by)
    return PaperFile.objects.create(paper=paper, file=file)


def picture(*, by: User, shade: int, name: str) -> StoredFile:
    """A drawing of a workshop under a hill, so that a photo stands where a photo belongs."""
    image = Image.new("RGB", (960, 640), (226, 232 - shade % 20, 240))
    draw = ImageDraw.Draw(image)
    draw.polygon(
        [(0, 420), (300, 200 + shade % 60), (620, 380), (960, 240), (960, 640), (0, 640)], fill=(106, 138, 110)
    )
    draw.rectangle((330, 330, 690, 540), fill=(190, 120 + shade % 40, 84), outline=(90, 60, 40), width=4)
    draw.polygon([(300, 330), (510, 220), (720, 330)], fill=(120, 72, 56))
    draw.rectangle((470, 430, 550, 540), fill=(70, 50, 40))
    kept = io.BytesIO()
    image.save(kept, format="JPEG", quality=80)
    return store(kept.getvalue(), name=name, by=by)
