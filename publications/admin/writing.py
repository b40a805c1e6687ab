"""What the tools of the editor ask the server: cleaning a paste, finding a work or a picture."""

from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime

from kei_site.common.pasting import clean
from publications.admin.work_lists import search_works
from publications.models import Image, Publication

MOST = 8
MAX_TYPED = 200


def urls(site: AdminSite) -> list[URLPattern]:
    """Return the addresses of these answers, for staff only."""
    return [
        path("writing/paste/", site.admin_view(paste), name="writing_paste"),
        path("writing/works/", site.admin_view(works), name="writing_works"),
        path("writing/pictures/", site.admin_view(pictures), name="writing_pictures"),
    ]


def paste(request: HttpRequest) -> HttpResponse:
    """Clean what was pasted; nothing is stored."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    markup = clean(request.body.decode("utf-8", "replace"))
    return HttpResponse(markup, content_type="text/plain; charset=utf-8")


def works(request: HttpRequest) -> HttpResponse:
    """Find publications to link to, by words or address; without words the newest."""
    _ensure(request, "publications.view_publication")
    typed = request.GET.get("q", "")[:MAX_TYPED].strip()
    found: Any = Publication.objects.select_related("kind").defer("body")
    found = search_works(found, typed) if typed else found
    return _choices([_work(each) for each in found.newest_first()[:MOST]])


def pictures(request: HttpRequest) -> HttpResponse:
    """Find pictures of the library by their words; without words the newest."""
    _ensure(request, "publications.view_image")
    typed = request.GET.get("q", "")[:MAX_TYPED].replace("\x00", "").split()
    found = Image.objects.all()
    for word in typed:
        found = found.filter(alt__icontains=word) | found.filter(caption__icontains=word)
    return _choices([_picture(each) for each in found[:MOST]])


def _ensure(request: HttpRequest, right: str) -> None:
    if not request.user.has_perm(right):
        raise PermissionDenied


def _work(work: Publication) -> dict[str, str]:
    when = date_format(localtime(work.published_at)) if work.published_at else ""
    parts = [work.kind.name, when, "" if work.is_public else work.get_status_display()]
    return {
        "title": work.title,
        "url": reverse("publications:by_number", args=[work.pk]),
        "detail": " · ".join(filter(None, parts)),
    }


def _picture(image: Image) -> dict[str, str | int]:
    return {
        "url": image.get_absolute_url(),
        "alt": image.alt,
        "credit": image.credit,
        "width": image.width,
        "height": image.height,
    }


def _choices(found: list[Any]) -> HttpResponse:
    return JsonResponse({"choices": found})
