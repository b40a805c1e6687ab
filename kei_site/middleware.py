"""What holds for every answer of the site."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from kei_site.common.uploads import UploadParser


class CompressPages(GZipMiddleware):
    """Compress what is written; stored files are small already, and their parts are counted."""

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        if response.has_header("Accept-Ranges"):
            return response
        return super().process_response(request, response)


def no_body_for_head(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Answer HEAD with the headers of GET alone (RFC 9110, section 9.3.2).

    Django leaves this to the server, and gunicorn logs a warning for each.
    """

    def respond(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.method == "HEAD":
            if isinstance(response, StreamingHttpResponse):
                response.streaming_content = []
            else:
                response.content = b""  # type: ignore[attr-defined]
        return response

    return respond


def parse_uploads(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Read forms with files by our own parser. To be set before anything asks for `POST`."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        request.multipart_parser_class = UploadParser  # type: ignore[assignment]  # wrong in stubs
        return get_response(request)

    return respond
