"""Images."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from publications.admin.base import ActionAdmin
from publications.forms.site import ImageForm
from publications.models import Image


@admin.register(Image)
class ImageAdmin(ActionAdmin):
    """Pictures, with what they show and whose they are."""

    form = ImageForm
    fields = ("file", "alt", "credit", "caption")
    list_display = ("thumbnail", "alt", "credit", "dimensions", "created_at")
    list_display_links = ("thumbnail", "alt")
    search_fields = ("alt", "credit", "caption")

    @admin.display(description=_("picture"))
    def thumbnail(self, image: Image) -> str:
        # The text beside it says what it shows, so the picture itself says nothing twice.
        return format_html(
            '<img class="thumbnail" src="{}" alt="" width="96" height="64" loading="lazy">',
            image.get_absolute_url(),
        )

    @admin.display(description=_("size"))
    def dimensions(self, image: Image) -> str:
        return f"{image.width} × {image.height}"
