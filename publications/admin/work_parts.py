"""The rows inside the form of a publication."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from publications.admin.base import BlockInline, RowInline
from publications.forms.works import AttachmentForm, BylineRow, BylineRows, SpotlightForm
from publications.models import Attachment, Contribution, Correction, Spotlight, Tagging


class BylineInline(RowInline):
    """Who wrote it, in order."""

    model = Contribution
    form = BylineRow
    formset = BylineRows
    fields = ("author", "role", "affiliation", "position")
    autocomplete_fields = ("author",)
    verbose_name = _("name")
    verbose_name_plural = _("byline")

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 0 if obj else 1


class TagInline(RowInline):
    """What it is about."""

    model = Tagging
    fields = ("tag",)
    autocomplete_fields = ("tag",)


class AttachmentInline(RowInline):
    """Files to download."""

    model = Attachment
    form = AttachmentForm
    fields = ("file", "title", "position")


class CorrectionInline(BlockInline):
    """What was wrong and is right now."""

    model = Correction
    fields = ("date", "note")


class SpotlightInline(BlockInline):
    """When it stands on top of the home page."""

    model = Spotlight
    form = SpotlightForm
    fields = (("starts_at", "ends_at"), "headline", "blurb", "image")
    autocomplete_fields = ("image",)
    verbose_name_plural = _("Spotlight on the home page")
