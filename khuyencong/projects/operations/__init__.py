"""Everything that changes a project.  One function, one act; the rooms follow its life."""

from khuyencong.projects.operations.beneficiaries import (
    accept_beneficiary,
    add_beneficiary,
    approve_beneficiaries,
    change_beneficiary,
    remove_beneficiary,
    share_out,
)
from khuyencong.projects.operations.changes import Helped, adjust
from khuyencong.projects.operations.dossiers import put_paper, waive_paper
from khuyencong.projects.operations.exceptions import clear_warning, let_pass
from khuyencong.projects.operations.files import (
    Giver,
    Line,
    change,
    draft,
    set_cost_lines,
    set_other_sources,
    write_part,
)
from khuyencong.projects.operations.from_file import draft_from_file
from khuyencong.projects.operations.history import Entry, record_approved, record_historical
from khuyencong.projects.operations.opinions import ask_opinion, extend_opinion, give_opinion
from khuyencong.projects.operations.shared import lay_paper, locked, only_the_named
from khuyencong.projects.operations.steps import (
    accept,
    appraise,
    approve,
    assign,
    begin,
    extend_completion,
    fail,
    liquidate,
    ministry_appraise,
    ministry_fail,
    ministry_return,
    register,
    return_,
    settle,
    stop,
    submit,
    withdraw,
)

__all__ = [
    "Entry",
    "Giver",
    "Helped",
    "Line",
    "accept",
    "accept_beneficiary",
    "add_beneficiary",
    "adjust",
    "appraise",
    "approve",
    "approve_beneficiaries",
    "ask_opinion",
    "assign",
    "begin",
    "change",
    "change_beneficiary",
    "clear_warning",
    "draft",
    "draft_from_file",
    "extend_completion",
    "extend_opinion",
    "fail",
    "give_opinion",
    "lay_paper",
    "let_pass",
    "liquidate",
    "locked",
    "ministry_appraise",
    "ministry_fail",
    "ministry_return",
    "only_the_named",
    "put_paper",
    "record_approved",
    "record_historical",
    "register",
    "remove_beneficiary",
    "return_",
    "set_cost_lines",
    "set_other_sources",
    "settle",
    "share_out",
    "stop",
    "submit",
    "waive_paper",
    "withdraw",
    "write_part",
]
