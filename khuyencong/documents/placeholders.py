"""Whether a Word file that an administrator brings may be the template of a form: sound, harmless, its placeholders known."""

import io
import logging
import re
import zipfile
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from docx.oxml import parse_xml
from jinja2 import TemplateError, nodes

from khuyencong.base.errors import Invalid
from khuyencong.documents.papers import Environment, Filled, Form, names_in, path_of
from khuyencong.documents.word import FRAME, Template, own_template, word

RELATION = re.compile(r"<Relationship\b[^>]*>")
EXTERNAL = 'TargetMode="External"'
LARGEST = 5 * 1024 * 1024
logger = logging.getLogger("khuyencong.templates")
_PLAIN = Environment()


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
    except TemplateError:
        return [_miswritten(content)]
    except Exception:  # whatever a broken file makes the reader raise is one answer
        return [_("Nội dung tệp Word bị hỏng, không đọc được. Hãy mở bằng Word, lưu lại dạng .docx rồi gửi lại.")]
    if wrong := next((_told(one, why) for one in _paragraphs(content) if (why := _unpaired(one))), ""):
        return [wrong]  # the machine would print a lone “}}” as it stands
    known = {*names_in(form), *_used(own_template(form)), *sample, *FRAME}
    if unknown := sorted({path for path in used if not _is_known(path, known)}):
        return [_("Chỗ điền không có trong biểu mẫu này: %(names)s.") % {"names": ", ".join(unknown)}]
    try:
        word(Filled(form, sample), template=content)
    except TemplateError:
        return [_miswritten(content)]
    except Exception:  # whatever a filter says of a value that it cannot take
        logger.warning("a template cannot be filled", extra={"form": form.key}, exc_info=True)
        return [_("Không điền thử được vào mẫu. Hãy so các chỗ điền, lệnh lặp và lệnh nếu với mẫu gốc rồi gửi lại.")]
    return []


# ---- what is miswritten, and where ----

_SIGN = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
_CLOSE = {"{{": "}}", "{%": "%}", "{#": "#}"}
_MARKS = re.compile(r"(\{\{(?:p |r )?.*?\}\})|\{%(?:p|tr|tc|r)?[-+]?\s*(.*?)[-+]?%\}")
_ENDS = {"endfor": "for", "endif": "if", "endset": "set"}
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARTS = re.compile(r"word/(?:document|header\d*|footer\d*)\.xml")


def _miswritten(content: bytes) -> str:
    """The first paragraph whose placeholders or commands are wrong, what is wrong there, and what to do."""
    open_: list[tuple[str, str]] = []  # commands that wait for their end, each with its paragraph
    for paragraph in _paragraphs(content):
        if wrong := _unpaired(paragraph) or _wrong_marks(paragraph, open_):
            return _told(paragraph, wrong)
    if open_:
        command, paragraph = open_[-1]
        word_ = command.split()[0]
        return _told(
            paragraph,
            _("lệnh “{%% %(command)s %%}” chưa có “{%% end%(word)s %%}”") % {"command": command, "word": word_},
        )
    return _("Chỗ điền viết sai. Hãy so các dấu ngoặc, lệnh lặp và lệnh nếu với mẫu gốc rồi gửi lại.")


def _told(paragraph: str, wrong: str) -> str:
    shown = paragraph if len(paragraph) <= 80 else f"{paragraph[:80]}…"
    return _(
        "Đoạn “%(paragraph)s” viết sai chỗ điền: %(wrong)s. Hãy sửa đoạn này trong Word theo mẫu gốc rồi gửi lại."
    ) % {
        "paragraph": shown,
        "wrong": wrong,
    }


def _paragraphs(content: bytes) -> Iterator[str]:
    """The text of each paragraph with marks in it: heads, body, feet."""
    with zipfile.ZipFile(io.BytesIO(content)) as parcel:
        for name in filter(_PARTS.fullmatch, parcel.namelist()):
            for paragraph in parse_xml(parcel.read(name)).iter(f"{_WORD}p"):
                text = "".join(piece.text or "" for piece in paragraph.iter(f"{_WORD}t"))
                if "{" in text or "}" in text:
                    yield " ".join(text.split())


def _unpaired(paragraph: str) -> str:
    """A bracket without its other half."""
    waits = ""
    for sign in _SIGN.findall(paragraph):
        if sign in _CLOSE:
            if waits:
                return _("thiếu dấu đóng “%(sign)s”") % {"sign": _CLOSE[waits]}
            waits = sign
        elif waits and sign == _CLOSE[waits]:
            waits = ""
        elif waits:
            return _("thiếu dấu đóng “%(sign)s”") % {"sign": _CLOSE[waits]}
        else:
            return _("thừa dấu đóng “%(sign)s”") % {"sign": sign}
    return _("thiếu dấu đóng “%(sign)s”") % {"sign": _CLOSE[waits]} if waits else ""


def _wrong_marks(paragraph: str, open_: list[tuple[str, str]]) -> str:
    """A placeholder or command that is not understood, or that stands where it cannot."""
    for match in _MARKS.finditer(paragraph):
        value, command = match.groups()
        verb = (command or "").split(" ")[0].strip()
        if value:
            whole = re.sub(r"^\{\{[pr] ", "{{ ", value)
        elif verb in _ENDS or verb in ("else", "elif"):
            if not open_ or open_[-1][0].split()[0] != _ENDS.get(verb, open_[-1][0].split()[0]):
                return _("lệnh “{%% %(command)s %%}” không có lệnh mở đứng trước") % {"command": command.strip()}
            if verb in _ENDS:
                open_.pop()
            if verb != "elif":
                continue
            whole = f"{{% if {command.strip()[4:]} %}}{{% endif %}}"
        else:
            whole = f"{{% {command.strip()} %}}" + (f"{{% end{verb} %}}" if verb in ("for", "if") else "")
            if verb in ("for", "if"):
                open_.append((command.strip(), paragraph))
        try:
            _PLAIN.from_string(whole)
        except TemplateError:
            return _("không hiểu “%(mark)s”") % {"mark": match.group()}
    return ""


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
                return _("Đây không phải tệp Word (.docx). Hãy mở bằng Word, lưu lại dạng .docx rồi gửi lại.")
            if any(name.endswith(("vbaProject.bin", "vbaData.xml")) for name in names):
                return _("Tệp có macro; hãy lưu lại thành .docx không có macro.")
            relations = [parcel.read(name).decode(errors="replace") for name in names if name.endswith(".rels")]
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError):
        return _("Tệp hỏng hoặc không phải tệp Word (.docx). Hãy mở bằng Word, lưu lại dạng .docx rồi gửi lại.")
    if any(EXTERNAL in tag and "/hyperlink" not in tag for text in relations for tag in RELATION.findall(text)):
        return _("Tệp lấy nội dung từ nơi khác (ảnh hoặc mẫu liên kết ngoài); hãy nhúng vào tệp.")
    return ""


@lru_cache(maxsize=64)
def _used(content: bytes) -> frozenset[str]:
    """Every placeholder that a Word file asks for, what stands in a row as ``lines[].content``."""
    reading = _Reading()
    Template(io.BytesIO(content)).get_undeclared_template_variables(reading)
    return frozenset(_paths(reading.tree))


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
        if id(node) in inner or not (root or _of_a_text(node)) or (isinstance(node, nodes.Name) and node.ctx != "load"):
            continue
        if root in rows:
            path = ".".join(filter(None, (rows[root], rest)))
        elif root in own:
            continue
        yield path


def _of_a_text(node: nodes.Node) -> bool:
    """Whether an attribute is asked of a text or a number written there: no form has such a thing."""
    while isinstance(node, nodes.Getattr):
        node = node.node
    return isinstance(node, nodes.Const)


def _is_known(path: str, known: set[str]) -> bool:
    return path in known or any(name.startswith((f"{path}.", f"{path}[")) for name in known)
