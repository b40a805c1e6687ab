"""Single people at the desk: what is known of them, handed out, explained, erased."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsletter.actions.consenting import Circumstances
from newsletter.actions.privacy import erase, export
from newsletter.addresses import Address, parse
from newsletter.admin.pages import csv_answer, desk_page, ensure
from newsletter.explaining import why
from newsletter.models import (
    ConsentEvent,
    Delivery,
    Issue,
    MailEvent,
    MailingList,
    Subscriber,
    Subscription,
)

SHOWN = 50
ISSUES = 100
# Of a key in the database; what is longer is none.
LONGEST_NUMBER = 18


def known_of(request: HttpRequest, object_id: str) -> dict[str, Any]:
    """Return what stands in the tables about a person, of each the newest 50 rows."""
    if not object_id.isdecimal() or len(object_id) > LONGEST_NUMBER:
        return {}
    tables: dict[str, QuerySet[Any]] = {
        "subscription": Subscription.objects.select_related("mailing_list"),
        "consentevent": ConsentEvent.objects.select_related("mailing_list"),
        "delivery": Delivery.objects.select_related("issue").order_by("-created_at", "-pk"),
        "mailevent": MailEvent.objects.all(),
    }
    return {
        name: rows.filter(subscriber=int(object_id))[:SHOWN]
        for name, rows in tables.items()
        if name == "subscription" or request.user.has_perm(f"newsletter.view_{name}")
    }


def export_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out everything about a person as JSON, after asking."""
    ensure(request, "view_subscriber", "view_consentevent", "view_delivery")
    person = get_object_or_404(Subscriber, pk=pk)
    if request.method == "POST":
        return JsonResponse(
            export(pk),
            json_dumps_params={"indent": 2, "ensure_ascii": False},
            headers={"Content-Disposition": f'attachment; filename="subscriber-{pk}.json"'},
        )
    return desk_page(
        request,
        "subscriber/confirm.html",
        title=_("Export everything about %(address)s?") % {"address": person.address},
        model=Subscriber,
        person=person,
        consequence=_("One file with the person’s subscriptions, consent, deliveries and reports."),
        button=_("Export"),
    )


def erase_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a person, after asking."""
    ensure(request, "view_subscriber", "delete_subscriber")
    person = get_object_or_404(Subscriber, pk=pk)
    if request.method == "POST":
        erase(pk, Circumstances(form_address=request.path))
        messages.success(request, _("Erased: %(address)s") % {"address": person.address})
        return redirect("admin:newsletter_subscriber_changelist")
    return desk_page(
        request,
        "subscriber/confirm.html",
        title=_("Erase %(address)s for good?") % {"address": person.address},
        model=Subscriber,
        person=person,
        consequence=_(
            "The address, the subscriptions and the name in old deliveries go, and cannot be "
            "brought back. What was agreed to stays on record under a keyed hash, and a "
            "suppression stays."
        ),
        button=_("Erase"),
    )


class ExportForm(forms.Form):
    """Which list."""

    mailing_list = forms.ModelChoiceField(
        MailingList.objects.all(), to_field_name="slug", label=gettext_lazy("List")
    )


def export_list(request: HttpRequest) -> HttpResponseBase:
    """Hand out the subscriptions of a list, in constant memory."""
    ensure(request, "view_subscriber")
    form = ExportForm(request.GET or None)
    if form.is_valid():
        mailing_list = form.cleaned_data["mailing_list"]
        return csv_answer(mailing_list.subscriptions.all(), f"subscribers-{mailing_list.pk}")
    return desk_page(
        request,
        "subscriber/export.html",
        title=_("Export a list"),
        model=Subscriber,
        form=form,
    )


class WhyForm(forms.Form):
    """An issue and an address."""

    issue = forms.TypedChoiceField(coerce=int, label=gettext_lazy("Issue"))
    address = forms.CharField(label=gettext_lazy("E-mail address"))

    def __init__(self, data: Any, chosen: str) -> None:
        super().__init__(data, initial={"issue": chosen})
        self.fields["issue"].choices = list(_issues(chosen))  # type: ignore[attr-defined]

    def clean_address(self) -> Address:
        """Understand the address."""
        return parse(self.cleaned_data["address"])


def explain(request: HttpRequest) -> HttpResponse:
    """Say why somebody did not get an issue."""
    ensure(request, "view_subscriber", "view_delivery")
    form = WhyForm(request.GET if "address" in request.GET else None, request.GET.get("issue", ""))
    return desk_page(
        request,
        "subscriber/why.html",
        title=_("Why did somebody not get it?"),
        model=Subscriber,
        form=form,
        answer=_answer(form) if form.is_valid() else None,
    )


def _answer(form: WhyForm) -> dict[str, Any]:
    issue = get_object_or_404(Issue.objects.select_related("digest"), pk=form.cleaned_data["issue"])
    address = form.cleaned_data["address"]
    person = Subscriber.objects.filter(normalized=address.normalized).first()
    return {"issue": issue, "address": address, "person": person, "said": why(address, issue)}


def _issues(chosen: str) -> Iterator[tuple[int, str]]:
    """Offer the newest issues, and the one that a link named."""
    newest = {each.pk: each for each in Issue.objects.all()[:ISSUES]}
    if chosen.isdecimal() and len(chosen) <= LONGEST_NUMBER and int(chosen) not in newest:
        newest |= {each.pk: each for each in Issue.objects.filter(pk=int(chosen))}
    for pk, issue in newest.items():
        begun = f"{issue.started_at:%Y-%m-%d}" if issue.started_at else issue.get_status_display()
        yield pk, f"{issue.subject} ({begun})"
