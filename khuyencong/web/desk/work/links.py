"""From a task to the page where it is done.  The domain knows what waits; only the pages know their addresses."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from khuyencong.work.enums import TaskKind as K
from khuyencong.work.queries import Task

# kind → (page of the one record, by its key in the address or in the query, page of many, what the button says)
PAGES: dict[str, tuple[str, str, object]] = {
    K.OPEN_CALL: ("", "needs:open_call", _("Mở đợt")),
    K.ANSWER_CALL: ("needs:board", "needs:list", _("Mở bảng trả lời")),
    K.CONFIRM_NEEDS: ("", "needs:confirm", _("Xác nhận")),
    K.PLAN_SURVEY: ("", "surveys:plan", _("Xếp lịch")),
    K.SURVEY: ("surveys:page", "surveys:list", _("Mở kế hoạch khảo sát")),
    K.PROPOSE_NEEDS: ("", "needs:list?task=propose_needs", _("Mở danh sách")),
    K.ANSWER_NEEDS: ("", "needs:decide", _("Soạn trả lời")),
    K.WRITE_FILE: ("projects:draft?nhu-cau=", "needs:list?task=write_file", _("Lập đề án")),
    K.FINISH_FILE: ("projects:page", "projects:list?task=finish_file", _("Mở hồ sơ")),
    K.COMPLETE_FILE: ("projects:page", "projects:list?waits=completion", _("Mở hồ sơ")),
    K.CHASE_COMPLETION: ("projects:page", "projects:list?task=chase_completion", _("Mở hồ sơ")),
    K.SUBMIT: ("projects:submit", "projects:list?task=submit", _("Xem và ký gửi")),
    K.APPRAISE: ("projects:page", "projects:list?task=appraise", _("Mở thẩm định")),
    K.REGISTER: ("projects:register", "projects:list?task=register", _("Đăng ký")),
    K.APPRAISE_MINISTRY: ("projects:page", "projects:list?task=appraise_ministry", _("Mở thẩm định")),
    K.PLAN: ("plans:page", "plans:list", _("Mở kế hoạch")),
    K.DECIDE: ("plans:decision", "plans:list", _("Mở quyết định")),
    K.CHASE_OPINION: ("projects:page", "projects:list?task=chase_opinion", _("Mở hồ sơ")),
    K.GIVE_FILE_OPINION: ("projects:give_opinion", "projects:list?waits=opinion", _("Cho ý kiến")),
    K.GIVE_OPINION: ("plans:give_opinion", "plans:list", _("Cho ý kiến")),
    K.CONFIRM_CHANGE: ("plans:request", "plans:requests?state=requested", _("Mở đề nghị")),
    K.APPROVE_BENEFICIARIES: (
        "projects:approve_beneficiaries",
        "projects:list?task=approve_beneficiaries",
        _("Mở danh sách"),
    ),
    K.SHARE_OUT: ("projects:share_out", "projects:list?task=share_out", _("Xác định lại")),
    K.ASSIGN: ("contracts:page", "contracts:list?task=assign", _("Giao nhiệm vụ")),
    K.SIGN_SUPPORT: ("contracts:page", "contracts:list?task=sign_support", _("Lập hợp đồng")),
    K.REPORT: ("contracts:page", "contracts:list?task=report", _("Nhập tiến độ")),
    K.TELL_PROGRESS: ("contracts:tell", "contracts:list", _("Gửi số liệu")),
    K.CONFIRM_ADVANCE: ("contracts:page", "contracts:list?task=confirm_advance", _("Xác nhận")),
    K.PAY_ADVANCE: ("contracts:page", "contracts:list?task=pay_advance", _("Chuyển tiền")),
    K.ACCEPT: ("contracts:page", "contracts:list?state=running", _("Lập biên bản")),
    K.SETTLE: ("contracts:page", "contracts:list?task=settle", _("Lập quyết toán")),
    K.ASK_REMAINDER: ("contracts:page", "contracts:list?task=ask_remainder", _("Lập đề nghị")),
    K.RETURN_SURPLUS: ("contracts:page", "contracts:list?task=return_surplus", _("Ghi nộp trả")),
    K.RECEIVE_RECOVERY: ("contracts:receive_recovery", "contracts:list", _("Ghi tiền đã nộp")),
    K.LIQUIDATE: ("contracts:page", "contracts:list?task=liquidate", _("Thanh lý")),
    K.LIQUIDATE_LATER: ("contracts:page", "contracts:list?task=liquidate_later", _("Xem vướng mắc")),
    K.SEND_REPORT: ("reporting:send", "reporting:list", _("Chốt và gửi")),
    K.RECEIVE_REPORT: ("reporting:sent_page", "reporting:sent", _("Mở báo cáo")),
    K.HAND_OVER: ("work:hand_over", "people:mandates", _("Bàn giao")),
}


def url_of(task: Task) -> str:
    one, many, _label = PAGES[task.kind]
    if task.subject is not None and one.endswith("="):
        name, _mark, query = one.partition("?")
        return f"{reverse(name)}?{query}{task.subject}"
    if task.subject is not None and one:
        return reverse(one, args=[task.subject] if task.within is None else [task.within, task.subject])
    name, _mark, query = many.partition("?")
    return reverse(name) + (f"?{query}" if query else "")


# what the button says where the act itself cannot be done, or not on one page
INSTEAD = {K.ACCEPT: _("Mở hợp đồng"), K.PLAN: _("Mở danh sách kế hoạch")}


def button_of(task: Task) -> str:
    instead = task.waits_for_others or task.subject is None
    return str(INSTEAD[task.kind] if instead and task.kind in INSTEAD else PAGES[task.kind][2])
