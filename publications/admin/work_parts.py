"""The rows inside the form of a publication."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from publications.admin.base import BlockInline, RowInline
from publications.forms.works import AttachmentForm, BylineRow, BylineRows, SpotlightRow
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
        """Begin with one empty row; a byline that is there needs none."""
        return 0 if obj else 1


class TagInline(RowInline):
    """What it is about."""

    model = Tagging
    fields = ("tag",)
    extra = 1
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
    form = SpotlightRow
    extra = 1
    fields = (("starts_at", "ends_at"), "headline", "blurb", "image")
    autocomplete_fields = ("image",)
    verbose_name_plural = _("Spotlight on the home page")

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """Offer an empty block as long as the work has none."""
        return 0 if obj and obj.spotlights.exists() else 1
