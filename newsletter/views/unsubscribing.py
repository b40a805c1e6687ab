"""Leaving by the link that every message carries."""

from django.http import HttpRequest, HttpResponse

from newsletter.actions.unsubscribing import taken_by
from newsletter.actions.unsubscribing import unsubscribe as leave
from newsletter.mail.links import Recipient, token_for
from newsletter.models import Subscriber
from newsletter.views.personal import circumstances, personal, personal_page


# RFC 8058: mail programs post here without a cookie, and must not be sent elsewhere.
@personal
def unsubscribe(request: HttpRequest, recipient: Recipient) -> HttpResponse:
    """Show the button that unsubscribes, or do it: for the button and for one click alike."""
    subscriber_id, issue_id = recipient
    if request.method == "POST":
        where = circumstances(request, "unsubscribe")
        leave(subscriber_id, where=where, issue_id=issue_id)
    subscriber = Subscriber.objects.filter(pk=subscriber_id).first()
    lists = [each.mailing_list for each in taken_by(subscriber_id, issue_id)]
    context = {
        "address": subscriber.address if subscriber else "",
        "lists": lists,
        "others": [
            each.mailing_list for each in taken_by(subscriber_id) if each.mailing_list not in lists
        ],
        "token": token_for(Recipient(subscriber_id)),
    }
    return personal_page(request, "unsubscribe" if lists else "unsubscribed", context)
