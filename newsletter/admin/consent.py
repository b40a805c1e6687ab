"""The proof of consent at the editorial desk: to be read, never changed."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kei_site.common.read_only import ReadOnly
from newsletter.admin.base import hashes_of
from newsletter.admin.long_lists import LongListAdmin
from newsletter.models import ConsentEvent


@admin.register(ConsentEvent)
class ConsentEventAdmin(ReadOnly, LongListAdmin):
    """Who agreed to what, when; erased people are found by their address, too."""

    list_display = ("happened_at", "kind", "who", "mailing_list", "network")
    list_filter = ("kind", "mailing_list")
    list_select_related = ("subscriber", "mailing_list")
    search_fields = ("address_hash",)
    search_help_text = _("The whole e-mail address, also of somebody who was erased.")

    @admin.display(description=_("subscriber"))
    def who(self, event: ConsentEvent) -> str:
        """The address while it is stored, the beginning of its hash afterwards."""
        return str(event.subscriber or f"{event.address_hash[:12]}…")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find the events of one address."""
        if not search_term:
            return super().get_search_results(request, queryset, search_term)
        return queryset.filter(address_hash__in=hashes_of(search_term)), False
