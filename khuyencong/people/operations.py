"""Accounts and mandates.  A hand-over of open work is ``work.operations.hand_over``, which calls ``end_mandate``."""

import secrets
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.authority.roles import ROLES
from khuyencong.base import clock
from khuyencong.base.errors import Invalid, NotAllowed, NotPossible
from khuyencong.base.models import checked
from khuyencong.base.phone import clean_phone
from khuyencong.organisations.models import Area, Organisation
from khuyencong.people import queries, rules
from khuyencong.people.models import SYSTEM, Mandate, SavedView, User
from khuyencong.places.enums import Level
from khuyencong.places.models import Unit

_EPOCH = date(2000, 1, 1)
MOST_VIEWS = 20  # of one list, for one person: they stand in one row


@transaction.atomic
def system_account() -> User:
    """The account that commands act as by default.  It can load and import, cannot sign in, and is made when first asked."""
    user, made = User.objects.get_or_create(
        username=SYSTEM, defaults={"last_name": "Hệ thống", "title": "Tài khoản hệ thống"}
    )
    if made:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    if not user.mandates.exists():
        Mandate.objects.create(user=user, role="system", whole_country=True, valid_from=_EPOCH)
    return user


@transaction.atomic
def first_administrator(*, username: str, password: str, last_name: str, first_name: str, email: str = "") -> User:
    """Open a new installation: the one account that nobody had to give.  Refused as soon as an administrator is there."""
    today = clock.today()
    system = system_account()
    if Mandate.objects.on(today).filter(role="administrator", whole_country=True, user__is_active=True).exists():
        raise NotPossible(_("Hệ thống đã có quản trị viên. Hãy đề nghị người đó mở tài khoản."))
    user = _new_user(username=username, password=password, last_name=last_name, first_name=first_name, email=email)
    mandate = Mandate.objects.create(user=user, role="administrator", whole_country=True, valid_from=today)
    record("people.first_administrator", user, by=system, on=today, mandate=mandate.pk)
    return user


@transaction.atomic
def register_user(
    *,
    username: str,
    last_name: str,
    first_name: str,
    by: User,
    province: Unit | None = None,
    email: str = "",
    title: str = "",
    phone: str = "",
    password: str | None = None,
    invented: bool = False,
) -> User:
    """Open an account that may do nothing yet.  Without ``password`` it cannot sign in before ``reset_password``.

    ``province`` is the province (of today) whose administrator keeps the account; none: the country's.
    Raises Invalid (username taken, phone), NotAllowed.
    """
    authorise(by, Permission.PEOPLE_MANAGE, place=province)
    if province is not None and (province.level != Level.PROVINCE or not province.is_current):
        raise Invalid(province=_("Hãy chọn một tỉnh, thành phố hiện nay."))
    user = _new_user(
        username=username,
        password=password,
        last_name=last_name,
        first_name=first_name,
        email=email,
        title=title,
        phone=clean_phone(phone),
        province=province,
        invented=invented,
    )
    record("people.register_user", user, by=by)
    return user


def _new_user(*, username: str, password: str | None, **facts: Any) -> User:
    username = username.strip().lower()
    if User.objects.filter(username__iexact=username).exists():
        raise Invalid(username=_("Tên đăng nhập “%(name)s” đã có người dùng.") % {"name": username})
    email = facts.get("email", "").strip().lower()
    if email and User.objects.filter(email__iexact=email).exists():
        raise Invalid(email=_("Địa chỉ thư điện tử này đã gắn với một tài khoản khác."))
    user = User(username=username, **{**facts, "email": email})
    if password is None:
        user.set_unusable_password()
    else:
        user.set_password(password)
    checked(user).save()
    return user


@transaction.atomic
def change_user(user: User, *, by: User, **facts: Any) -> User:
    """Correct name, title, e-mail or telephone of an account.  The journal keeps which, not the private values."""
    authorise_over(user, by=by)
    for name, value in facts.items():
        if name not in ("last_name", "first_name", "title", "email", "phone"):
            raise TypeError(f"not a fact of an account: {name}")
        setattr(user, name, clean_phone(value) if name == "phone" else value.strip())
    if user.email and User.objects.filter(email__iexact=user.email).exclude(pk=user.pk).exists():
        raise Invalid(email=_("Địa chỉ thư điện tử này đã gắn với một tài khoản khác."))
    checked(user).save()
    record("people.change_user", user, by=by, changed=sorted(facts))
    return user


@transaction.atomic
def reset_password(user: User, *, by: User) -> str:
    """A new random password, told once to the administrator; the person changes it after signing in."""
    authorise_over(user, by=by)
    if user.pk == by.pk:
        raise NotPossible(_("Hãy đổi mật khẩu của mình ở trang tài khoản."))
    if user.username == SYSTEM:
        raise NotPossible(_("Tài khoản hệ thống không đăng nhập."))
    password = "-".join(secrets.token_hex(2) for _part in range(4))
    user.set_password(password)
    user.save(update_fields=["password"])
    record("people.reset_password", user, by=by)
    return password


def authorise_over(user: User, *, by: User) -> None:
    """Only whoever keeps the account (``queries.keeps``); an administrator of the country keeps all."""
    authorise(by, Permission.PEOPLE_MANAGE, place=user.province)
    if not queries.keeps(by, user):
        raise NotAllowed(
            _(
                "%(user)s còn giữ phân công ngoài địa bàn bạn quản lý, nên bạn không sửa, khoá hay đặt lại mật khẩu được. "
                "Hãy đề nghị quản trị viên cả nước."
            )
            % {"user": user}
        )


@transaction.atomic
def give_mandate(
    user: User,
    *,
    role: str,
    by: User,
    on: date,
    until: date | None = None,
    place: Unit | None = None,
    area: Area | None = None,
    organisation: Organisation | None = None,
    whole_country: bool = False,
    employer: Organisation | None = None,
    paper: Any = None,
) -> Mandate:
    """Give a role in a period for exactly one scope.  ``on`` is its first day, ``until`` its first day no longer.

    Raises Invalid (two scopes or none, an old unit, an ended body, end before start, a role bound otherwise), NotPossible
    (to oneself, a locked account, roles that must stay apart, the same mandate twice), NotAllowed outside one's territory.
    """
    if role not in ROLES or role == "system":
        raise Invalid(role=_("Hãy chọn một vai trò."))
    mandate = Mandate(
        user=user,
        role=role,
        place=place,
        area=area,
        organisation=organisation,
        whole_country=whole_country,
        employer=employer,
        valid_from=on,
        valid_to=until,
    )
    rules.check_scope(mandate)
    authorise(by, Permission.PEOPLE_MANAGE, place=mandate.home)
    return _give(mandate, by=by, on=on, paper=paper)


def _give(mandate: Mandate, *, by: User, on: date, paper: Any) -> Mandate:
    """What every new mandate must meet, whoever gives it."""
    user, until = mandate.user, mandate.valid_to
    if user.pk == by.pk:
        raise NotPossible(_("Không ai tự giao nhiệm vụ cho mình. Hãy đề nghị một quản trị viên khác."))
    if not user.is_active:
        raise NotPossible(_("Tài khoản của %(user)s đang bị khoá.") % {"user": user})
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)  # two administrators at once
    together = user.mandates.filter(Q(valid_to=None) | Q(valid_to__gt=on))
    if until is not None:
        together = together.filter(valid_from__lt=until)
    same = {name: getattr(mandate, name) for name in ("role", "place", "area", "organisation", "whole_country")}
    if together.filter(**same).exists():
        raise NotPossible(
            _("%(user)s đã có phân công “%(role)s” cho phạm vi này trong thời gian đó.")
            % {"user": user, "role": ROLES[mandate.role].label}
        )
    rules.check_apart(mandate.role, held=set(together.values_list("role", flat=True)))
    checked(mandate).save()
    mandate.user.forget_mandates()
    told = {"role": mandate.role, "scope": mandate.scope_text, "mandate": mandate.pk}
    record("people.give_mandate", user, by=by, on=on, paper=paper, **told)
    return mandate


@transaction.atomic
def pass_on(mandate: Mandate, *, to: User, by: User, on: date, paper: Any) -> Mandate:
    """End a mandate on ``on`` and give the same, no wider and no longer, to another account from that day.

    Open to whoever may end it (``end_mandate``).  Raises Invalid for the same or a locked account or one outside the
    territory of ``by``; NotPossible as ``end_mandate`` and ``give_mandate``; NotAllowed.
    """
    ended = _lock(mandate)
    until = ended.valid_to
    _authorise_end(ended, by)
    if to.pk == ended.user_id:
        raise Invalid(to=_("Người nhận phải là người khác."))
    if not to.is_active:
        raise Invalid(to=_("Tài khoản của %(person)s đã khoá.") % {"person": to})
    if not User.objects.visible_to(by).filter(pk=to.pk).exists():
        raise Invalid(to=_("Tài khoản của %(person)s không thuộc địa bàn bạn quản lý.") % {"person": to})
    _end_and_tell(ended, by=by, on=on, paper=paper, to=to)
    given = Mandate(
        user=to,
        role=ended.role,
        place=ended.place,
        area=ended.area,
        organisation=ended.organisation,
        whole_country=ended.whole_country,
        employer=ended.employer,
        valid_from=on,
        valid_to=until,
    )
    rules.check_scope(given)
    return _give(given, by=by, on=on, paper=paper)


@transaction.atomic
def end_mandate(mandate: Mandate, *, by: User, on: date, paper: Any = None, to: User | None = None) -> Mandate:
    """The mandate's last day is the one before ``on``.  Whoever manages people there, or the head of this person, may end it.

    ``to`` is who takes over, for the journal.  Raises NotPossible when it has ended or would leave no administrator.
    """
    ended = _lock(mandate)
    _authorise_end(ended, by)
    return _end_and_tell(ended, by=by, on=on, paper=paper, to=to)


def _lock(mandate: Mandate) -> Mandate:
    """The mandate as it stands now, for this transaction alone."""
    if mandate.role == "administrator" and mandate.whole_country:
        _hold_administrators()
    rows = Mandate.objects.select_for_update(of=("self",))
    return rows.select_related("user", "place__province", "area__organisation", "organisation", "employer").get(
        pk=mandate.pk
    )


def _hold_administrators() -> None:
    """Lock the mandates of all administrators of the country together: two who end each other's leave one behind."""
    list(Mandate.objects.select_for_update().filter(role="administrator", whole_country=True).order_by("pk"))


def _authorise_end(mandate: Mandate, by: User) -> None:
    if not queries.may_end(by, mandate):
        authorise(by, Permission.PEOPLE_MANAGE, place=mandate.home)


def _end_and_tell(mandate: Mandate, *, by: User, on: date, paper: Any, to: User | None) -> Mandate:
    _end(mandate, on)
    record(
        "people.end_mandate",
        mandate.user,
        by=by,
        on=on,
        paper=paper,
        role=mandate.role,
        scope=mandate.scope_text,
        mandate=mandate.pk,
        **({"to": str(to)} if to else {}),
    )
    return mandate


def _end(mandate: Mandate, on: date) -> None:
    if mandate.valid_to is not None and mandate.valid_to <= on:
        raise NotPossible(_("Phân công này đã kết thúc từ ngày %(day)s.") % {"day": f"{mandate.valid_to:%d/%m/%Y}"})
    if on <= mandate.valid_from:
        raise Invalid(
            on=_("Ngày kết thúc phải sau ngày bắt đầu (%(day)s).") % {"day": f"{mandate.valid_from:%d/%m/%Y}"}
        )
    _leaves_an_administrator(mandate, on)
    mandate.valid_to = on
    mandate.save(update_fields=["valid_to"])
    mandate.user.forget_mandates()


def _leaves_an_administrator(mandate: Mandate, on: date) -> None:
    if mandate.role != "administrator" or not mandate.whole_country:
        return
    others = Mandate.objects.on(on).filter(role="administrator", whole_country=True, user__is_active=True)
    if not others.exclude(user=mandate.user_id).exists():
        raise NotPossible(_("Đây là quản trị viên cuối cùng của hệ thống. Hãy giao nhiệm vụ cho người khác trước."))


@transaction.atomic
def deactivate(user: User, *, by: User, on: date, reason: str = "") -> User:
    """Lock an account at once and end all its mandates on ``on``; one of which that is the first day keeps it.  One that has
    not begun is taken away whole, so that an account opened again holds nothing that nobody gave anew.

    Open work must be handed over before; ``work`` names what stays behind.
    """
    authorise_over(user, by=by)
    if user.pk == by.pk:
        raise NotPossible(_("Không thể tự khoá tài khoản của mình."))
    if user.username == SYSTEM:
        raise NotPossible(_("Không thể khoá tài khoản hệ thống."))
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if not user.is_active:
        raise NotPossible(_("Tài khoản này đã bị khoá."))
    _hold_administrators()
    never_begun = []
    for mandate in user.mandates.filter(Q(valid_to=None) | Q(valid_to__gt=on)):
        if mandate.valid_from > max(on, clock.today()):
            _leaves_an_administrator(mandate, mandate.valid_from)
            never_begun.append(f"{mandate}")
            mandate.delete()
            continue
        last = max(on, mandate.valid_from + timedelta(days=1))
        if mandate.valid_to is None or last < mandate.valid_to:  # else it has but this day and ends by itself
            _end(mandate, last)
    user.is_active = False
    user.save(update_fields=["is_active"])
    user.forget_mandates()
    record(
        "people.deactivate", user, by=by, on=on, reason=reason, **({"never_begun": never_begun} if never_begun else {})
    )
    return user


@transaction.atomic
def reactivate(user: User, *, by: User, on: date) -> User:
    """Open a locked account again; its mandates stay ended and must be given anew."""
    authorise_over(user, by=by)
    if user.is_active:
        raise NotPossible(_("Tài khoản này đang hoạt động."))
    user.is_active = True
    user.save(update_fields=["is_active"])
    record("people.reactivate", user, by=by, on=on)
    return user


def seen(user: User, *, at: Any, language: str) -> None:
    """Note when this person last looked at his home page, and in which language; no act, nothing to remember."""
    User.objects.filter(pk=user.pk).update(last_seen_at=at, language=language)


def read_in(language: str, *, by: User) -> None:
    """The language in which this person reads: messages to him are written in it.  A preference, as his views of lists."""
    User.objects.filter(pk=by.pk).update(language=language)


# ---- views of lists: a person's own preference, as the year in work is; not a matter of the journal ----


@transaction.atomic
def save_view(page: str, *, name: str, query: str, by: User) -> SavedView:
    """Keep the list ``page`` as ``by`` sees it now; a view of the same name is replaced.  Raises Invalid, NotPossible."""
    name = " ".join(name.split())
    mine = SavedView.objects.filter(user=by, page=page)
    found = mine.filter(name=name).first()
    if found is None and mine.count() >= MOST_VIEWS:
        raise NotPossible(
            _("Mỗi danh sách giữ tối đa %(count)s cách xem. Hãy bỏ bớt một cách xem cũ.") % {"count": MOST_VIEWS}
        )
    view = found or SavedView(user=by, page=page, name=name)
    view.query = query
    checked(view).save()
    return view


@transaction.atomic
def rename_view(view: SavedView, *, name: str, by: User) -> SavedView:
    """Give a view of one's own another name.  Raises NotAllowed, Invalid (a name that is taken)."""
    _own_view(view, by=by)
    view.name = " ".join(name.split())
    if SavedView.objects.filter(user=by, page=view.page, name=view.name).exclude(pk=view.pk).exists():
        raise Invalid(name=_("Đã có cách xem tên này."))
    checked(view).save()
    return view


@transaction.atomic
def delete_view(view: SavedView, *, by: User) -> None:
    """Drop a view of one's own; the records in it stay as they are.  Raises NotAllowed."""
    _own_view(view, by=by)
    view.delete()


def _own_view(view: SavedView, *, by: User) -> None:
    if view.user_id != by.pk:
        raise NotAllowed(_("Chỉ người đã lưu cách xem này được đổi hoặc bỏ."))
