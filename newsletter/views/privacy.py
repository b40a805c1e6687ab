"""What is stored about a person, to take along or to erase, by a personal link."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse

from newsletter.actions.privacy import erase, export
from newsletter.forms_personal import EraseForm
from newsletter.mail.links import Recipient, token_for
from newsletter.models import Subscriber
from newsletter.views.personal import circumstances, nothing_stored, personal, personal_page
from publications.views.pages import FOR_ONE_PERSON


@personal
def show_privacy(request: HttpRequest, recipient: Recipient) -> HttpResponse:
    """Show the two ways, and erase when the box is ticked and the button pressed."""
    subscriber = Subscriber.objects.filter(pk=recipient.subscriber_id).first()
    if subscriber is None:
        return nothing_stored(request)
    form = EraseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        erase(subscriber.pk, circumstances(request, "privacy"))
        return nothing_stored(request)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    token = token_for(Recipient(subscriber.pk))
    facts = {"address": subscriber.address, "form": form, "token": token}
    return personal_page(request, "privacy", facts, status=status)


@personal
def download(request: HttpRequest, recipient: Recipient) -> HttpResponse:
    """Send everything that is stored about the person as a file."""
    stored = export(recipient.subscriber_id)
    if not stored:
        return nothing_stored(request)
    layout = {"ensure_ascii": False, "indent": 2}
    response = JsonResponse(stored, json_dumps_params=layout)
    response["Content-Disposition"] = 'attachment; filename="newsletter-data.json"'
    response["Cache-Control"] = FOR_ONE_PERSON
    response["X-Robots-Tag"] = "noindex"
    return response
