"""Lists: filter, chips, sort, 50 rows a page, sums of what is filtered, columns to choose, export of exactly this.

A whole list page::

    COLUMNS = (
        Column("code", _("Mã"), sort="code"),
        Column("title", _("Đề án, đơn vị thụ hưởng"), sort="sort_key", url=page("projects:page"),
               small=lambda p: p.implementer),
        Column("state", _("Trạng thái"), kind="state", sort="state"),
        Column("due_on", _("Hạn"), kind="due", sort="due_on"),
        Column("national", _("KCQG"), kind="million", total=Sum("national")),
        Column("note", _("Ghi chú"), shown=False),
    )

    class ProjectFilter(lists.Filter):
        state = django_filters.ChoiceFilter(label=_("Trạng thái"), choices=ProjectState, empty_label=_("Mọi trạng thái"))
        q = lists.FoldedFilter("folded", label=_("Tên đề án, cơ sở"))

    @reads
    def project_list(request):
        return lists.answer(
            request, Project.objects.visible_to(request.user).select_related("implementer", "commune"),
            columns=COLUMNS, filters=ProjectFilter, order="-code", name="de-an",
            title=_("Đề án"), sub=_("Mỗi đề án một dòng."), unit=_("đề án"),
            empty=_("Chưa có đề án nào. Bấm “Lập đề án” để bắt đầu."),
            acts=[Act(_("Lập đề án"), reverse("projects:draft"))] if request.user.holds(Permission.PROJECT_DRAFT) else [],
        )

``answer`` needs no template (``list.html``); a page with more around the list gives ``template="desk/…/list.html"`` that
extends ``list.html`` and fills its blocks ``above``, ``below``, ``acts``.  A page that draws its own rows uses ``Listing``.

What it costs: one aggregate query for count and all sums (a long list of the whole country is counted, shown, and added up
by a second request of htmx or a link), one for the rows (two where there are more than a thousand);
select_related is the caller's.  A column's
``value`` is a dotted name or a function of the row and must not query.  Kinds of column: text, small (second in ``small``
beneath), number, money (đồng), million (đồng shown in triệu đồng), percent (a ratio), day, moment, due, state.
The query string: ``sap`` (sort, ``-`` descending), ``trang``, ``cot`` (columns), ``xuat`` (xlsx or csv), ``dem`` (count the
saved views), ``tong`` (sums now), and the filters.

A list whose address has a name can be kept as a person sees it (``people.SavedView``, pages in ``saved.py``).  To count a saved
view costs as much as to open it: the list is shown first, then its views are counted, by a second request of htmx or a link.
"""

from khuyencong.web.common.lists.columns import COUNT, EXPORT, PAGE, Act, Chip, Column, Heading, Shared, page
from khuyencong.web.common.lists.files import workbook
from khuyencong.web.common.lists.filters import Filter, FoldedFilter
from khuyencong.web.common.lists.listing import Listing, kept_query
from khuyencong.web.common.lists.pages import answer
from khuyencong.web.common.lists.rows import FEW, MANY, ROWS

__all__ = [
    "COUNT",
    "EXPORT",
    "FEW",
    "MANY",
    "PAGE",
    "ROWS",
    "Act",
    "Chip",
    "Column",
    "Filter",
    "FoldedFilter",
    "Heading",
    "Listing",
    "Shared",
    "answer",
    "kept_query",
    "page",
    "workbook",
]
