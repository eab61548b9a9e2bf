"""The communes that one officer of a Centre looks after."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from khuyencong.base import clock
from khuyencong.organisations import operations
from khuyencong.organisations.models import Area
from khuyencong.web.common.views import bind, step
from khuyencong.web.desk.organisations import forms
from khuyencong.web.desk.organisations.views.shared import managed, page_of, step_of


@step
def set_area(request, pk):
    return _area(request, managed(request, pk), None)


def _area_of(request, pk):
    area = get_object_or_404(Area, pk=pk)
    return area, managed(request, area.organisation_id)


@step
def change_area(request, pk):
    area, body = _area_of(request, pk)
    return _area(request, body, area)


@step
def end_area(request, pk):
    area, body = _area_of(request, pk)
    return step_of(
        request,
        bind(forms.EndAreaForm, request),
        lambda data: operations.end_area(area, by=request.user, on=data["on"]),
        title=_("Thôi dùng cụm địa bàn"),
        sub=area.name,
        button=_("Thôi dùng cụm địa bàn"),
        after=[
            _(
                "Phân công theo cụm này phải được bàn giao hoặc kết thúc; phân công còn sót hiện ra khi kiểm tra dữ liệu."
            )
        ],
        body=body,
        to=page_of(body),
        done=_("Đã thôi dùng cụm địa bàn."),
    )


def _area(request, body, area):
    initial = {"on": clock.today()}
    if area:
        initial = {"name": area.name, "on": area.valid_from, "communes": [unit.pk for unit in area.communes.all()]}
    form = bind(forms.AreaForm, request, organisation=body, user=request.user, initial=initial)
    return step_of(
        request,
        form,
        lambda data: operations.set_area(
            body, name=data["name"], communes=data["communes"], by=request.user, on=data["on"], area=area
        ),
        title=_("Cụm địa bàn"),
        sub=_("Danh sách xã, phường giao cho một chuyên viên của %(name)s.") % {"name": body.name},
        button=_("Lưu cụm địa bàn"),
        body=body,
        to=page_of(body),
        done=_("Đã lưu cụm địa bàn."),
    )
