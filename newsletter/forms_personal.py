"""The forms behind a personal link."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsletter.actions.preferences import LONGEST_PAUSE, Wishes
from newsletter.addresses import Address, parse
from newsletter.forms import kept, shown_again
from newsletter.models import Frequency, MailingList, Subscriber, SubscriptionStatus


class PreferencesForm(forms.Form):
    """Which lists, and how often."""

    lists = forms.MultipleChoiceField(
        required=False,
        error_messages={"invalid_choice": _("One of these lists is not on offer any more.")},
    )
    frequency = forms.ChoiceField(
        choices=Frequency.choices,
        error_messages={
            "required": _("Choose how often you would like mail."),
            "invalid_choice": _("Choose how often you would like mail."),
        },
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, subscriber: Subscriber) -> None:
        super().__init__(data)
        self.subscriber = subscriber
        self.statuses = dict(subscriber.subscriptions.values_list("mailing_list", "status"))
        taken = MailingList.objects.taken_by(subscriber.pk).values("pk")
        self.offered = list(MailingList.objects.filter(Q(is_public=True) | Q(pk__in=taken)))
        self.fields["lists"].choices = [  # type: ignore[attr-defined]
            (each.slug, each.name) for each in self.offered
        ]

    @property
    def chosen(self) -> set[str]:
        """The lists that are ticked: a list that waits for its confirmation is not on yet."""
        if self.is_bound:
            return set(self.data.getlist("lists"))  # type: ignore[attr-defined]
        on = SubscriptionStatus.ACTIVE
        return {each.slug for each in self.offered if self.statuses.get(each.pk) == on}

    @property
    def waiting(self) -> set[str]:
        """The lists that were asked for and not confirmed."""
        asked = SubscriptionStatus.PENDING
        return {each.slug for each in self.offered if self.statuses.get(each.pk) == asked}

    @property
    def frequency_now(self) -> str:
        """The frequency that is ticked."""
        return self.data.get("frequency", "") if self.is_bound else self.subscriber.frequency

    @property
    def wishes(self) -> Wishes:
        """What is asked for, of a valid form."""
        slugs = self.cleaned_data["lists"]
        return Wishes(
            lists=[each for each in self.offered if each.slug in slugs],
            frequency=Frequency(self.cleaned_data["frequency"]),
        )


class PauseForm(forms.Form):
    """Until when nothing is sent."""

    until = forms.DateField(
        error_messages={
            "required": _("Choose the day from which you would like mail again."),
            "invalid": _("Write the day like 2027-01-31."),
        }
    )

    @property
    def typed(self) -> str:
        """What was typed as the day, fit to be shown again."""
        return str(self.data.get("until", ""))[:40]

    @property
    def first(self) -> str:
        """The first day that may be chosen, as browsers want it."""
        return (timezone.localdate() + timedelta(days=1)).isoformat()

    @property
    def last(self) -> str:
        """The last day that may be chosen."""
        return (timezone.localdate() + LONGEST_PAUSE).isoformat()


class MoveForm(forms.Form):
    """Another address."""

    email = forms.CharField(error_messages={"required": _("Type your new address.")})

    @property
    def typed(self) -> str:
        """What was typed as the address, fit to be shown again."""
        return shown_again(self.data)

    def clean_email(self) -> Address:
        """Understand the address."""
        return kept(parse(self.cleaned_data["email"]))


class EraseForm(forms.Form):
    """The box to tick before everything is erased."""

    sure = forms.BooleanField(
        error_messages={"required": _("Tick the box first: this cannot be undone.")}
    )
