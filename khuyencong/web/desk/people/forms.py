from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy

from khuyencong.authority.permissions import Permission
from khuyencong.authority.roles import ROLES
from khuyencong.organisations.models import Area
from khuyencong.places.models import Unit
from khuyencong.web.common.forms import DayField, PhoneField, PlaceForm, provinces_of
from khuyencong.web.desk.organisations.forms import OrganisationField


class AccountForm(forms.Form):
    last_name = forms.CharField(label=gettext_lazy("Họ và tên đệm"), max_length=100)
    first_name = forms.CharField(label=gettext_lazy("Tên"), max_length=50)
    title = forms.CharField(label=gettext_lazy("Chức danh"), max_length=120, required=False)
    email = forms.EmailField(label=gettext_lazy("Thư điện tử"), required=False)
    phone = PhoneField(label=gettext_lazy("Điện thoại"), required=False)


class RegisterForm(AccountForm):
    username = forms.CharField(
        label=gettext_lazy("Tên đăng nhập"),
        max_length=60,
        help_text=gettext_lazy("Chữ thường không dấu, số, dấu chấm. Ví dụ: lan.nt"),
        validators=[RegexValidator(r"^[A-Za-z0-9._-]{3,60}$", gettext_lazy("Chỉ dùng chữ không dấu, số, dấu chấm."))],
    )
    province = forms.ModelChoiceField(
        Unit.objects.none(),
        label=gettext_lazy("Tỉnh quản lý tài khoản"),
        required=False,
        empty_label=gettext_lazy("Trung ương"),
    )
    field_order = ("username", "last_name", "first_name", "title", "province", "email", "phone")

    def __init__(self, *args, user, **options):
        super().__init__(*args, **options)
        scope = user.scope(Permission.PEOPLE_MANAGE)
        self.fields["province"].queryset = provinces_of(scope)
        if not scope.whole_country:
            self.fields["province"].required = True
            self.fields["province"].empty_label = None


class MandateForm(PlaceForm):
    commune_required = False
    role = forms.ChoiceField(label=gettext_lazy("Vai trò"))
    area = forms.ModelChoiceField(
        Area.objects.none(),
        label=gettext_lazy("Cụm địa bàn"),
        required=False,
        empty_label=gettext_lazy("Không theo cụm"),
        help_text=gettext_lazy("Chỉ dành cho chuyên viên Trung tâm; chọn cụm thì bỏ trống tỉnh, xã."),
    )
    organisation = OrganisationField(
        label=gettext_lazy("Của đơn vị"),
        required=False,
        help_text=gettext_lazy("Chỉ dành cho cơ sở và đơn vị thực hiện khác: gõ mã số thuế hoặc tên."),
    )
    whole_country = forms.BooleanField(label=gettext_lazy("Cả nước"), required=False)
    employer = OrganisationField(label=gettext_lazy("Nơi công tác"), required=False)
    on = DayField(label=gettext_lazy("Từ ngày"))
    until = DayField(label=gettext_lazy("Đến trước ngày"), required=False)

    field_order = ("role", "province", "commune", "area", "organisation", "whole_country", "employer", "on", "until")

    def __init__(self, *args, user=None, **options):
        super().__init__(*args, user=user, permission=Permission.PEOPLE_MANAGE, **options)
        scope = user.scope(Permission.PEOPLE_MANAGE)
        self.initial.pop("province", None)  # no scope is chosen for the administrator
        self.fields["province"].required = False
        self.fields["province"].empty_label = ""
        self.fields["role"].choices = [(name, role.label) for name, role in ROLES.items() if name != "system"]
        areas = Area.objects.filter(valid_to=None).select_related("organisation").order_by("name")
        if not scope.whole_country:
            areas = areas.filter(organisation__province_id__in=scope.provinces)
        self.fields["area"].queryset = areas
        if not scope.whole_country:
            del self.fields["whole_country"]

    def facts(self) -> dict:
        """As ``people.operations.give_mandate`` names them."""
        data = dict(self.cleaned_data)
        commune, province = data.pop("commune"), data.pop("province")
        return data | {"place": commune or province}


class EndForm(forms.Form):
    on = DayField(
        label=gettext_lazy("Kết thúc từ ngày"), help_text=gettext_lazy("Ngày đầu tiên không còn giữ nhiệm vụ.")
    )
    leave = forms.BooleanField(
        label=gettext_lazy("Để việc đang chờ lại cho người cùng nhiệm vụ, không bàn giao"), required=False
    )


class LockForm(forms.Form):
    on = DayField(label=gettext_lazy("Kết thúc nhiệm vụ từ ngày"))
    reason = forms.CharField(label=gettext_lazy("Lý do"), max_length=200)
