"""What each act is called in the journal, as people read it.  A test finds acts that are recorded but not named here."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "file.store": _("nhận tệp"),
    "organisation.register": _("ghi danh tổ chức"),
    "organisation.change": _("sửa thông tin tổ chức"),
    "organisation.end": _("ghi nhận chấm dứt hoạt động"),
    "organisation.succeed": _("ghi nhận kế thừa"),
    "organisation.set_area": _("giao cụm địa bàn"),
    "organisation.end_area": _("kết thúc cụm địa bàn"),
    "expert.add": _("thêm chuyên gia"),
    "expert.change": _("sửa chuyên gia"),
    "expert.remove": _("bỏ chuyên gia khỏi danh bạ"),
    "people.register_user": _("mở tài khoản"),
    "people.change_user": _("sửa tài khoản"),
    "people.reset_password": _("đặt lại mật khẩu"),
    "people.deactivate": _("khoá tài khoản"),
    "people.reactivate": _("mở lại tài khoản"),
    "people.give_mandate": _("giao nhiệm vụ"),
    "people.end_mandate": _("kết thúc nhiệm vụ"),
    "people.first_administrator": _("cử quản trị viên đầu tiên"),
    "budget.record_decision": _("ghi nhận quyết định giao dự toán"),
    "budget.manage": _("ghi chi phí quản lý"),
    "budget.return_money": _("nộp trả ngân sách"),
    "budget.carry_over": _("chuyển nguồn sang năm sau"),
    "budget.reverse": _("đảo bút toán"),
    "budget.commit": _("cam kết kinh phí cho đề án"),
    "budget.release": _("giảm kinh phí cam kết"),
    "budget.advance": _("ghi sổ tạm ứng"),
    "budget.settle": _("ghi sổ quyết toán"),
    "budget.take_back": _("hoàn tạm ứng về nguồn"),
    "budget.return_surplus": _("nộp trả phần tạm ứng thừa"),
    "budget.recover": _("thu hồi kinh phí hỗ trợ"),
}


def label_of(action: str):
    """The name of an act for people; the bare name where none was given."""
    return ACTIONS.get(action, action)
