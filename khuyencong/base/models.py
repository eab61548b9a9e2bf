"""Traits that models of many packages share."""

import uuid
from collections.abc import Iterable
from functools import cache
from typing import Any, NoReturn, TypeVar, cast

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from khuyencong.base.errors import Invalid

M = TypeVar("M", bound=models.Model)


def _at_hand(instance: models.Model) -> set[str]:
    """The relations of a row whose other end was read already: the database need not be asked whether it is there."""
    own = {field.name for field in instance._meta.concrete_fields}
    return {
        name
        for name, other in instance._state.fields_cache.items()
        if name in own and other is not None and other.pk is not None and not other._state.adding
    }


def known(instance: M, *, by: M, names: Iterable[str]) -> M:
    """The same row, with those of its relations ``names`` that an older reading of it holds and that are the same still."""
    for name in names:
        field = cast("models.ForeignKey[Any, Any]", instance._meta.get_field(name))
        if field.is_cached(by) and getattr(by, field.attname) == getattr(instance, field.attname):
            field.set_cached_value(instance, field.get_cached_value(by))
    return instance


@cache
def _all_checks(
    model: type[models.Model], left_out: frozenset[str]
) -> tuple[models.CheckConstraint | None, frozenset[str]]:
    """What the conditions of a model that ask for none of the fields ``left_out`` ask together, and the fields of which they ask
    nothing: the database is asked once whether a row keeps all of them, and told no more of the row than it needs."""
    conditions = [one.condition for one in model._meta.constraints if isinstance(one, models.CheckConstraint)]
    asked = Q(*(one for one in conditions if not one.referenced_base_fields & left_out))
    names = frozenset({"pk", *(field.name for field in model._meta.concrete_fields)})
    whole = models.CheckConstraint(condition=asked, name="all_of_them") if asked else None
    return whole, names - asked.referenced_base_fields


def _keeps_constraints(instance: models.Model, left_out: frozenset[str]) -> None:
    """As ``validate_constraints``, which asks for each condition by itself: that is needed only where one is not kept."""
    model = instance._meta.concrete_model or type(instance)
    try:
        whole, unasked = _all_checks(model, left_out)
        if whole is not None:
            whole.validate(model, instance, exclude=set(unasked))
        for one in model._meta.constraints:
            if not isinstance(one, models.CheckConstraint):
                one.validate(model, instance, exclude=set(left_out))
    except ValidationError:
        instance.validate_constraints(exclude=left_out)
        raise


def checked(instance: M, *, exclude: tuple[str, ...] = ()) -> M:
    """The same row, after its fields and constraints were asked; raises Invalid with each field's own sentence.

    What belongs to no field (a constraint over several) stands under ``__all__``.
    """
    errors: dict[str, list[ValidationError]] = {}
    left_out = set(exclude)
    for ask in (
        lambda: instance.clean_fields(exclude={*left_out, *_at_hand(instance)}),
        instance.clean,
        lambda: instance.validate_unique(exclude=left_out),
        lambda: _keeps_constraints(instance, frozenset(left_out)),
    ):
        try:
            ask()
        except ValidationError as error:
            errors = error.update_error_dict(errors)
            left_out.update(name for name in errors if name != NON_FIELD_ERRORS)
    if errors:
        raise Invalid(
            **{
                (name if name != NON_FIELD_ERRORS else "__all__"): " ".join(sentences)
                for name, sentences in ValidationError(errors).message_dict.items()
            }
        )
    return instance


class Identified(models.Model):
    """What leaves the installation carries an identifier that means the same elsewhere; a client may supply it."""

    uid = models.UUIDField(_("định danh"), default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True


Named = TypeVar("Named", bound=Identified)


def sent_before(model: type[Named], uid: uuid.UUID | None, **same: Any) -> Named | None:
    """The row that this identifier of a client names already, so that what is sent twice is there once.

    Raises Invalid (field ``uid``) where it names something else: ``same`` are the facts that tell.
    """
    found = None if uid is None else model._default_manager.filter(uid=uid).first()
    if found is not None and any(getattr(found, name) != value for name, value in same.items()):
        raise Invalid(uid=gettext("Định danh này đã thuộc một bản ghi khác. Hãy gửi lại với định danh mới."))
    return found


def _refuse(what: str) -> NoReturn:
    raise TypeError(f"These rows are never {what}.")


class AppendOnlyQuerySet(models.QuerySet):
    def update(self, **kwargs: Any) -> NoReturn:
        _refuse("rewritten")

    def delete(self) -> NoReturn:
        _refuse("erased")

    def _raw_delete(self, using: str | None) -> NoReturn:
        _refuse("erased")

    def bulk_create(self, objs, *args: Any, update_conflicts: bool = False, **kwargs: Any):
        if update_conflicts:
            _refuse("rewritten")
        return super().bulk_create(objs, *args, **kwargs)

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        _refuse("rewritten")

    def update_or_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        _refuse("rewritten")


class AppendOnly(models.Model):
    """Rows that are only ever added.  The model refuses here; triggers refuse in the database (``base/triggers.py``)."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            _refuse("rewritten")
        # a key given by hand must not become an update of the row that has it
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        _refuse("erased")
