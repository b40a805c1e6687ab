"""Bounces and complaints at the editorial desk: to be read, never changed."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kei_site.common.read_only import ReadOnly
from newsletter.admin.base import hashes_of
from newsletter.admin.long_lists import LongListAdmin
from newsletter.models import MailEvent


@admin.register(MailEvent)
class MailEventAdmin(ReadOnly, LongListAdmin):
    """What mail servers and providers reported, also on people who were erased."""

    list_display = ("happened_at", "kind", "who", "status_code", "words", "source")
    list_filter = ("kind",)
    list_select_related = ("subscriber",)
    search_fields = ("address_hash",)
    search_help_text = _("The whole e-mail address, also of somebody who was erased.")
    fields = (
        "happened_at",
        "kind",
        "who",
        "status_code",
        "detail",
        "source",
        "address_hash",
    )
    readonly_fields = ("who",)

    @admin.display(description=_("subscriber"))
    def who(self, event: MailEvent) -> str:
        """The address while it is stored, the beginning of its hash afterwards."""
        return str(event.subscriber or f"{event.address_hash[:12]}…")

    @admin.display(description=_("in the words of the server"))
    def words(self, event: MailEvent) -> str:
        """The beginning of what was said."""
        return event.detail[:80]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find what was reported on one address."""
        if not search_term:
            return super().get_search_results(request, queryset, search_term)
        return queryset.filter(address_hash__in=hashes_of(search_term)), False
