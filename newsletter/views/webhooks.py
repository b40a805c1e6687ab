"""What mail providers post: checked and read by anymail, then handed to the actions."""

import json
from typing import Any

from anymail.signals import AnymailTrackingEvent
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.urls import resolve, reverse
from django.views.decorators.csrf import csrf_exempt

from newsletter.actions.consenting import Circumstances
from newsletter.actions.mail_events import delivered_to, left, take_in
from newsletter.bounces.providers import has_arrived, has_left, report_of


# Providers prove who they are by the secret and, where they can, by a signature.
@csrf_exempt
def tracking(request: HttpRequest, provider: str) -> HttpResponse:
    """Let anymail's view for a provider answer; without the secret there is no such page."""
    if not settings.ANYMAIL["WEBHOOK_SECRET"]:
        raise Http404
    view = resolve(f"/{provider}/tracking/", urlconf="anymail.urls").func
    try:
        answer: HttpResponse = view(request)
    except ImproperlyConfigured as wrong:
        # The provider is one whose key this site was not given.
        raise Http404 from wrong
    except (json.JSONDecodeError, UnicodeDecodeError):
        return HttpResponseBadRequest()
    return answer


def receive(*, event: AnymailTrackingEvent, esp_name: str, **_more: Any) -> None:
    """Do what follows from one event; anymail's signal calls this for each."""
    address = event.recipient or ""
    if has_arrived(event):
        delivered_to(address)
    elif has_left(event):
        page = reverse("newsletter:provider_event", args=[esp_name.lower()])
        left(address, where=Circumstances(form_address=page))
    elif report := report_of(event, esp_name):
        take_in(report, esp_name, is_trusted=True)
