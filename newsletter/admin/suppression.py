"""Suppressed addresses at the editorial desk."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsletter.actions.suppressing import lift, suppress
from newsletter.addresses import Address, parse
from newsletter.admin.base import hashes_of
from newsletter.admin.long_lists import LongListAdmin
from newsletter.models import Suppression, SuppressionReason


class SuppressionForm(forms.ModelForm):  # type: ignore[type-arg]
    """An address, which is hashed before anything is stored."""

    address = forms.CharField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("Only a keyed hash of it is kept."),
    )

    class Meta:
        model = Suppression
        fields = ("reason",)

    def clean_address(self) -> Address:
        """Understand the address; it may be suppressed only once."""
        address = parse(self.cleaned_data["address"])
        if Suppression.objects.filter(address_hash__in=address.hashes).exists():
            raise ValidationError(_("This address is suppressed already."), code="known")
        return address


@admin.register(Suppression)
class SuppressionAdmin(LongListAdmin):
    """Addresses that get nothing; they are found by the whole address only."""

    form = SuppressionForm
    fields = ("address", "reason")
    list_display = ("__str__", "reason", "created_at")
    list_filter = ("reason",)
    search_fields = ("address_hash",)
    search_help_text = gettext_lazy("The whole e-mail address.")

    def get_fields(self, _request: HttpRequest, obj: Any = None) -> Any:
        """Ask for an address that is not stored; show what is."""
        return ("address_hash", "reason", "created_at") if obj else ("address", "reason")

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Add and lift, but do not rewrite why."""
        return False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find one address."""
        if not search_term:
            return super().get_search_results(request, queryset, search_term)
        return queryset.filter(address_hash__in=hashes_of(search_term)), False

    def save_model(self, _request: HttpRequest, obj: Any, form: Any, _change: Any) -> None:
        """Hand over to the action."""
        saved = suppress(form.cleaned_data["address"], reason=SuppressionReason(obj.reason))
        obj.pk = saved.pk
        obj.refresh_from_db()

    def delete_model(self, _request: HttpRequest, obj: Any) -> None:
        """Hand over to the action."""
        lift(obj)

    def delete_queryset(self, _request: HttpRequest, queryset: QuerySet[Suppression]) -> None:
        """Hand over to the action."""
        for suppression in queryset:
            lift(suppression)
