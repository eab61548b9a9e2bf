"""All official forms of the house by key, and the records that they tell of, as far as a person may see them."""

import uuid
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from khuyencong.authority.permissions import Permission
from khuyencong.base.errors import Invalid, NotPossible
from khuyencong.contracts.models import ProgressReport
from khuyencong.contracts.papers import FORMS as CONTRACTS
from khuyencong.contracts.papers import offers as contracts
from khuyencong.councils import queries as councils
from khuyencong.councils.models import Council, Session, Sheet
from khuyencong.councils.papers import FORMS as COUNCILS
from khuyencong.documents.papers import Filled, Form, Lack
from khuyencong.needs.models import Call, Need, SurveyPlan, Visit
from khuyencong.needs.papers import FORMS as NEEDS
from khuyencong.organisations.rules import open_code
from khuyencong.people.models import User
from khuyencong.plans.enums import DecisionState
from khuyencong.plans.models import Decision
from khuyencong.plans.papers import DECISION, SUBMISSION
from khuyencong.plans.papers import FORMS as PLANS
from khuyencong.plans.papers import lacks as plan_lacks
from khuyencong.projects.models import Beneficiary, Project
from khuyencong.projects.papers import FORMS as PROJECTS
from khuyencong.projects.papers import offers as projects
from khuyencong.projects.papers.requests import REQUEST

Context = Callable[..., dict[str, Any]]


@cache
def _all() -> dict[str, tuple[Form, Context]]:
    return {form.key: (form, context) for form, context in (*NEEDS, *COUNCILS, *PROJECTS, *PLANS, *CONTRACTS)}


def forms() -> list[Form]:
    """Every form, in the order of the work: need, council, project, plan, contract."""
    return [form for form, _context in _all().values()]


def find(key: str) -> Form:
    """The form of this key.  Raises Invalid(key=…) where there is none."""
    if key not in _all():
        raise Invalid(key=_("Không có biểu mẫu “%(key)s”.") % {"key": key})
    return _all()[key][0]


def forms_of(kind: str) -> list[Form]:
    """The forms that a record of this kind can fill."""
    return [form for form in forms() if form.of == kind]


def lacking(kind: str, record: Any) -> dict[str, Lack]:
    """The forms that are not offered for this record as it stands, each with its reason in one sentence."""
    found: dict[str, Lack] = {}
    for ask in _LACKS.get(kind, ()):
        found |= ask(record)
    return found


def demand(form: Form, record: Any) -> None:
    """Raises NotPossible where nothing true could be written on this form yet."""
    lack = lacking(form.of, record).get(form.key)
    if lack is not None and lack.refused:
        raise NotPossible(_("Chưa lập được “%(form)s”: %(why)s") % {"form": form.title, "why": lack.why})


def subject(kind: str, uid: uuid.UUID, user: User) -> Any:
    """The record of this kind and identifier, if this person may see it.  Raises NotPossible where it is not there for him."""
    found = _SCOPES[kind](user).filter(uid=uid).first()
    if found is None:
        raise NotPossible(_("Không tìm thấy hồ sơ %(uid)s cho biểu mẫu này.") % {"uid": uid})
    return found


def fill(key: str, *, subject: Model, on: date, reader: User | None = None, **signer: str) -> Filled:
    """The form filled from its record, as of a day; ``signer`` and ``signer_title`` stand where a name is still open.

    What a ``reader`` may not read of establishments (who stands behind them, telephone, personal number) is left to be
    written by hand.
    """
    with override("vi"):
        form, write = find(key), _all()[key][1]
        told = {**write(subject, on=on), **signer}
    if reader is not None and not _reads_personal(reader, subject):
        told = _impersonal(told)
    return Filled(form, told)


def _reads_personal(reader: User, record: Any) -> bool:
    """Who may see personal data at the place of the record, who carries out its project, and the establishment itself."""
    home = _home(record)
    place = getattr(home, "commune", None) or home.province
    own = getattr(record, "establishment", None)
    parties = {getattr(home, "implementer_id", None), own.organisation_id if own is not None else None} - {None}
    return reader.may(Permission.VIEW_PERSONAL, place=place) or not parties.isdisjoint(reader.scope().bodies)


def _home(record: Any) -> Any:
    """The record that lies somewhere: itself, or the one it is a part of."""
    if hasattr(record, "province"):
        return record
    return _home(next(getattr(record, name) for name in _WITHIN if hasattr(record, name)))


def _impersonal(told: Any) -> Any:
    if isinstance(told, Mapping):
        return {name: value if name in _BODIES else _left_out(name, value) for name, value in told.items()}
    if isinstance(told, list | tuple):
        return [_impersonal(value) for value in told]
    return told


def _left_out(name: str, value: Any) -> Any:
    if name == "tax_code":
        return (open_code(str(value)) or None) if value else value
    return None if name in ("phone", "representative") else _impersonal(value)


def waiting_for(user: User, record: Decision | Project, *, on: date) -> Filled:
    """The paper that lies before this person to sign: his letter, or the decision that was submitted to him."""
    if isinstance(record, Project):
        form = REQUEST
    else:
        form = DECISION if record.state == DecisionState.SUBMITTED else SUBMISSION
    name = {"signer": str(user)} | ({"signer_title": user.title} if user.title else {})
    return fill(form.key, subject=record, on=on, reader=None, **name)


_WITHIN = ("member", "council", "project", "plan", "need", "call")
_BODIES = frozenset({"giver", "implementer", "a"})  # offices: who signs for them is no secret

_LACKS: dict[str, tuple[Callable[[Any], dict[str, Lack]], ...]] = {
    "project": (projects.lacks, contracts.lacks),
    "beneficiary": (projects.beneficiary_lacks, contracts.beneficiary_lacks),
    "plan_decision": (plan_lacks,),
}

# ---- what a person may see ----


def _projects(user: User) -> QuerySet[Project]:
    """Projects whose whole file this person may see: an establishment sees its own part only."""
    scope, found = user.scope(), Project.objects.visible_to(user)
    if scope.bodies and not scope.whole_country:
        found = found.filter(
            Q(province_id__in=scope.provinces) | Q(commune_id__in=scope.communes) | Q(implementer_id__in=scope.bodies)
        )
    return found.select_related("province", "commune", "place_unit", "implementer__parent", "implementer__place")


def _beneficiaries(user: User) -> QuerySet[Beneficiary]:
    return Beneficiary.objects.filter(
        Q(project__in=_projects(user).order_by()) | Q(establishment__organisation_id__in=user.scope().bodies)
    ).select_related("project__implementer__parent", "establishment__organisation", "establishment__commune")


CLOSED = frozenset(
    {"session", "sheet"}
)  # what judges wrote: a print of it stands with who printed it, not with a province

_SCOPES: dict[str, Callable[[User], QuerySet[Any]]] = {
    "need": lambda user: Need.objects.visible_to(user).select_related("call", "commune", "province", "establishment"),
    "survey": lambda user: Visit.objects.filter(need__in=Need.objects.visible_to(user).order_by()),
    "survey_plan": lambda user: SurveyPlan.objects.filter(call__in=Call.objects.visible_to(user).order_by()),
    "council": lambda user: Council.objects.visible_to(user),
    # the minutes repeat the sheets
    "session": lambda user: Session.objects.filter(council__in=councils.open_to(user)),
    "sheet": lambda user: Sheet.objects.filter(member__council__in=councils.open_to(user)),
    "project": _projects,
    "beneficiary": _beneficiaries,
    "plan_decision": lambda user: Decision.objects.visible_to(user).select_related("plan__province", "plan__commune"),
    "progress_report": lambda user: ProgressReport.objects.filter(project__in=_projects(user).order_by()),
}
