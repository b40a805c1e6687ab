"""The Spotlight's calendar."""

from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from publications.admin.base import ActionAdmin
from publications.forms.works import SpotlightForm
from publications.models import Spotlight


class TimeFilter(admin.SimpleListFilter):
    """Now, to come, or over."""

    title = _("time")
    parameter_name = "time"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("now", _("Now")), ("next", _("To come")), ("past", _("Over"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        now = timezone.now()
        match self.value():
            case "now":
                still = Q(ends_at=None) | Q(ends_at__gt=now)
                return queryset.filter(still, starts_at__lte=now)
            case "next":
                return queryset.filter(starts_at__gt=now)
            case "past":
                return queryset.filter(ends_at__lte=now)
        return queryset


@admin.register(Spotlight)
class SpotlightAdmin(ActionAdmin):
    """What stands on top of the home page, and when."""

    form = SpotlightForm
    fields = ("publication", ("starts_at", "ends_at"), "headline", "blurb", "image")
    autocomplete_fields = ("publication", "image")
    list_display = ("__str__", "when", "starts_at", "ends_at")
    list_filter = (TimeFilter,)
    list_select_related = ("publication",)
    search_fields = ("headline", "publication__title")

    @admin.display(description=_("time"))
    def when(self, spotlight: Spotlight) -> str:
        now = timezone.now()
        if spotlight.starts_at > now:
            return gettext("To come")
        if spotlight.ends_at and spotlight.ends_at <= now:
            return gettext("Over")
        return gettext("Now")
