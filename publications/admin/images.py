"""Images."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.forms import Script
from django.http import HttpRequest, HttpResponseRedirect
from django.template.defaultfilters import date
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from publications.actions.picture_uses import ensure_unused
from publications.admin.base import ActionAdmin
from publications.admin.image_filters import UseFilter, VersionsFilter
from publications.forms.site import ImageForm
from publications.models import Image, Rendering
from publications.usage import Counts, count_uses, uses_of

NAMED = 30


class ImageList(ChangeList):
    """A page of images, each with how often it is used: one statement for all of them."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        images = list(self.result_list)
        counts = count_uses(image.pk for image in images)
        for image in images:
            image.counts = counts.get(image.pk, Counts())
        self.result_list = images


@admin.register(Image)
class ImageAdmin(ActionAdmin):
    """Pictures, with what they show, whose they are, and where they stand."""

    form = ImageForm
    fieldsets = (
        (None, {"fields": ("preview", "file", "alt", "credit", "caption")}),
        (
            _("What matters in it"),
            {
                "fields": (("focus_x", "focus_y"),),
                "description": _(
                    "Where a picture is cropped, this point stays in sight. "
                    "50 and 50 is the middle; a click on the picture above sets both."
                ),
            },
        ),
        (_("Where it is used"), {"fields": ("used",)}),
    )
    readonly_fields = ("preview", "used")
    list_display = ("thumbnail", "named", "credit", "used_in", "dimensions", "added")
    list_display_links = ("named",)
    list_filter = (UseFilter, VersionsFilter)
    show_facets = admin.ShowFacets.NEVER
    search_fields = ("alt", "credit", "caption", "public_name")
    search_help_text = _("Words of the alternative text, credit, caption or file name.")

    class Media:
        # As a module it waits for the page, and keeps its names to itself.
        js = (Script("admin_extra/focus.js", type="module"),)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ImageList]:
        return ImageList

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """A new picture is used nowhere, and there is nothing to look at yet."""
        if obj:
            return self.fieldsets
        return ((None, {"fields": ("file", "alt", "credit", "caption")}),)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """Say where a picture is used before asking whether it may go."""
        image = self.get_object(request, object_id)
        if image is not None and self.has_delete_permission(request, image):
            try:
                ensure_unused(image)
            except ValidationError as refusal:
                self._say(request, refusal)
                address = reverse("admin:publications_image_change", args=[image.pk])
                return HttpResponseRedirect(address)
        return super().delete_view(request, object_id, extra_context)

    @admin.display(description=_("picture"))
    def thumbnail(self, image: Image) -> SafeString:
        # The link beside it says what it shows, so the picture itself says nothing twice.
        return format_html(
            '<a href="{}" tabindex="-1" aria-hidden="true"><img class="thumbnail" src="{}" alt=""'
            ' width="144" height="96" loading="lazy"></a>',
            reverse("admin:publications_image_change", args=[image.pk]),
            _small(image),
        )

    @admin.display(description=_("alternative text"), ordering="alt")
    def named(self, image: Image) -> str:
        return image.alt

    @admin.display(description=_("use"))
    def used_in(self, image: Any) -> str:
        where = counted(image.counts)
        return gettext("Used in %(places)s") % {"places": where} if where else gettext("Not used")

    @admin.display(description=_("added"), ordering="created_at")
    def added(self, image: Image) -> str:
        return date(localtime(image.created_at), "M j, Y")

    @admin.display(description=_("size"))
    def dimensions(self, image: Image) -> str:
        size = f"{image.width} × {image.height}"
        if image.rendering == Rendering.BROKEN:
            return format_html('{} <span class="state state-withdrawn">{}</span>', size,
                               gettext("broken"))  # fmt: skip
        return size

    @admin.display(description=_("picture"))
    def preview(self, image: Image) -> SafeString:
        return SafeString(
            render_to_string(
                "admin/publications/image/_preview.html",
                {
                    "image": image,
                    "src": _small(image, 960),
                    "is_broken": image.rendering == Rendering.BROKEN,
                    "waits": image.rendering == Rendering.WAITING,
                },
            )
        )

    @admin.display(description=_("used"))
    def used(self, image: Image) -> SafeString:
        uses = uses_of(image, most=NAMED)
        places = [
            (place, reverse(f"admin:publications_{place.model}_change", args=[place.pk]))
            for place in uses.places
        ]
        return SafeString(
            render_to_string(
                "admin/publications/image/_uses.html",
                {
                    "places": places,
                    "more": uses.total - len(places),
                    "counted": counted(count_uses([image.pk]).get(image.pk, Counts())),
                },
            )
        )


def counted(counts: Counts) -> str:
    """Say in words how many things of each sort use an image; nothing for none."""
    said = [
        (counts.publications, ngettext("%(n)s publication", "%(n)s publications",
                                       counts.publications)),
        (counts.authors, ngettext("%(n)s author", "%(n)s authors", counts.authors)),
        (counts.pages, ngettext("%(n)s page", "%(n)s pages", counts.pages)),
        (counts.series, ngettext("%(n)s series", "%(n)s series", counts.series)),
    ]  # fmt: skip
    return ", ".join(words % {"n": number} for number, words in said if number)


def _small(image: Image, width: int = 480) -> str:
    """Return the address of a version for the desk, or of the picture itself."""
    versions = [name for wide, name in image.widths(".webp") if wide <= width]
    return image.rendition_url(versions[-1]) if versions else image.get_absolute_url()
