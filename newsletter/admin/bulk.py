"""What can be done to many subscribers at once: first a page that says how many."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from newsletter.actions.consenting import Circumstances
from newsletter.actions.privacy import erase
from newsletter.actions.suppressing import suppress
from newsletter.actions.unsubscribing import unsubscribe
from newsletter.addresses import Address
from newsletter.admin.pages import csv_answer, desk_page
from newsletter.models import Subscriber, Subscription, SuppressionReason

# Each is a transaction of its own, and a person waits for the answer.
MOST = 500


@dataclass(frozen=True, slots=True)
class Deed:
    """What is done to each person, and how it is put to the person who decides."""

    question: Any
    consequence: Any
    button: Any
    done: Any
    do: Callable[[Subscriber, Circumstances], object]


LEAVE = Deed(
    ngettext_lazy("Take %(n)d person off all lists?", "Take %(n)d people off all lists?", "n"),
    gettext_lazy("They get nothing more, and can subscribe again themselves."),
    gettext_lazy("Take off all lists"),
    ngettext_lazy(
        "%(n)d person was taken off all lists.", "%(n)d people were taken off all lists.", "n"
    ),
    lambda person, where: unsubscribe(person.pk, where=where),
)
SUPPRESS = Deed(
    ngettext_lazy("Suppress %(n)d address?", "Suppress %(n)d addresses?", "n"),
    gettext_lazy("Nothing is sent to them, whatever they subscribe to, until that is lifted."),
    gettext_lazy("Suppress"),
    ngettext_lazy("%(n)d address is suppressed.", "%(n)d addresses are suppressed.", "n"),
    lambda person, _where: suppress(
        Address(person.address, person.normalized), reason=SuppressionReason.STAFF
    ),
)
ERASE = Deed(
    ngettext_lazy("Erase %(n)d person for good?", "Erase %(n)d people for good?", "n"),
    gettext_lazy(
        "Addresses, subscriptions and the names in old deliveries go, and cannot be brought back. "
        "What was agreed to stays on record under a keyed hash, and a suppression stays."
    ),
    gettext_lazy("Erase"),
    ngettext_lazy("%(n)d person was erased.", "%(n)d people were erased.", "n"),
    lambda person, where: erase(person.pk, where),
)


@admin.action(description=gettext_lazy("Take off all lists"), permissions=["leave"])
def unsubscribe_selected(
    _admin: Any, request: HttpRequest, people: QuerySet[Subscriber]
) -> HttpResponseBase | None:
    """Unsubscribe each of them."""
    return _confirmed(request, people, "unsubscribe_selected", LEAVE)


@admin.action(description=gettext_lazy("Suppress"), permissions=["suppress"])
def suppress_selected(
    _admin: Any, request: HttpRequest, people: QuerySet[Subscriber]
) -> HttpResponseBase | None:
    """Send nothing to any of them from now on."""
    return _confirmed(request, people, "suppress_selected", SUPPRESS)


@admin.action(description=gettext_lazy("Erase"), permissions=["erase"])
def erase_selected(
    _admin: Any, request: HttpRequest, people: QuerySet[Subscriber]
) -> HttpResponseBase | None:
    """Forget each of them."""
    return _confirmed(request, people, "erase_selected", ERASE)


@admin.action(description=gettext_lazy("Export as a table (CSV)"), permissions=["view"])
def export_selected(
    _admin: Any, request: HttpRequest, people: QuerySet[Subscriber]
) -> HttpResponseBase:
    """Hand out their subscriptions, however many."""
    chosen = people.order_by().values("pk")
    if "confirmed" in request.POST:
        return csv_answer(Subscription.objects.filter(subscriber__in=chosen), "subscribers")
    number = people.order_by().count()
    return desk_page(
        request,
        "subscriber/confirm.html",
        title=ngettext("Export %(n)d person?", "Export %(n)d people?", number) % {"n": number},
        model=Subscriber,
        consequence=_("The file holds addresses: keep it where nobody else can read it."),
        button=_("Export"),
        action="export_selected",
        is_across=request.POST.get("select_across") == "1",
        checkbox=ACTION_CHECKBOX_NAME,
        chosen=request.POST.getlist(ACTION_CHECKBOX_NAME),
    )


ACTIONS = (export_selected, unsubscribe_selected, suppress_selected, erase_selected)


def _confirmed(
    request: HttpRequest, people: QuerySet[Subscriber], action: str, deed: Deed
) -> HttpResponseBase | None:
    """Ask first, naming the number; then do it to exactly those who were counted."""
    chosen = list(people.order_by("pk").prefetch_related(None)[: MOST + 1])
    number = len(chosen)
    if number > MOST:
        said = _("At most %(most)d people at once. Choose fewer of them.") % {"most": MOST}
        messages.error(request, said)
        return None
    if "confirmed" in request.POST:
        where = Circumstances(form_address=request.path)
        for person in chosen:
            deed.do(person, where)
        messages.success(request, deed.done % {"n": number})
        return None
    return desk_page(
        request,
        "subscriber/confirm.html",
        title=deed.question % {"n": number},
        model=Subscriber,
        consequence=deed.consequence,
        button=deed.button,
        action=action,
        checkbox=ACTION_CHECKBOX_NAME,
        chosen=[person.pk for person in chosen],
        examples=chosen[:20],
        more=max(number - 20, 0),
    )
