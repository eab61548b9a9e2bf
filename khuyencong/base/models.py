"""Two traits that models of many packages share."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Identified(models.Model):
    """What leaves the installation carries an identifier that means the same elsewhere; a client may supply it."""

    uid = models.UUIDField(_("định danh"), default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True


class AppendOnlyQuerySet(models.QuerySet):
    def update(self, **kwargs):
        raise TypeError("These rows are never rewritten.")

    def delete(self):
        raise TypeError("These rows are never erased.")

    def bulk_update(self, *args, **kwargs):
        raise TypeError("These rows are never rewritten.")

    def update_or_create(self, *args, **kwargs):
        raise TypeError("These rows are never rewritten.")


class AppendOnly(models.Model):
    """Rows that are only ever added.  The model refuses here; triggers refuse in the database (``base/triggers.py``)."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise TypeError("These rows are never rewritten.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("These rows are never erased.")
