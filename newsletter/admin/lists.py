"""Mailing lists at the editorial desk."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from newsletter.actions.lists import delete_list, save_list
from newsletter.admin.base import DeskAdmin
from newsletter.models import MailingList, SubscriptionStatus


@admin.register(MailingList)
class MailingListAdmin(DeskAdmin):
    """The topics that one can subscribe to."""

    list_display = ("name", "active", "is_default", "is_public", "position")
    prepopulated_fields = {"slug": ["name"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Bring the number of active subscriptions along."""
        active = Count("subscriptions", filter=Q(subscriptions__status=SubscriptionStatus.ACTIVE))
        lists: QuerySet[Any] = super().get_queryset(request).annotate(active=active)
        return lists

    @admin.display(description=_("active subscriptions"), ordering="active")
    def active(self, mailing_list: Any) -> int:
        """How many get what is sent to this list."""
        return int(mailing_list.active)

    def save_model(self, _request: HttpRequest, obj: Any, _form: Any, _change: Any) -> None:
        """Hand over to the action."""
        save_list(obj)

    def delete_model(self, _request: HttpRequest, obj: Any) -> None:
        """Hand over to the action."""
        delete_list(obj)

    def delete_queryset(self, _request: HttpRequest, queryset: QuerySet[MailingList]) -> None:
        """Hand over to the action."""
        for mailing_list in queryset:
            delete_list(mailing_list)
