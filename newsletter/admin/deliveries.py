"""Deliveries at the editorial desk: what became of each message, and of all together."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import path
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from kei_site.common.read_only import ReadOnly
from newsletter.admin import statistics
from newsletter.admin.long_lists import LongListAdmin, normalized
from newsletter.admin.people import LONGEST_NUMBER
from newsletter.models import Delivery, DeliveryStatus, Issue

OFFERED = 20
# Of the answer of a mail server, in a list.
SHOWN = 120
IN_TROUBLE = (DeliveryStatus.DEFERRED, DeliveryStatus.FAILED, DeliveryStatus.UNKNOWN)


class IssueFilter(admin.SimpleListFilter):
    """Narrow the list to one issue: one of the newest, or the one that a link named."""

    title = _("issue")
    parameter_name = "issue"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, str]]:
        """Offer what began last, and what is chosen."""
        begun = Issue.objects.filter(started_at__isnull=False).order_by("-started_at")
        offered = {str(pk): subject for pk, subject in begun.values_list("pk", "subject")[:OFFERED]}
        if (chosen := self._chosen()) and str(chosen) not in offered:
            named = Issue.objects.filter(pk=chosen).values_list("subject", flat=True)
            offered |= {str(chosen): subject for subject in named}
        return list(offered.items())

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the deliveries of the issue."""
        return queryset.filter(issue=self._chosen()) if self._chosen() else queryset

    def _chosen(self) -> int:
        value = self.used_parameters.get(self.parameter_name) or ""
        return int(value) if value.isdecimal() and len(value) <= LONGEST_NUMBER else 0


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly, LongListAdmin):
    """A row for each message that was to be sent; nobody writes here."""

    list_display = ("who", "issue", "told", "sent_at")
    list_filter = (IssueFilter, "status", "exclusion")
    list_select_related = ("issue", "subscriber")
    search_fields = ("subscriber__normalized",)
    search_help_text = _("The whole e-mail address.")
    fields = (
        "issue", "who", "outcome", "answer", "attempts", "created_at", "claimed_at", "sent_at",
        "try_again_at", "message_id",
    )  # fmt: skip
    readonly_fields = ("who", "outcome")

    def get_urls(self) -> list[Any]:
        """Add the statistics, which are sums of deliveries."""
        wrap = self.admin_site.admin_view
        return [
            path("statistics/", wrap(statistics.overview), name="newsletter_statistics"),
            path(
                "statistics/<int:pk>/",
                wrap(statistics.of_issue),
                name="newsletter_issue_statistics",
            ),
            *super().get_urls(),
        ]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find what went to one address."""
        if not search_term:
            return super().get_search_results(request, queryset, search_term)
        return queryset.filter(subscriber__normalized=normalized(search_term)), False

    @admin.display(description=_("subscriber"))
    def who(self, delivery: Delivery) -> str:
        """The address, while the person is stored."""
        return str(delivery.subscriber or _("erased"))

    @admin.display(description=_("status"))
    def told(self, delivery: Delivery) -> str:
        """The status and, where something is wrong, how the mail server put it."""
        lines = [self.outcome(delivery)]
        if delivery.answer and delivery.status in IN_TROUBLE:
            lines.append(Truncator(delivery.answer).chars(SHOWN))
        return format_html_join(mark_safe("<br>"), "{}", ((line,) for line in lines))

    @admin.display(description=_("status"))
    def outcome(self, delivery: Delivery) -> str:
        """The status in words, with the reason for not sending."""
        words = [delivery.get_status_display()]
        words += [delivery.get_exclusion_display()] if delivery.exclusion else []
        return ": ".join(words)
