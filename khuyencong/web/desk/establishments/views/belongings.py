"""Machines, products and photos of an establishment."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from khuyencong.establishments import operations
from khuyencong.establishments.models import (
    Establishment,
    Machine,
    Product,
)
from khuyencong.files.operations import store
from khuyencong.web.common.views import bind, step
from khuyencong.web.desk.establishments import forms
from khuyencong.web.desk.establishments.views.shared import edits, establishment_of, on_record


@step
def add_machine(request, pk):
    establishment = establishment_of(request, pk)
    return on_record(
        request,
        establishment,
        bind(forms.MachineForm, request),
        lambda data: operations.add_machine(establishment, by=request.user, **data),
        title=_("Thêm máy, thiết bị"),
        button=_("Thêm máy"),
        done=_("Đã thêm máy, thiết bị."),
    )


@step
def remove_machine(request, pk):
    machine = get_object_or_404(
        Machine.objects.filter(establishment__in=Establishment.objects.visible_to(request.user)).select_related(
            "establishment__commune__province", "establishment__province", "establishment__organisation"
        ),
        pk=pk,
    )
    return on_record(
        request,
        machine.establishment,
        bind(forms.ReasonForm, request),
        lambda data: operations.remove_machine(machine, by=request.user, **data),
        title=_("Bỏ máy “%(name)s” khỏi cơ sở") % {"name": machine.name},
        button=_("Bỏ máy này"),
        done=_("Đã bỏ máy, thiết bị."),
    )


@step
def add_product(request, pk):
    establishment = establishment_of(request, pk)
    return on_record(
        request,
        establishment,
        bind(forms.ProductForm, request),
        lambda data: operations.add_product(establishment, by=request.user, **data),
        title=_("Thêm sản phẩm"),
        button=_("Thêm sản phẩm này"),
        done=_("Đã thêm sản phẩm."),
    )


def _product(request, pk) -> Product:
    return get_object_or_404(
        Product.objects.filter(establishment__in=Establishment.objects.visible_to(request.user)).select_related(
            "establishment__commune__province", "establishment__province", "establishment__organisation"
        ),
        pk=pk,
    )


@step
def change_product(request, pk):
    product = _product(request, pk)
    initial = {name: getattr(product, name) for name in ("name", "group", "is_set", "description")}
    return on_record(
        request,
        product.establishment,
        bind(forms.ProductForm, request, initial=initial),
        lambda data: operations.change_product(product, by=request.user, **data),
        title=_("Sửa sản phẩm"),
        button=_("Lưu sản phẩm"),
        done=_("Đã lưu sản phẩm."),
    )


@step
def recognise_product(request, pk):
    product = _product(request, pk)
    if edits(request.user, product.establishment) != "all":
        raise Http404
    return on_record(
        request,
        product.establishment,
        bind(forms.RecognitionForm, request, initial={"level": "province", "year": request.frame.year}),
        lambda data: operations.record_recognition(product, by=request.user, **data),
        title=_("Ghi nhận công nhận: %(name)s") % {"name": product.name},
        button=_("Ghi nhận công nhận"),
        done=_("Đã ghi nhận sản phẩm tiêu biểu."),
    )


@step
def add_photo(request, pk):
    establishment = establishment_of(request, pk)

    def do(data):
        for sent in data["photos"]:
            file = store(sent, name=sent.name, by=request.user)
            operations.add_photo(establishment, file=file, by=request.user, caption=data["caption"])

    return on_record(
        request,
        establishment,
        bind(forms.PhotoForm, request),
        do,
        title=_("Thêm ảnh của cơ sở"),
        button=_("Gửi ảnh"),
        done=_("Đã thêm ảnh."),
    )
