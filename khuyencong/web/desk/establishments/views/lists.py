"""Establishments, products and contacts in rows."""

from django.db.models import OuterRef, Prefetch, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from khuyencong.authority.permissions import Permission
from khuyencong.establishments import queries
from khuyencong.establishments.models import (
    Recognition,
    YearlyFacts,
)
from khuyencong.web.common import lists
from khuyencong.web.common.names import former_told
from khuyencong.web.common.views import reads
from khuyencong.web.desk.establishments import forms
from khuyencong.web.desk.establishments.views.shared import public_tax_code

COLUMNS = (
    lists.Column(
        "name",
        gettext_lazy("Cơ sở, nơi sản xuất"),
        sort="sort_key",
        url=lists.page("establishments:page"),
        small=lambda e: "; ".join(filter(None, (str(e.commune or e.province), former_told(e)))),
    ),
    lists.Column("legal_form", gettext_lazy("Loại hình"), value="get_legal_form_display"),
    lists.Column("sector", gettext_lazy("Ngành nghề"), value="get_sector_display"),
    lists.Column("main_product", gettext_lazy("Sản phẩm chính")),
    lists.Column("workers", gettext_lazy("Lao động"), kind="number"),
    lists.Column("tax_code", gettext_lazy("Mã số thuế"), value=public_tax_code, shown=False),
    lists.Column("province", gettext_lazy("Tỉnh"), shown=False),
    lists.Column("place_text", gettext_lazy("Địa điểm như đã ghi"), shown=False),
    lists.Column("vsic_code", gettext_lazy("Mã ngành VSIC"), shown=False),
    lists.Column("changed_at", gettext_lazy("Sửa lúc"), kind="moment", shown=False),
)


@reads
def establishment_list(request):
    newest = YearlyFacts.objects.filter(establishment=OuterRef("pk")).order_by("-year").values("workers")[:1]
    rows = queries.search(request.user, province=request.frame.province_id)
    acts = []
    if request.user.holds(Permission.ESTABLISHMENT_MERGE):
        acts.append(lists.Act(_("Kiểm tra trùng"), reverse("establishments:duplicates"), quiet=True))
    if request.user.holds(Permission.VIEW_PERSONAL):
        acts.append(lists.Act(_("Đầu mối ở xã"), reverse("organisations:contacts"), quiet=True))
    if request.user.holds(Permission.ESTABLISHMENT_EDIT):
        acts.append(lists.Act(_("Thêm cơ sở"), reverse("establishments:register")))
    return lists.answer(
        request,
        rows.select_related("commune", "province").annotate(workers=Subquery(newest)),
        columns=COLUMNS,
        filters=forms.EstablishmentFilter,
        order="sort_key",
        name="co-so",
        title=_("Cơ sở công nghiệp nông thôn"),
        sub=_("Mỗi cơ sở một dòng, theo nơi sản xuất hiện nay. Lao động là số của năm mới nhất đã ghi."),
        unit=_("cơ sở"),
        empty=_("Chưa có cơ sở nào. Hãy thêm cơ sở, hoặc nhập danh sách từ Excel."),
        acts=acts,
    )


PRODUCT_COLUMNS = (
    lists.Column(
        "name",
        gettext_lazy("Sản phẩm, cơ sở"),
        sort="folded",
        url=lists.page("establishments:page", "establishment_id"),
        small=lambda p: f"{p.establishment}, {p.establishment.place.named_inside}",
    ),
    lists.Column("group", gettext_lazy("Nhóm"), value="get_group_display"),
    lists.Column(
        "recognised",
        gettext_lazy("Đã được công nhận"),
        value=lambda p: "; ".join(f"{r.get_level_display()} {r.year}" for r in p.newest),
    ),
    lists.Column(
        "valid_to",
        gettext_lazy("Giá trị đến hết ngày"),
        kind="day",
        value=lambda p: max((r.valid_to for r in p.newest if r.valid_to), default=None),
    ),
)


@reads
def products(request):
    newest = Prefetch("recognitions", Recognition.objects.order_by("-year", "pk"), to_attr="newest")
    rows = queries.products(request.user, province=request.frame.province_id)
    return lists.answer(
        request,
        rows.select_related("establishment__commune", "establishment__province").prefetch_related(newest),
        columns=PRODUCT_COLUMNS,
        filters=forms.ProductFilter,
        order="folded",
        name="san-pham",
        title=_("Sản phẩm công nghiệp nông thôn"),
        sub=_("Sản phẩm của các cơ sở và những lần được công nhận tiêu biểu."),
        unit=_("sản phẩm"),
        empty=_("Chưa có sản phẩm nào. Sản phẩm được thêm ở trang của cơ sở."),
    )
