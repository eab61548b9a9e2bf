"""The page of one establishment."""

from django.db.models import Prefetch, Q
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from khuyencong.audit.queries import history_of
from khuyencong.authority.permissions import Permission
from khuyencong.establishments import queries
from khuyencong.establishments.models import (
    Machine,
    Merger,
    Product,
    Recognition,
    SupportedItem,
    YearlyFacts,
)
from khuyencong.needs.models import Need
from khuyencong.organisations.queries import former_names
from khuyencong.projects.models import Beneficiary, Project
from khuyencong.web.common import parts
from khuyencong.web.common.names import name_rows
from khuyencong.web.common.views import reads
from khuyencong.web.desk.establishments.views.shared import (
    edits,
    establishment_of,
    events_of,
    place_of,
    public_tax_code,
    sees_personal,
    site_of,
)


@reads
def establishment_page(request, pk):
    user = request.user
    establishment = establishment_of(request, pk, "craft_village", "cluster", "registered_commune", "merged_into")
    keys = queries.all_of(establishment)
    editing, personal = edits(user, establishment), sees_personal(user, establishment)
    supports = list(
        SupportedItem.objects.filter(establishment__in=keys).select_related("establishment").order_by("-on", "-pk")
    )
    product_rows = (
        Product.objects.filter(establishment__in=keys)
        .prefetch_related(Prefetch("recognitions", Recognition.objects.order_by("-year", "pk"), to_attr="newest"))
        .order_by("folded", "pk")
    )
    projects = Project.objects.visible_to(user).filter(
        pk__in=Beneficiary.objects.filter(establishment__in=keys, removed_on=None).values("project_id")
    )
    mine = Q(establishment__organisation_id__in=user.scope().bodies)
    seen = Project.objects.visible_to(user).order_by().values("pk")
    left = Beneficiary.objects.filter(Q(project__in=seen) | mine, establishment__in=keys).exclude(removed_on=None)
    years = list(
        YearlyFacts.objects.filter(establishment__in=keys).order_by("-year", "pk").select_related("establishment")
    )
    return render(
        request,
        "desk/establishments/page.html",
        {
            "e": establishment,
            "site": site_of(establishment),
            "editing": editing,
            "personal": personal,
            "tax_code": establishment.tax_code if personal else public_tax_code(establishment),
            "latest": years[0] if years else None,
            "given": sum(row.amount for row in supports if row.withdrawn_on is None),
            "years": years,
            "machines": Machine.objects.filter(establishment__in=keys).order_by("pk"),
            "products": product_rows,
            "supports": supports,
            "projects": projects.order_by("-year", "-pk")[:20],
            "left": left.select_related("project").order_by("-removed_on", "-pk")[:20],
            "needs": Need.objects.visible_to(user).filter(establishment__in=keys).order_by("-pk")[:20],
            "photos": establishment.photos.select_related("file").order_by("-pk")[:12],
            "mergers": list(Merger.objects.filter(into__in=keys).select_related("old", "by").order_by("-pk"))
            if len(keys) > 1
            else [],
            "names": _names(establishment, editing),
            "removes_names": editing == "all",
            "offers": _offers(user, establishment, editing),
            "events": events_of(establishment),
        },
    )


def _names(establishment, editing):
    """Its names through time; no query where it bore one only."""
    if not establishment.former:
        return []

    def removal(row):
        return reverse("establishments:remove_former_name", args=[establishment.pk, row.pk])

    return name_rows(
        establishment,
        former_names(establishment.organisation),
        since=establishment.registered_on,
        events=history_of(establishment.organisation),
        removal=removal if editing == "all" else None,
    )


def _offers(user, establishment, editing):
    def to(name):
        return reverse(f"establishments:{name}", args=[establishment.pk])

    if not editing:
        return []
    offers = [
        parts.Offer(_("Ghi số liệu năm"), to("record_year")),
        parts.Offer(_("Thêm sản phẩm"), to("add_product")),
        parts.Offer(_("Thêm máy, thiết bị"), to("add_machine")),
        parts.Offer(_("Thêm ảnh"), to("add_photo")),
    ]
    if editing == "all":
        offers.append(parts.Offer(_("Ghi nhận đổi tên"), to("rename")))
        offers.append(parts.Offer(_("Ghi tên cũ"), to("record_former_name")))
    if user.may(Permission.ESTABLISHMENT_MERGE, place=place_of(establishment)):
        found = f"{reverse('establishments:duplicates')}?co-so={establishment.pk}"
        offers.append(parts.Offer(_("Tìm bản ghi trùng với cơ sở này"), found))
    return offers
