"""Who may do what: the whole table of authority, on one page.

``bound`` says what a mandate of the role is tied to: ``place`` (a province, a commune or an officer's area), ``body`` (the
records to which one's own organisation is party) or ``country``.  With ``own_body`` an act on a record that names a
responsible body is open only when that body is the one where the person works: a Centre's director signs for his Centre.
``relieves`` names the roles whose mandates a head may end and pass on to another: those who work for him, nobody else.
``signs``: papers of this desk bear the person's own name, and forms begin with it.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from khuyencong.authority.permissions import Permission as P

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True, slots=True)
class Role:
    label: "str | StrPromise"
    permissions: frozenset[P]
    bound: tuple[str, ...] = ("place",)
    own_body: frozenset[P] = field(default_factory=frozenset)
    relieves: frozenset[str] = frozenset()
    signs: bool = False

    @property
    def of_nation(self) -> bool:
        """Of the ministry: its mandates are for the whole country alone."""
        return self.bound == ("country",)


_CENTRE = frozenset(
    {P.PROJECT_DRAFT, P.PROJECT_SUBMIT, P.PROJECT_WITHDRAW, P.CONTRACT_SIGN, P.PROGRESS_REPORT, P.ADVANCE_REQUEST}
)

ROLES: dict[str, Role] = {
    "collaborator": Role(_("Cộng tác viên khuyến công"), frozenset({P.VIEW, P.NEED_REGISTER, P.ESTABLISHMENT_EDIT})),
    "commune_officer": Role(
        _("Công chức cấp xã"),
        frozenset({P.VIEW, P.NEED_REGISTER, P.NEED_CONFIRM, P.ESTABLISHMENT_EDIT, P.OPINION_GIVE, P.VIEW_PERSONAL}),
    ),
    "establishment": Role(
        _("Cơ sở công nghiệp nông thôn"),
        frozenset({P.VIEW_OWN, P.NEED_REGISTER, P.ESTABLISHMENT_EDIT_OWN, P.PROGRESS_REPORT_OWN}),
        bound=("body",),
    ),
    "centre_officer": Role(
        _("Chuyên viên Trung tâm Khuyến công"),
        frozenset(
            {
                P.VIEW,
                P.VIEW_PERSONAL,
                P.NEED_REGISTER,
                P.SURVEY_PLAN,
                P.SURVEY_RECORD,
                P.NEED_PROPOSE,
                P.ESTABLISHMENT_EDIT,
            }
            | {P.ESTABLISHMENT_MERGE, P.PROJECT_DRAFT, P.PROGRESS_REPORT, P.VOUCHER_RECORD, P.IMPORT, P.PLAN_DRAFT}
            | {P.ADVANCE_REQUEST, P.TENDER_RECORD}
        ),
        own_body=frozenset({P.PROJECT_DRAFT, P.PROGRESS_REPORT, P.ADVANCE_REQUEST}),
    ),
    "centre_director": Role(
        _("Giám đốc Trung tâm Khuyến công"),
        frozenset(
            {
                P.VIEW,
                P.VIEW_PERSONAL,
                P.NEED_REGISTER,
                P.SURVEY_PLAN,
                P.SURVEY_RECORD,
                P.NEED_PROPOSE,
                P.ESTABLISHMENT_EDIT,
            }
            | {P.ESTABLISHMENT_MERGE, P.HAND_OVER, P.TENDER_RECORD}
            | _CENTRE
        ),
        own_body=_CENTRE,
        relieves=frozenset({"centre_officer", "collaborator"}),
        signs=True,
    ),
    "implementer": Role(
        _("Đơn vị thực hiện khác"),
        frozenset({P.VIEW_OWN, P.VOUCHER_RECORD} | _CENTRE),
        bound=("body",),
        signs=True,
    ),
    "appraiser": Role(
        _("Phòng Quản lý công nghiệp, Sở Công Thương"),
        frozenset(
            {
                P.VIEW,
                P.VIEW_PERSONAL,
                P.CALL_OPEN,
                P.PROJECT_APPRAISE,
                P.COUNCIL_FORM,
                P.COUNCIL_SCORE,
                P.PLAN_DRAFT,
                P.OPINION_ASK,
            }
            | {P.VOLUME_CONFIRM, P.ESTABLISHMENT_EDIT, P.ESTABLISHMENT_MERGE, P.IMPORT}
        ),
    ),
    "department_director": Role(
        _("Lãnh đạo Sở Công Thương"),
        frozenset(
            {
                P.VIEW,
                P.VIEW_PERSONAL,
                P.CALL_OPEN,
                P.NEED_DECIDE,
                P.PROJECT_APPRAISE,
                P.PROJECT_REGISTER,
                P.BENEFICIARIES_APPROVE,
            }
            | {
                P.COUNCIL_FORM,
                P.COUNCIL_SCORE,
                P.PLAN_DRAFT,
                P.PLAN_SUBMIT,
                P.OPINION_ASK,
                P.CHANGE_CONFIRM,
                P.CHANGE_BY_DEPARTMENT,
                P.ASSIGN,
            }
            | {P.TENDER_RECORD, P.VOLUME_CONFIRM, P.ACCEPT, P.LIQUIDATE, P.RECOVER, P.REPORT_CLOSE, P.HAND_OVER}
        ),
        relieves=frozenset(
            {"appraiser", "centre_director", "centre_officer", "collaborator", "accountant", "registry_clerk"}
        ),
        signs=True,
    ),
    "finance_officer": Role(
        _("Sở Tài chính, sở ngành khác (cho ý kiến)"), frozenset({P.VIEW, P.OPINION_GIVE, P.COUNCIL_SCORE})
    ),
    "accountant": Role(
        _("Kế toán"),
        frozenset(
            {P.VIEW, P.BUDGET_RECORD, P.BUDGET_CARRY, P.ADVANCE_REQUEST, P.ADVANCE_PAY, P.VOUCHER_RECORD, P.SETTLE}
        ),
    ),
    "registry_clerk": Role(_("Văn thư (ghi nhận văn bản)"), frozenset({P.VIEW, P.PAPER_RECORD})),
    "provincial_approver": Role(
        _("Người phê duyệt cấp tỉnh"),
        frozenset({P.VIEW, P.PLAN_APPROVE_PROVINCIAL, P.PLAN_APPROVE_COMMUNAL, P.CHANGE_BY_DEPARTMENT})
        | {P.REPORT_RECEIVE_PROVINCIAL},
        signs=True,
    ),
    "ministry_agency": Role(
        _("Cục Đổi mới sáng tạo, Chuyển đổi xanh và Khuyến công"),
        frozenset(
            {
                P.VIEW,
                P.PROJECT_APPRAISE_MINISTRY,
                P.CHANGE_BY_AGENCY,
                P.ASSIGN,
                P.ADVANCE_PAY,
                P.SETTLE,
                P.LIQUIDATE,
                P.RECOVER,
                P.BUDGET_RECORD,
            }
            | {P.PLAN_DRAFT, P.PLAN_SUBMIT, P.BUDGET_CARRY, P.COUNCIL_FORM, P.COUNCIL_SCORE, P.OPINION_ASK}
            | {P.REPORT_RECEIVE_AGENCY}
        ),
        bound=("country",),
        signs=True,
    ),
    "ministry_approver": Role(
        _("Bộ Công Thương (phê duyệt)"),
        frozenset({P.VIEW, P.PLAN_APPROVE_NATIONAL, P.CHANGE_BY_MINISTER}),
        bound=("country",),
        signs=True,
    ),
    "auditor": Role(
        _("Kiểm toán, thanh tra"), frozenset({P.VIEW, P.VIEW_PERSONAL, P.AUDIT}), bound=("place", "country")
    ),
    "administrator": Role(
        _("Quản trị hệ thống"),
        frozenset({P.PEOPLE_MANAGE, P.CATALOGUE_MANAGE}),
        bound=("place", "country"),
    ),
    "system": Role(_("Tài khoản hệ thống"), frozenset({P.IMPORT, P.VIEW}), bound=("country",)),
}


def holders(permission: P, *, national: bool) -> str:
    """The roles that hold an act, in words; of local money not those of the ministry, which decides nothing there."""
    found = [role for role in ROLES.values() if permission in role.permissions and (national or not role.of_nation)]
    return ", ".join(str(role.label) for role in found)


def kept_to_own(permission: P) -> bool:
    """Whether some role does this act for its own body alone: then the body, not the place, says whose it is."""
    return any(permission in role.own_body for role in ROLES.values())


# Whose act counts as that of the head whom a row of law names: a division judges and writes for its own director.
ACTS_FOR: dict[str, frozenset[str]] = {"department_director": frozenset({"appraiser"})}

# Deciding steps that a registry clerk may enter for the person who signed them on paper.
RECORDABLE: frozenset[P] = frozenset(
    {
        P.NEED_DECIDE,
        P.PROJECT_SUBMIT,
        P.PROJECT_APPRAISE,
        P.PROJECT_REGISTER,
        P.PROJECT_APPRAISE_MINISTRY,
        P.BENEFICIARIES_APPROVE,
    }
    | {P.COUNCIL_FORM, P.PLAN_SUBMIT, P.PLAN_APPROVE_NATIONAL, P.PLAN_APPROVE_PROVINCIAL, P.PLAN_APPROVE_COMMUNAL}
    | {
        P.CHANGE_CONFIRM,
        P.CHANGE_BY_MINISTER,
        P.CHANGE_BY_AGENCY,
        P.CHANGE_BY_DEPARTMENT,
        P.BUDGET_RECORD,
        P.ASSIGN,
        P.RECOVER,
        P.OPINION_GIVE,
        P.REPORT_CLOSE,
    }
)
