"""Whether a Word file that an administrator brings may be the template of a form: sound, harmless, its placeholders known."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from docxtpl import DocxTemplate
from jinja2 import TemplateError, nodes

from khuyencong.base.errors import Invalid
from khuyencong.documents.papers import Environment, Filled, Form, names_in, path_of
from khuyencong.documents.word import FRAME, own_template, word

RELATION = re.compile(r"<Relationship\b[^>]*>")
EXTERNAL = 'TargetMode="External"'
LARGEST = 5 * 1024 * 1024


class _Reading(Environment):
    """Keeps what it has parsed: the body, the heads and the feet of a file."""

    tree: nodes.Template

    def parse(self, *args: Any, **options: Any) -> nodes.Template:
        self.tree = super().parse(*args, **options)
        return self.tree


def check(content: bytes, form: Form, sample: Mapping[str, Any]) -> None:
    """Raises Invalid on ``file`` with the first fault of a template."""
    if found := faults(content, form, sample):
        raise Invalid(file=" ".join(found))


def faults(content: bytes, form: Form, sample: Mapping[str, Any]) -> list[str]:
    """Why a file cannot be the template of this form, in sentences; empty when it can.

    It must be a .docx without macros and without parts fetched from elsewhere, its placeholders known, and it must fill.
    """
    if wrong := _parcel(content):
        return [wrong]
    try:
        used = _used(content)
    except TemplateError as error:
        return [
            _("Chỗ điền viết sai: hãy so các dấu ngoặc và lệnh lặp, lệnh nếu với mẫu gốc (%(why)s).") % {"why": error}
        ]
    except Exception:  # whatever a broken file makes the reader raise is one answer
        return [_("Nội dung tệp Word bị hỏng, không đọc được. Hãy mở bằng Word, lưu lại dạng .docx rồi gửi lại.")]
    known = {*names_in(form), *_used(own_template(form)), *sample, *FRAME}
    if unknown := sorted({path for path in used if not _is_known(path, known)}):
        return [_("Chỗ điền không có trong biểu mẫu này: %(names)s.") % {"names": ", ".join(unknown)}]
    try:
        word(Filled(form, sample), template=content)
    except Exception as error:
        return [_("Không điền thử được vào mẫu: hãy so các lệnh với mẫu gốc (%(why)s).") % {"why": error}]
    return []


def _parcel(content: bytes) -> str:
    """What is wrong with the file as a file."""
    if len(content) > LARGEST:
        return _("Tệp lớn hơn 5 MB.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parcel:
            names = parcel.namelist()
            if sum(part.file_size for part in parcel.infolist()) > 20 * LARGEST:
                return _("Tệp giải nén quá lớn.")
            if "word/document.xml" not in names:
                return _("Đây không phải tệp Word (.docx).")
            if any(name.endswith(("vbaProject.bin", "vbaData.xml")) for name in names):
                return _("Tệp có macro; hãy lưu lại thành .docx không có macro.")
            relations = [parcel.read(name).decode(errors="replace") for name in names if name.endswith(".rels")]
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError):
        return _("Tệp hỏng hoặc không phải tệp Word (.docx).")
    if any(EXTERNAL in tag and "/hyperlink" not in tag for text in relations for tag in RELATION.findall(text)):
        return _("Tệp lấy nội dung từ nơi khác (ảnh hoặc mẫu liên kết ngoài); hãy nhúng vào tệp.")
    return ""


def _used(content: bytes) -> set[str]:
    """Every placeholder that a Word file asks for, what stands in a row as ``lines[].content``."""
    reading = _Reading()
    DocxTemplate(io.BytesIO(content)).get_undeclared_template_variables(reading)
    return set(_paths(reading.tree))


def _paths(tree: nodes.Template) -> Iterator[str]:
    rows: dict[str, str] = {}
    own = {"loop"}
    for each in tree.find_all(nodes.For):
        if isinstance(each.target, nodes.Name):
            rows[each.target.name] = f"{path_of(each.iter)}[]"
        own |= {name.name for name in each.target.find_all(nodes.Name)}
    own |= {name.name for name in tree.find_all(nodes.Name) if name.ctx == "store"} - set(rows)
    called = {id(call.node) for call in tree.find_all(nodes.Call)}
    inner = called | {id(node.node) for node in tree.find_all(nodes.Getattr) if id(node) not in called}
    for node in tree.find_all((nodes.Getattr, nodes.Name)):
        path = path_of(node)
        root, _dot, rest = path.partition(".")
        if id(node) in inner or not root or (isinstance(node, nodes.Name) and node.ctx != "load"):
            continue
        if root in rows:
            path = ".".join(filter(None, (rows[root], rest)))
        elif root in own:
            continue
        yield path


def _is_known(path: str, known: set[str]) -> bool:
    return path in known or any(name.startswith((f"{path}.", f"{path}[")) for name in known)
