"""What a subscriber gets: seen and changed by the link in every message, without a login."""

from collections.abc import Callable
from datetime import date
from http import HTTPStatus

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from newsletter.actions import moving, preferences, subscribing
from newsletter.actions.consenting import Circumstances
from newsletter.actions.unsubscribing import unsubscribe
from newsletter.forms_personal import MoveForm, PauseForm, PreferencesForm
from newsletter.mail.links import Recipient, token_for
from newsletter.models import Frequency, Subscriber, SubscriptionStatus
from newsletter.views.personal import circumstances, nothing_stored, personal, personal_page
from newsletter.wording import CONSENT_TEXT


@personal
def show_preferences(request: HttpRequest, recipient: Recipient) -> HttpResponse:
    """Show what comes and how often, and do what one of the buttons says."""
    handle = BUTTONS.get(request.POST.get("do", ""))
    if request.method != "POST" or handle is None:
        return page(request, recipient.subscriber_id)
    subscriber = Subscriber.objects.filter(pk=recipient.subscriber_id).first()
    if subscriber is None:
        return nothing_stored(request)
    return handle(request, subscriber, circumstances(request, "preferences"))


def save(request: HttpRequest, subscriber: Subscriber, where: Circumstances) -> HttpResponse:
    """Take the lists and the frequency."""
    form = PreferencesForm(request.POST, subscriber=subscriber)
    return answer(
        request, subscriber, form,
        lambda: preferences.change(subscriber.pk, form.wishes, where=where),
        _("Saved."),
    )  # fmt: skip


def pause(request: HttpRequest, subscriber: Subscriber, where: Circumstances) -> HttpResponse:
    """Take the day until which nothing is sent."""
    form = PauseForm(request.POST)
    return answer(
        request, subscriber, form,
        lambda: preferences.pause(subscriber.pk, form.cleaned_data["until"], where=where),
        _("Nothing is sent until then."),
    )  # fmt: skip


def resume(request: HttpRequest, subscriber: Subscriber, where: Circumstances) -> HttpResponse:
    """End the pause."""
    return answer(
        request, subscriber, forms.Form({}),
        lambda: preferences.pause(subscriber.pk, None, where=where),
        _("Mail comes again."),
    )  # fmt: skip


def move(request: HttpRequest, subscriber: Subscriber, where: Circumstances) -> HttpResponse:
    """Take another address, and answer in the same words whoever it belongs to."""
    form = MoveForm(request.POST)
    return answer(
        request, subscriber, form,
        lambda: moving.request(subscriber.pk, form.cleaned_data["email"], where=where),
        _("We have sent a message to both addresses. The change is made when you have pressed "
          "the button in each, within 72 hours."),
    )  # fmt: skip


def leave_all(request: HttpRequest, subscriber: Subscriber, where: Circumstances) -> HttpResponse:
    """Take the subscriber off every list."""
    unsubscribe(subscriber.pk, where=where)
    return page(request, subscriber.pk, said=_("You are on none of our lists any more."))


def come_back(request: HttpRequest, subscriber: Subscriber, where: Circumstances) -> HttpResponse:
    """Mail the link by which somebody who left comes back."""
    form = forms.Form({})
    try:
        subscribing.come_back(subscriber.pk, where=where)
    except ValidationError as error:
        form.add_error(None, error)
        return page(request, subscriber.pk, bound=form)
    return redirect("newsletter:check_mail")


type Handler = Callable[[HttpRequest, Subscriber, Circumstances], HttpResponse]

BUTTONS: dict[str, Handler] = {
    "save": save,
    "pause": pause,
    "resume": resume,
    "move": move,
    "leave": leave_all,
    "return": come_back,
}


def answer(
    request: HttpRequest,
    subscriber: Subscriber,
    form: forms.Form,
    act: Callable[[], None],
    said: str,
) -> HttpResponse:
    """Do what a valid form asks for and say so, or show what is wrong with it."""
    if form.is_valid():
        try:
            act()
        except ValidationError as error:
            form.add_error(None, error)
    if form.errors:
        return page(request, subscriber.pk, bound=form)
    return page(request, subscriber.pk, said=said)


def page(
    request: HttpRequest,
    subscriber_id: int,
    *,
    bound: forms.Form | None = None,
    said: str = "",
) -> HttpResponse:
    """Render the preferences as they are now, with the form that was sent if it is wrong."""
    subscriber = Subscriber.objects.filter(pk=subscriber_id).first()
    if subscriber is None:
        return nothing_stored(request)
    choice = bound if isinstance(bound, PreferencesForm) else None
    choice = choice or PreferencesForm(subscriber=subscriber)
    context = {
        "subscriber": subscriber,
        "token": token_for(Recipient(subscriber_id)),
        "is_paused": (subscriber.paused_until or date.min) > timezone.localdate(),
        "choice": choice,
        "is_on_none": set(choice.statuses.values()) <= {SubscriptionStatus.UNSUBSCRIBED},
        "pause": bound if isinstance(bound, PauseForm) else PauseForm(),
        "move": bound if isinstance(bound, MoveForm) else MoveForm(),
        # What is wrong with a button that has no field beside it.
        "press": bound if type(bound) is forms.Form else None,
        "frequencies": Frequency.choices,
        "said": said,
        "consent_text": CONSENT_TEXT,
    }
    return personal_page(request, "preferences", context, status=status_of(bound))


def status_of(bound: forms.Form | None) -> HTTPStatus:
    """Return the status for what was sent: all right, wrong, or too often."""
    if bound is None:
        return HTTPStatus.OK
    if bound.has_error(NON_FIELD_ERRORS, "too_many"):
        return HTTPStatus.TOO_MANY_REQUESTS
    return HTTPStatus.UNPROCESSABLE_ENTITY
