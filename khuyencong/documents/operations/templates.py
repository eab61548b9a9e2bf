"""Word templates that an administrator puts in place of the house's own."""

from collections.abc import Mapping
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from khuyencong.audit.operations import record
from khuyencong.authority.check import authorise
from khuyencong.authority.permissions import Permission
from khuyencong.base import clock
from khuyencong.base.errors import NotPossible
from khuyencong.base.models import checked
from khuyencong.documents import placeholders
from khuyencong.documents.models import Template
from khuyencong.documents.papers import Form
from khuyencong.files.models import StoredFile
from khuyencong.people.models import User
from khuyencong.places.models import Unit


@transaction.atomic
def replace_template(
    form: Form, *, file: StoredFile, sample: Mapping[str, Any], by: User, province: Unit | None = None, note: str = ""
) -> Template:
    """From now on Word files of this form are filled into ``file`` (of one province, or of all where none is given).

    The file is checked and filled with ``sample`` before it is used: Invalid(file=…) names unknown placeholders, macros, a
    broken file.  The template in use until now is ended and kept.  Raises NotAllowed without CATALOGUE_MANAGE there.
    """
    authorise(by, Permission.CATALOGUE_MANAGE, place=province)
    with default_storage.open(file.path) as opened:
        placeholders.check(opened.read(), form, sample)
    Template.objects.filter(form=form.key, province=province, ended_at=None).update(ended_at=clock.now())
    template = Template(form=form.key, province=province, file=file, note=note.strip()[:300], actor_id=by.pk)
    checked(template).save()
    record("template.replace", template, by=by, digest=file.digest)
    return template


@transaction.atomic
def withdraw_template(template: Template, *, by: User) -> Template:
    """The house's own template is used again.  Raises NotPossible where this one is not in use."""
    authorise(by, Permission.CATALOGUE_MANAGE, place=template.province)
    locked = Template.objects.select_for_update(of=("self",)).select_related("province").get(pk=template.pk)
    if locked.ended_at is not None:
        raise NotPossible(_("Mẫu này đã thôi dùng."))
    locked.ended_at = clock.now()
    locked.save()
    record("template.withdraw", locked, by=by)
    return locked
