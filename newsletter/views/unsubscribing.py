"""Leaving by the link that every message carries."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from kei_site.common.origin import client_network
from newsletter.actions.consenting import Circumstances
from newsletter.actions.unsubscribing import unsubscribe as leave
from newsletter.confirming import LinkState
from newsletter.mail.links import subscriber_of
from newsletter.models import MailingList, Subscriber
from newsletter.views.answers import link_problem
from publications.views.pages import render_page


# RFC 8058: mail programs post here without a cookie, and must not be sent elsewhere.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, signed: str) -> HttpResponse:
    """Show the button that unsubscribes, or do it: for the button and for one click alike."""
    subscriber_id = subscriber_of(signed)
    if subscriber_id is None:
        return link_problem(request, LinkState.UNKNOWN)
    if request.method == "POST":
        where = Circumstances(reverse("newsletter:subscribe"), client_network(request))
        leave(subscriber_id, where=where)
    subscriber = Subscriber.objects.filter(pk=subscriber_id).first()
    lists = list(MailingList.objects.taken_by(subscriber_id))
    page = "unsubscribe.html" if lists else "unsubscribed.html"
    return render_page(
        request,
        f"newsletter/{page}",
        {"address": subscriber.address if subscriber else "", "lists": lists},
        cacheable=False,
    )
