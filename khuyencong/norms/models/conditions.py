"""What must hold for support to be given, and what gives priority."""

from functools import lru_cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from khuyencong.norms.enums import ConditionEffect, ConditionKind, ProjectKind
from khuyencong.norms.models.instruments import Row

# A rule that counts needs the number it counts to.
COUNTED = ("foreign_fairs", "local_material", "labour_intensive")


@lru_cache(maxsize=256)
def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


class KindsBoxes(forms.MultipleChoiceField):
    """Boxes to tick for what is kept as ``machinery,brand``."""

    widget = forms.CheckboxSelectMultiple

    def prepare_value(self, value: Any) -> Any:
        return list(_listed(value)) if isinstance(value, str) else value

    def clean(self, value: Any) -> str:
        return ",".join(super().clean(value))


class KindsField(models.CharField):
    """Kinds of project, written with commas."""

    def validate(self, value: Any, model_instance: Any) -> None:
        super().validate(value, model_instance)
        if unknown := [part for part in _listed(value) if part not in ProjectKind.values]:
            raise ValidationError(_now("Không có dạng đề án “%(kind)s”.") % {"kind": unknown[0]})

    def formfield(self, **options: Any) -> Any:
        return KindsBoxes(
            label=options.get("label", capfirst(self.verbose_name)),
            required=not self.blank,
            choices=ProjectKind.choices,
            help_text=self.help_text,
        )


class Condition(Row):
    """One condition of support on the days on which it holds.  ``kinds`` empty: every kind that helps named establishments.

    What ``number`` counts follows from ``kind``: times a year, workers (at least), per cent (local material: more than;
    counterpart: at least, of the whole cost), years since a machine was made.  Where the rule asks a list of its own (places,
    trades, holders) that list decides.
    """

    KEY = ("code",)

    code = models.CharField(_("mã"), max_length=40)
    kind = models.CharField(_("điều kiện về"), max_length=20, choices=ConditionKind)
    effect = models.CharField(
        _("loại điều kiện"), max_length=10, choices=ConditionEffect, default=ConditionEffect.REQUIRED
    )
    text = models.CharField(_("nội dung"), max_length=300)
    number = models.DecimalField(
        _("ngưỡng"),
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_(
            "Số lần một năm; số lao động (từ); % nguyên liệu tại chỗ (trên);"
            " % đối ứng trong tổng kinh phí (từ); số năm kể từ năm sản xuất máy (không quá)."
        ),
    )
    kinds = KindsField(
        _("dạng đề án áp dụng"),
        max_length=600,
        blank=True,
        help_text=_("Không chọn: mọi dạng đề án hỗ trợ cơ sở."),
    )
    position = models.PositiveSmallIntegerField(_("thứ tự"), default=0)

    class Meta(Row.Meta):
        verbose_name = _("điều kiện hỗ trợ")
        ordering = ["position", "pk"]
        constraints = [
            *Row.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(kind__in=COUNTED) | Q(number__isnull=False),
                name="norms_condition_counts_to_a_number",
                violation_error_message=_("Điều kiện này phải ghi ngưỡng."),
            ),
        ]

    def __str__(self):
        return f"{self.text} ({self.citation})"

    @property
    def asked_of(self) -> tuple[str, ...]:
        """The kinds of project that it names; empty: every kind that helps named establishments."""
        return _listed(self.kinds)

    @property
    def is_required(self) -> bool:
        """Whether support is refused without it; otherwise it gives priority."""
        return self.effect == ConditionEffect.REQUIRED
