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
}


def label_of(action: str):
    """The name of an act for people; the bare name where none was given."""
    return ACTIONS.get(action, action)
