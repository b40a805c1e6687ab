"""How staff find images in the library."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from publications.models import Author, ImageUse, Publication, Rendering, Spotlight
from publications.usage import pending_images


def is_used() -> Any:
    """Return the condition for images that something shows or is about to show."""
    this = OuterRef("pk")
    return (
        Exists(Publication.objects.filter(lead_image=this))
        | Exists(Author.objects.filter(portrait=this))
        | Exists(Spotlight.objects.filter(image=this))
        | Exists(ImageUse.objects.filter(image=this))
        | Q(pk__in=pending_images())
    )


class UseFilter(admin.SimpleListFilter):
    """By whether anything shows it."""

    title = _("use")
    parameter_name = "use"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("used", _("Used")), ("unused", _("Used nowhere"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case "used":
                return queryset.filter(is_used())
            case "unused":
                return queryset.filter(~is_used())
        return queryset


class VersionsFilter(admin.SimpleListFilter):
    """By how far the smaller versions are."""

    title = _("smaller versions")
    parameter_name = "versions"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Rendering.choices)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(rendering=self.value()) if self.value() else queryset
