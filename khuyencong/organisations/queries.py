"""Finding bodies and contacts, what they were called, and who followed whom."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, When
from django.utils.translation import gettext as _

from khuyencong.base import clock
from khuyencong.base.text import fold
from khuyencong.organisations.enums import ONE_PER_PLACE, Kind
from khuyencong.organisations.models import Contact, FormerName, Organisation, Succession
from khuyencong.places.models import Unit


def search(
    text: str = "",
    *,
    kind: str = "",
    province: Unit | int | None = None,
    on: date | None = None,
    with_ended: bool = False,
) -> QuerySet[Organisation]:
    """Organisations in the order of a Vietnamese list; ``text`` of a name, also one borne before, with or without accents, or
    (a part of) a tax code.

    Bodies that have ended are left out unless ``with_ended``; ``on`` asks for those of another day.
    """
    found = Organisation.objects.select_related("place").order_by("sort_key", "pk")
    if text := " ".join(text.split()):
        if text.replace("-", "").isdigit():
            found = found.filter(tax_code__startswith=text)
        else:
            for word in fold(text).split():
                found = found.filter(folded__contains=word)
    if kind:
        found = found.filter(kind=kind)
    if province:
        found = found.filter(province=province)
    return found if with_ended else found.on(on or clock.today())


def of_kind(kind: str, *, province: Unit | int | None, on: date | None = None) -> Organisation | None:
    """The one body of this kind in a province on a day (today by default); None where none is kept."""
    return Organisation.objects.on(on or clock.today()).filter(kind=kind, province=province).order_by("pk").first()


def centre_of(province: Unit | int, *, on: date | None = None) -> Organisation | None:
    """The province's Centre for industrial promotion."""
    return of_kind(Kind.CENTRE, province=province, on=on)


def department_of(province: Unit | int, *, on: date | None = None) -> Organisation | None:
    """The province's Department of Industry and Trade (Sở Công Thương)."""
    return of_kind(Kind.DEPARTMENT, province=province, on=on)


def committee_of(place: Unit, *, on: date | None = None) -> Organisation | None:
    """The people's committee of a province or a commune."""
    kinds = (Kind.PROVINCE_COMMITTEE, Kind.COMMUNE_COMMITTEE)
    return Organisation.objects.on(on or clock.today()).filter(kind__in=kinds, place=place).order_by("pk").first()


# ---- names through time ----


class Called(Protocol):
    """Whatever bears the names of a body: the body, or the establishment whose legal person it is."""

    name: str
    former: str

    @property
    def body_id(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Names:
    """The names of some bodies through time, read at once."""

    borne: Mapping[int, Sequence[FormerName]]  # by body, the oldest first

    def on(self, body: Called, day: date) -> str:
        """The full name that it bore on ``day``; on the day of a renaming, the new one."""
        former = self._until(body, day)
        return body.name if former is None else former.name

    def short_on(self, body: Organisation, day: date) -> str:
        """The name by which it was spoken of on ``day``: the short one where it had one."""
        former = self._until(body, day)
        return str(body) if former is None else former.short_name or former.name

    def _until(self, body: Called, day: date) -> FormerName | None:
        if not body.former:
            return None
        return next((row for row in self.borne.get(body.body_id, ()) if day < row.until), None)


def names_of(bodies: Iterable[Called | None]) -> Names:
    """What these were called through time: one query, none where not one of them was ever renamed."""
    wanted = {body.body_id for body in bodies if body is not None and body.former}
    borne: dict[int, list[FormerName]] = {}
    if wanted:
        for row in FormerName.objects.filter(organisation__in=wanted).order_by("until"):
            borne.setdefault(row.organisation_id, []).append(row)
    return Names(borne)


def name_on(body: Called, day: date) -> str:
    """What it was called on ``day``.  Of several ask ``names_of`` first."""
    return names_of([body]).on(body, day)


def name_then(body: str, day: str, *, short: bool = False) -> Subquery:
    """For a query that reads rows with a body (the path to its key) and a day: what the body was called on that day; NULL
    where that is its name of today.  ``short``: as it was spoken of."""
    name = Case(When(short_name="", then="name"), default="short_name") if short else F("name")
    borne = FormerName.objects.filter(organisation=OuterRef(body), until__gt=OuterRef(day))
    return Subquery(borne.order_by("until").values(told=name)[:1])


def former_names(organisation: Organisation) -> list[FormerName]:
    """The names that it bore before, the oldest first."""
    return list(organisation.named_before.order_by("until")) if organisation.former else []


def successors(organisation: Organisation) -> list[Organisation]:
    """Everybody who took over from it, directly or through others, nearest first."""
    found: dict[int, Organisation] = {}
    layer = [organisation.pk]
    while layer:
        links = Succession.objects.filter(old__in=layer).select_related("new").order_by("on", "pk")
        layer = []
        for link in links:
            if link.new_id not in found and link.new_id != organisation.pk:
                found[link.new_id] = link.new
                layer.append(link.new_id)
    return list(found.values())


def predecessors(organisation: Organisation) -> list[Succession]:
    """The successions by which it came to be, with the body before in each."""
    return list(Succession.objects.filter(new=organisation).select_related("old").order_by("on", "pk"))


def contacts(user: Any, *, on: date | None = None) -> QuerySet[Contact]:
    """Collaborators and contacts of communes in a person's territory, on a day (today by default)."""
    return Contact.objects.visible_to(user).on(on or clock.today()).select_related("commune", "province")


def invariants() -> list[str]:
    """A sentence for each contradiction that no constraint can refuse."""
    sentences = [
        _("%(place)s có hơn một %(kind)s đang hoạt động: “%(name)s”.")
        % {"place": body.place, "kind": body.get_kind_display(), "name": body.name}
        for body in _doubled()
    ]
    sentences += [
        _("“%(name)s” đã chấm dứt nhưng chưa ghi đơn vị kế thừa của cơ quan nhà nước.") % {"name": body.name}
        for body in Organisation.objects.filter(kind__in=ONE_PER_PLACE, ended_on__isnull=False, successions=None)
    ]
    sentences += [
        _("“%(name)s” gắn với đơn vị hành chính đã sắp xếp lại: %(place)s.") % {"name": body.name, "place": body.place}
        for body in Organisation.objects.filter(
            ended_on=None, place__isnull=False, place__valid_to__isnull=False
        ).select_related("place")
    ]
    sentences += [
        _("Kế thừa “%(text)s” có ngày trước khi đơn vị cũ chấm dứt.") % {"text": link}
        for link in Succession.objects.filter(old__ended_on__gt=F("on")).select_related("old", "new")
    ]
    sentences += [
        _("Tên cũ “%(former)s” của “%(name)s” có ngày trước khi thành lập hoặc sau khi chấm dứt.")
        % {"former": row.name, "name": row.organisation.name}
        for row in FormerName.objects.filter(
            Q(until__lte=F("organisation__founded_on")) | Q(until__gt=F("organisation__ended_on"))
        ).select_related("organisation")
    ]
    sentences += [
        _("“%(name)s” được tìm theo tên cũ khác với các tên cũ đã ghi.") % {"name": body.name}
        for body in Organisation.objects.filter(
            Q(pk__in=FormerName.objects.values("organisation")) | ~Q(former="")
        ).prefetch_related("named_before")
        if _found_otherwise(body)
    ]
    return sentences


def _found_otherwise(body: Organisation) -> bool:
    """Whether the names it is searched by are not those of its rows, of which the oldest may have found no room."""
    borne, told = {row.name for row in body.named_before.all()}, set(body.former_names)
    return not told <= borne or (bool(borne) and not told)


def _doubled() -> list[Organisation]:
    seen: set[tuple[str, int | None]] = set()
    found = []
    for body in Organisation.objects.filter(kind__in=ONE_PER_PLACE, ended_on=None, place__isnull=False).select_related(
        "place"
    ):
        if (body.kind, body.place_id) in seen:
            found.append(body)
        seen.add((body.kind, body.place_id))
    return found
