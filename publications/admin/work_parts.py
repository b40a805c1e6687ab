"""The rows inside the form of a publication."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from publications.admin.attachments import what_is_known
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

    class Media:
        js = ("admin_extra/byline.js",)

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "author" and field is not None:
            field.widget.attrs |= {
                "data-add-url": reverse("admin:publications_author_add_named"),
                "data-add-failed": gettext("The author could not be added. Please try again."),
            }
        return field

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
    fields = ("file", "title", "known", "position")
    readonly_fields = ("known",)

    @admin.display(description=_("pages"))
    def known(self, attachment: Attachment) -> str:
        """Say what was found in the file."""
        return what_is_known(attachment) if attachment.pk else "–"


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

    def get_queryset(self, request: HttpRequest) -> Any:
        # Each row is headed by the title of the work.
        rows = super().get_queryset(request).select_related("publication")
        return rows.defer("publication__body")

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """Offer an empty block as long as the work has none."""
        return 0 if obj and obj.spotlights.exists() else 1
