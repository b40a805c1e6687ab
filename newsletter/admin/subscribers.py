"""Subscribers at the editorial desk."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from kei_site.common.read_only import ReadOnly
from newsletter.addresses import Address
from newsletter.admin import bulk, importing, people
from newsletter.admin.long_lists import LongListAdmin, normalized
from newsletter.models import MailingList, Subscriber, Subscription, SubscriptionStatus, Suppression

LIST, STATUS = "list", "status"


class SubscriptionFilter(admin.SimpleListFilter):
    """Narrow the list by subscription; list and status mean one and the same subscription."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep who has a subscription of this status on this list."""
        if not self.value():
            return queryset
        matching = Subscription.objects.filter(subscriber=OuterRef("pk"))
        if status := request.GET.get(STATUS):
            matching = matching.filter(status=status)
        if slug := request.GET.get(LIST):
            matching = matching.filter(mailing_list__slug=slug)
        return queryset.filter(Exists(matching))


class ListFilter(SubscriptionFilter):
    """Narrow the list to one mailing list."""

    title = _("list")
    parameter_name = LIST

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, str]]:
        """Offer every mailing list."""
        return [(each.slug, each.name) for each in MailingList.objects.all()]


class StatusFilter(SubscriptionFilter):
    """Narrow the list to one status."""

    title = _("status")
    parameter_name = STATUS

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> Any:
        """Offer every status."""
        return SubscriptionStatus.choices


class StateFilter(admin.SimpleListFilter):
    """Narrow the list to people whom mail does not reach at the moment."""

    title = _("mail")
    parameter_name = "mail"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> Any:
        """Offer the two reasons that stand beside a subscriber."""
        return [("paused", _("Paused")), ("bounced", _("Bounced lately"))]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep who wanted a pause, or whose last mail came back."""
        match self.value():
            case "paused":
                return queryset.filter(paused_until__gt=timezone.localdate())
            case "bounced":
                return queryset.filter(bounced_at__isnull=False)
        return queryset


@admin.register(Subscriber)
class SubscriberAdmin(ReadOnly, LongListAdmin):
    """Who gets what: staff look, and take people off; only people themselves sign up."""

    list_display = ("address", "subscribed", "state", "since")
    list_filter = (StatusFilter, ListFilter, "language", "frequency", StateFilter)
    search_fields = ("normalized",)
    search_help_text = _("An e-mail address, or how it begins.")
    fields = (
        ("address", "normalized"),
        ("language", "frequency", "created_at"),
        ("paused_until", "soft_bounces", "bounced_at"),
        "suppressed",
    )
    readonly_fields = ("suppressed",)
    actions = bulk.ACTIONS
    change_list_template = "admin/newsletter/subscriber/change_list.html"
    change_form_template = "admin/newsletter/subscriber/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Subscriber]:
        """Bring the subscriptions along."""
        return super().get_queryset(request).prefetch_related("subscriptions__mailing_list")

    def get_urls(self) -> list[Any]:
        """Add the pages that are about people and tables of them."""
        pages: dict[str, tuple[str, Any]] = {
            "import/": ("import", importing.upload),
            "import/<str:token>/": ("import_table", importing.take_in),
            "export/": ("export", people.export_list),
            "why/": ("why", people.explain),
            "<int:pk>/export/": ("person_export", people.export_person),
            "<int:pk>/erase/": ("erase", people.erase_person),
        }
        own = [
            path(address, self.admin_site.admin_view(view), name=f"newsletter_subscriber_{name}")
            for address, (name, view) in pages.items()
        ]
        return [*own, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Add what is known of the person."""
        known = {"known": people.known_of(request, object_id), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, known)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find the address, or those that begin like it: the index of the address knows both."""
        if not search_term:
            return super().get_search_results(request, queryset, search_term)
        begins = Q(normalized__startswith=search_term.strip().lower())
        return queryset.filter(begins | Q(normalized=normalized(search_term))), False

    @admin.display(description=_("subscriptions"))
    def subscribed(self, subscriber: Subscriber) -> str:
        """The lists, and the status of those that are not on."""
        return ", ".join(
            str(each.mailing_list)
            if each.status == SubscriptionStatus.ACTIVE
            else f"{each.mailing_list} ({each.get_status_display()})"
            for each in subscriber.subscriptions.all()
        )

    @admin.display(description=_("mail"))
    def state(self, subscriber: Subscriber) -> str:
        """How often the person wants mail, and what keeps it away."""
        paused = subscriber.paused_until and subscriber.paused_until > timezone.localdate()
        words = [subscriber.get_frequency_display()]
        words += [str(_("paused"))] if paused else []
        words += [str(_("bounced"))] if subscriber.bounced_at else []
        return ", ".join(words)

    @admin.display(description=_("since"))
    def since(self, subscriber: Subscriber) -> str:
        """The day on which the address came."""
        return date_format(timezone.localtime(subscriber.created_at), "M j, Y")

    @admin.display(description=_("suppressed"))
    def suppressed(self, subscriber: Subscriber) -> str:
        """Whether nothing is sent in spite of the subscriptions, and why."""
        hashes = Address(subscriber.address, subscriber.normalized).hashes
        found = Suppression.objects.filter(address_hash__in=hashes).first()
        return found.get_reason_display() if found else str(_("No"))

    def has_leave_permission(self, request: HttpRequest) -> bool:
        """Ask for the right to change subscriptions."""
        return request.user.has_perm("newsletter.change_subscription")

    def has_suppress_permission(self, request: HttpRequest) -> bool:
        """Ask for the right to suppress addresses."""
        return request.user.has_perm("newsletter.add_suppression")

    def has_erase_permission(self, request: HttpRequest) -> bool:
        """Ask for the right to erase people."""
        return request.user.has_perm("newsletter.delete_subscriber")
