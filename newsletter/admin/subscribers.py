"""Subscribers at the editorial desk."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from newsletter.actions.consenting import Circumstances
from newsletter.actions.unsubscribing import unsubscribe
from newsletter.addresses import Address
from newsletter.admin.base import DeskAdmin, ReadOnly, ReadOnlyInline
from newsletter.models import (
    ConsentEvent,
    MailingList,
    Subscriber,
    Subscription,
    SubscriptionStatus,
    Suppression,
)

LIST, STATUS = "list", "status"


class SubscriptionInline(ReadOnlyInline):
    """Which lists the subscriber is on."""

    model = Subscription
    fields = ("mailing_list", "status", "requested_at", "confirmed_at", "unsubscribed_at")


class ConsentInline(ReadOnlyInline):
    """What the subscriber agreed to."""

    model = ConsentEvent
    fields = (
        "happened_at",
        "kind",
        "mailing_list",
        "text",
        "text_version",
        "form_address",
        "network",
    )


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


@admin.register(Subscriber)
class SubscriberAdmin(ReadOnly, DeskAdmin):
    """Who gets what: staff look, and take people off; only people themselves sign up."""

    list_display = ("address", "subscribed", "language", "created_at")
    list_filter = (StatusFilter, ListFilter, "language")
    search_fields = ("address", "normalized")
    search_help_text = _("An e-mail address or a part of it.")
    fields = ("address", "normalized", "language", "created_at", "suppressed")
    readonly_fields = ("suppressed",)
    inlines = (SubscriptionInline, ConsentInline)
    actions = ("unsubscribe_selected",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Subscriber]:
        """Bring the subscriptions along."""
        return super().get_queryset(request).prefetch_related("subscriptions__mailing_list")

    @admin.display(description=_("subscriptions"))
    def subscribed(self, subscriber: Subscriber) -> str:
        """Each list with where the subscription stands."""
        return ", ".join(
            f"{each.mailing_list}: {each.get_status_display()}"
            for each in subscriber.subscriptions.all()
        )

    @admin.display(description=_("suppressed"), boolean=True)
    def suppressed(self, subscriber: Subscriber) -> bool:
        """Whether nothing is sent in spite of the subscriptions."""
        hashes = Address(subscriber.address, subscriber.normalized).hashes
        return Suppression.objects.filter(address_hash__in=hashes).exists()

    def has_unsubscribe_permission(self, request: HttpRequest) -> bool:
        """Ask for the right to change subscriptions."""
        return request.user.has_perm("newsletter.change_subscription")

    @admin.action(description=_("Take off all lists"), permissions=["unsubscribe"])
    def unsubscribe_selected(self, request: HttpRequest, queryset: QuerySet[Subscriber]) -> None:
        """Unsubscribe each of them."""
        where = Circumstances(form_address=request.path)
        left = sum(unsubscribe(each.pk, where=where) for each in queryset)
        said = ngettext("%(n)d subscription was ended.", "%(n)d subscriptions were ended.", left)
        self.message_user(request, said % {"n": left}, messages.SUCCESS)
