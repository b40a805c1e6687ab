"""A work that is not out, for whoever was given a link to it."""

import re
from collections.abc import Mapping
from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import resolve, reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from kei_site.common.origin import client_network
from publications.actions.applying import apply
from publications.actions.locking import lock
from publications.actions.recording import rolled_back
from publications.actions.sharing import find_link, note_opening
from publications.models import PendingChange, PreviewLink, Publication
from publications.snapshots import Snapshot
from publications.views.banners import Banner
from publications.views.pages import FOR_ONE_PERSON, render_page
from publications.views.previewing import preview_of_snapshot
from publications.views.reading import publication_page

# What of a page leads to files, and the addresses in it.
ATTRIBUTE = re.compile(r'(?<=\s)(?:src|href|srcset)="[^"]*"')
OWN_FILE = re.compile(r"/(?=(?:files|images)/\d)")
IN_BODY = re.compile(r"/images/(\d+)/")


@require_safe
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """Show the work as it is saved, or with the changes that wait; HEAD is no opening."""
    link = _known(token)
    if not link.is_open:
        return _private(render_page(request, "publications/link_closed.html", {"link": link},
                                    status=HTTPStatus.GONE, cacheable=False))  # fmt: skip
    if request.method == "GET":
        note_opening(link, network=client_network(request))
    waiting = _waiting(link.publication)
    if waiting is None and link.publication.is_public:
        return _private(redirect(link.publication))
    response = _page(request, link, waiting)
    markup = ATTRIBUTE.sub(lambda each: OWN_FILE.sub(_root(token), each[0]), response.text)
    response.content = markup.encode()
    return _private(response)


# As for every file: browsers' own PDF viewers do not work under our policy.
@csp_override({})
@require_safe
def shared_file(request: HttpRequest, token: str, address: str) -> HttpResponseBase:
    """Send a file or a picture of the work that the link leads to, and no other."""
    link = _known(token)
    if not link.is_open:
        raise Http404
    match = resolve(f"/{address}")
    waiting = _waiting(link.publication)
    kept = _files_of(link.publication, waiting)
    if match.kwargs.get("pk") not in kept.get(match.url_name or "", set()):
        raise Http404
    request.is_shared = True  # type: ignore[attr-defined]
    with rolled_back():
        if waiting is not None:
            # A file that came with the changes has its row only then.
            apply(lock(link.publication), waiting, derive=False)
        sent: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        return _private(sent)


def _known(token: str) -> PreviewLink:
    link = find_link(token)
    if link is None:
        raise Http404(_("This link leads nowhere. Perhaps a part of it was lost on its way."))
    return link


def _waiting(work: Publication) -> Snapshot | None:
    """Return the changes that wait, if any."""
    found: Snapshot | None = (
        PendingChange.objects.filter(publication=work).values_list("snapshot", flat=True).first()
    )
    return found


def _page(request: HttpRequest, link: PreviewLink, waiting: Snapshot | None) -> HttpResponse:
    text = _("Draft, shared with %(name)s until %(moment)s – please do not pass it on.") % {
        "name": link.recipient,
        "moment": date_format(localtime(link.expires_at), "DATETIME_FORMAT"),
    }
    if waiting is not None:
        return preview_of_snapshot(request, link.publication, waiting, text=text)
    work = Publication.objects.with_detail().get(pk=link.publication_id)
    return publication_page(request, work, banner=Banner(text))


def _files_of(work: Publication, waiting: Snapshot | None) -> Mapping[str, set[int]]:
    """Return the ids of what the page shows, by the views that send it."""
    files = set(work.attachments.values_list("pk", flat=True))
    pictures = {work.lead_image_id, *map(int, IN_BODY.findall(work.body))}
    if waiting is not None:
        fields, parts = waiting["fields"], waiting["parts"]
        files |= {row["id"] for row in parts.get("attachments", ())}
        lead = fields.get("lead_image")
        pictures |= {lead and lead["id"], *map(int, IN_BODY.findall(fields.get("body") or ""))}
    people = work.contributions.exclude(author__portrait=None)
    pictures |= set(people.values_list("author__portrait_id", flat=True))
    images = {pk for pk in pictures if pk}
    return {"attachment": files, "image": images, "rendition": images}


def _root(token: str) -> str:
    return reverse("publications:shared", args=[token])


def _private[R: HttpResponseBase](response: R) -> R:
    """Let nobody keep, index or betray what the link shows."""
    response["Cache-Control"] = FOR_ONE_PERSON
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response
