"""Which mandates can stand together, and what a mandate must name.  Pure: no question to the database."""

from django.utils.translation import gettext as _

from khuyencong.authority.permissions import Permission
from khuyencong.authority.roles import ROLES
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.people.models import Mandate
from khuyencong.places.enums import Level

_LOOKING = frozenset({Permission.VIEW, Permission.VIEW_OWN, Permission.VIEW_PERSONAL, Permission.AUDIT})

# Who manages people decides nothing; who audits does not audit himself.
APART = frozenset({"administrator", "auditor", "system"})

# Who asks for support does not judge or pay it; he may tell of his commune's needs, and carry out a project himself.
HELPED = "establishment"
BESIDE_HELPED = frozenset({HELPED, "collaborator", "implementer", "auditor", "administrator", "system"})


# Who draws up and carries out projects does not judge, approve or accept them (TT 36/2013 Đ9, Đ21: the implementer never chairs).
_CARRIES_OUT = frozenset({Permission.PROJECT_DRAFT, Permission.PROJECT_SUBMIT, Permission.CONTRACT_SIGN})
_JUDGES = frozenset(
    {
        Permission.PROJECT_APPRAISE,
        Permission.PROJECT_APPRAISE_MINISTRY,
        Permission.PLAN_APPROVE_NATIONAL,
        Permission.PLAN_APPROVE_PROVINCIAL,
        Permission.PLAN_APPROVE_COMMUNAL,
        Permission.ACCEPT,
        Permission.COUNCIL_SCORE,
    }
)


def acts(role: str) -> bool:
    """Whether the role does anything but look."""
    return bool(ROLES[role].permissions - _LOOKING)


def _watches(role: str, other: str) -> bool:
    return (role in APART and acts(other)) or (other in APART and acts(role))


def _asks_and_gives(role: str, other: str) -> bool:
    return HELPED in (role, other) and not {role, other} <= BESIDE_HELPED


def _carries_out_and_judges(role: str, other: str) -> bool:
    one, two = ROLES[role].permissions, ROLES[other].permissions
    return bool((one & _CARRIES_OUT and two & _JUDGES) or (two & _CARRIES_OUT and one & _JUDGES))


def apart_from(role: str) -> frozenset[str]:
    """The roles that nobody may hold together with this one."""
    return frozenset(
        other
        for other in ROLES
        if other != role
        and (_watches(role, other) or _asks_and_gives(role, other) or _carries_out_and_judges(role, other))
    )


def check_apart(role: str, *, held: set[str]) -> None:
    """Refuse a role that may not be in the same hands as one already held (separation of duties)."""
    for other in sorted(held - {role}):
        if _asks_and_gives(role, other):
            raise NotPossible(
                _(
                    "“%(role)s” không thể kiêm “%(other)s”: người của cơ sở được hỗ trợ không xét, không quản lý việc hỗ trợ."
                )
                % {"role": ROLES[role].label, "other": ROLES[other].label}
            )
        if _carries_out_and_judges(role, other):
            raise NotPossible(
                _(
                    "“%(role)s” không thể kiêm “%(other)s”: người lập, thực hiện đề án không thẩm định, phê duyệt, nghiệm thu "
                    "đề án."
                )
                % {"role": ROLES[role].label, "other": ROLES[other].label}
            )
        if _watches(role, other):
            raise NotPossible(
                _("“%(role)s” không thể kiêm “%(other)s”: người quản trị, kiểm toán không tham gia quyết định.")
                % {"role": ROLES[role].label, "other": ROLES[other].label}
            )


def relieves(holder: Mandate, other: Mandate) -> bool:
    """Whether the head who holds ``holder`` may end and pass on ``other``: a role under his, in his territory, of somebody
    who works for his body or for one that belongs to it (a Centre to its department)."""
    role, home = ROLES[holder.role], other.home
    if Permission.HAND_OVER not in role.permissions or other.role not in role.relieves:
        return False
    if not holder.whole_country and (home is None or not holder.covers(home)):
        return False
    if holder.employer_id is None or other.employer is None:
        return True
    return holder.employer_id in (other.employer_id, other.employer.parent_id)


def check_scope(mandate: Mandate) -> None:
    """Refuse a scope to which the role cannot be bound, or one that has ended; raises Invalid on the field."""
    role = ROLES[mandate.role]
    chosen = [
        name
        for name in ("place", "area", "organisation", "whole_country")
        if getattr(mandate, name if name == "whole_country" else f"{name}_id")
    ]
    if len(chosen) != 1:
        raise Invalid(place=_("Hãy chọn đúng một phạm vi cho phân công: địa bàn, cụm địa bàn, đơn vị hoặc cả nước."))
    bound = {"place": "place", "area": "place", "organisation": "body", "whole_country": "country"}[chosen[0]]
    if bound not in role.bound:
        words = {"place": _("một địa bàn"), "body": _("một đơn vị"), "country": _("cả nước")}
        raise Invalid(
            **{
                chosen[0]: _("Vai trò “%(role)s” phải gắn với %(scope)s.")
                % {"role": role.label, "scope": _(" hoặc ").join(words[name] for name in role.bound)}
            }
        )
    day = mandate.valid_from
    if mandate.place is not None and not mandate.place.is_current:
        raise Invalid(
            place=_("“%(place)s” đã được sắp xếp lại. Hãy phân công theo đơn vị hành chính hiện nay.")
            % {"place": mandate.place}
        )
    if mandate.place is not None and mandate.place.level == Level.DISTRICT:
        raise Invalid(place=_("Không còn cấp huyện từ 01/7/2025. Hãy chọn tỉnh hoặc xã, phường."))
    if mandate.area is not None and not mandate.area.holds_on(day):
        raise Invalid(area=_("Cụm địa bàn này không còn dùng vào ngày bắt đầu phân công."))
    for field in ("organisation", "employer"):
        body = getattr(mandate, field)
        if body is not None and not body.exists_on(day):
            raise Invalid(
                **{
                    field: _("“%(body)s” chưa hoạt động hoặc đã chấm dứt vào ngày %(day)s.")
                    % {"body": body, "day": f"{day:%d/%m/%Y}"}
                }
            )
    if role.own_body and mandate.employer is None:
        raise Invalid(employer=_("Vai trò “%(role)s” phải ghi nơi công tác.") % {"role": role.label})
    if mandate.valid_to is not None and mandate.valid_to <= day:
        raise Invalid(valid_to=_("Ngày kết thúc phải sau ngày bắt đầu."))
