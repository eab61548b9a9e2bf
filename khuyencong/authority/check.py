"""``authorise()``: the first line of every act."""

from django.utils.translation import gettext as _

from khuyencong.authority.permissions import Permission
from khuyencong.authority.roles import RECORDABLE, holders, kept_to_own
from khuyencong.base.errors import NotAllowed


def authorise(by, permission: Permission, *, place=None, body=None, paper=None, local=False) -> None:
    """Refuse unless ``by`` may do this today, at ``place`` (a unit of today), for ``body`` (an organisation), on ``local`` money.

    Where ``paper`` carries a signer, the step is a decision made on paper: whoever may record papers at this place may
    enter it too (the journal keeps signer and recorder apart).  Raises NotAllowed: which roles may, and where.
    """
    if by.may(permission, place=place, body=body, local=local):
        return
    if paper is not None and paper.signer and permission in RECORDABLE and by.may(Permission.PAPER_RECORD, place=place):
        return
    told = {"holders": holders(permission, national=not local)}
    not_his_money = local and by.may(permission, place=place, body=body)
    if not by.holds(permission) or not_his_money:
        raise NotAllowed(_("Bạn không có thẩm quyền thực hiện việc này. Việc này thuộc: %(holders)s.") % told)
    if where := body if body is not None and kept_to_own(permission) else place:  # his act, not his record
        told["where"] = where
        raise NotAllowed(
            _(
                "Hồ sơ này ngoài địa bàn hoặc đơn vị bạn được phân công làm việc này. "
                "Việc này thuộc: %(holders)s (%(where)s)."
            )
            % told
        )
    raise NotAllowed(
        _("Việc này cho cả nước, ngoài địa bàn hoặc đơn vị bạn được phân công. Việc này thuộc: %(holders)s.") % told
    )
