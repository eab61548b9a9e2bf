"""Acts on papers: recording them, laying them into dossiers, numbering those we issue, printing forms and taking them back."""

from khuyencong.documents.operations.dossiers import open_dossier, put, take_out, waive
from khuyencong.documents.operations.papers import attach, close, record_paper, refuse_who_only_looks
from khuyencong.documents.operations.prints import (
    identify,
    receive_scan,
    recognise,
    record_print,
    sign,
    unidentify,
    unsign,
    void_print,
)
from khuyencong.documents.operations.registers import cancel, draw, open_register, use
from khuyencong.documents.operations.requirements import load_requirements, read_requirements
from khuyencong.documents.operations.templates import replace_template, withdraw_template

__all__ = [
    "attach",
    "cancel",
    "close",
    "draw",
    "identify",
    "load_requirements",
    "open_dossier",
    "open_register",
    "put",
    "read_requirements",
    "receive_scan",
    "recognise",
    "record_paper",
    "record_print",
    "refuse_who_only_looks",
    "replace_template",
    "sign",
    "take_out",
    "unidentify",
    "unsign",
    "use",
    "void_print",
    "waive",
    "withdraw_template",
]
