from django import forms
from django.utils.translation import gettext_lazy as _

from khuyencong.documents.enums import PaperKind
from khuyencong.organisations.models import Organisation
from khuyencong.web.common.forms import FilesField, PaperForm, PlaceForm

ISSUERS = (
    "ministry",
    "agency",
    "province_committee",
    "province_council",
    "commune_committee",
    "department",
    "centre",
    "treasury",
)


def issuers_of(user):
    """Bodies that issue papers where this person works: the country's, and those of his provinces."""
    scope = user.scope()
    bodies = Organisation.objects.filter(kind__in=ISSUERS, ended_on=None).select_related("place").order_by("sort_key")
    if scope.whole_country:
        return bodies
    here = bodies.filter(place_id__in=scope.provinces) | bodies.filter(place__province_id__in=scope.provinces)
    return (here | bodies.filter(kind__in=("ministry", "agency"))).distinct()


class RecordForm(PlaceForm, PaperForm):
    commune_required = False
    kind = forms.ChoiceField(label=_("Loại văn bản"), choices=[("", _("Chọn loại văn bản")), *PaperKind.choices])
    issuer = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Cơ quan ban hành"), required=False, empty_label=_("Không ghi")
    )
    abstract = forms.CharField(label=_("Trích yếu"), max_length=500, required=False)

    field_order = ("kind", "number", "signed_on", "signer", "signer_title", "issuer", "abstract", "scans", "kept_at")

    def __init__(self, *args, user=None, **options):
        super().__init__(*args, user=user, **options)
        self.fields["issuer"].queryset = issuers_of(user)
        self.fields["signer_title"].required = False


class AttachForm(forms.Form):
    scans = FilesField(label=_("Tệp"), help_text=_("Tệp PDF hoặc ảnh chụp các trang, theo thứ tự."))
