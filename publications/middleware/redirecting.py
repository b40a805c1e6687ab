"""What happens to addresses that nothing answers any more."""

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase

from publications.models import Redirect

LONGEST = 1000


def redirects(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Answer 301 where staff or an import left word of where a page went."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if response.status_code == HTTPStatus.NOT_FOUND:
            return _moved(request) or response
        return response

    return respond


def _moved(request: HttpRequest) -> HttpResponse | None:
    """Look the address up with its query (`/?p=12`) first, then without."""
    full, path = unquote(request.get_full_path()), request.path
    known = Redirect.objects.in_bulk(
        [each[:LONGEST] for each in {full, path} if "\x00" not in each], field_name="old_path"
    )
    moved = known.get(full) or known.get(path)
    return HttpResponsePermanentRedirect(moved.target) if moved else None
