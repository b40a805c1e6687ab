"""Files: downloads, pictures, the logo and the colors."""

import hashlib
from pathlib import PurePath
from typing import Any

from django.core.files.storage import default_storage
from django.db.models.fields.files import FieldFile
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
)
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.views.decorators.csp import csp_override

from kei_site.common.ranges import OutOfRangeError, PartOfFile, parse_range
from publications.models import Attachment, Image, Publication, SiteSettings, on_a_public_page
from publications.views.pages import FOR_ONE_PERSON, FOR_READERS

SHOWN_IN_BROWSER = {".pdf", ".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif", ".mp3"}
TYPES = {".webp": "image/webp", ".avif": "image/avif", ".epub": "application/epub+zip"}
# The address of a smaller version names its content. Shared caches ask again all the same:
# the work that shows it may be withdrawn.
FOR_GOOD = "public, max-age=604800, s-maxage=3600, immutable"
COLORS = ":root {{ --brand: {brand}; --accent: {accent}; }}\n"


# Browsers' own PDF viewers do not work under our policy; the types that can be
# uploaded hold no script, and `nosniff` keeps them to their type.
@csp_override({})
def attachment(request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
    """Send a file of a work that the reader may see."""
    file = get_object_or_404(Attachment, pk=pk, public_name=name)
    published = Publication.objects.published().filter(pk=file.publication_id)
    public = not is_shared(request) and published.exists()
    if not public and not is_shared(request):
        works = Publication.objects.visible_to(request.user)
        if not works.filter(pk=file.publication_id).exists():
            raise Http404
    return _send(request, file.file, file.public_name, FOR_READERS if public else FOR_ONE_PERSON)


def image(request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
    """Send a picture that a public page shows; staff with the right see every one."""
    picture = _picture(request, pk)
    if name != picture.public_name:
        raise Http404
    is_public = picture.public and not is_shared(request)
    kept = FOR_READERS if is_public else FOR_ONE_PERSON
    return _send(request, picture.file, picture.public_name, kept)


def is_shared(request: HttpRequest) -> bool:
    """Say whether a link that was given to somebody leads to this file."""
    return getattr(request, "is_shared", False)


def rendition(request: HttpRequest, pk: int, key: str, name: str) -> HttpResponseBase:
    """Send a smaller version of a picture; an address of before leads to the picture itself."""
    picture = _picture(request, pk)
    path = picture.rendition_path(name)
    if key != picture.rendition_key or name not in picture.renditions:
        return HttpResponseRedirect(picture.get_absolute_url())
    if not default_storage.exists(path):
        return HttpResponseRedirect(picture.get_absolute_url())
    file: Any = FieldFile(picture, picture._meta.get_field("file"), path)  # noqa: SLF001
    is_public = picture.public and not is_shared(request)
    return _send(request, file, name, FOR_GOOD if is_public else FOR_ONE_PERSON)


def logo(request: HttpRequest, name: str) -> HttpResponseBase:
    """Send the institute's logo."""
    site = SiteSettings.objects.exclude(logo="").first()
    if site is None or name != PurePath(site.logo.name or "").name:
        raise Http404
    return _send(request, site.logo, name, FOR_READERS)


def theme(request: HttpRequest) -> HttpResponse:
    """Send the institute's own colors; the tokens make both themes of them."""
    site = SiteSettings.objects.first() or SiteSettings()
    css = COLORS.format(brand=site.brand_color, accent=site.accent_color)
    return HttpResponse(css, content_type="text/css", headers={"Cache-Control": FOR_READERS})


def _picture(request: HttpRequest, pk: int) -> Any:
    """Find a picture that this person may see."""
    pictures: Any = Image.objects.annotate(public=on_a_public_page())
    picture = get_object_or_404(pictures, pk=pk)
    may = is_shared(request) or _may_see_pictures(request.user)
    if not picture.public and not may:
        raise Http404
    return picture


def _may_see_pictures(user: Any) -> bool:
    return bool(user.is_active and user.is_staff and user.has_perm("publications.view_image"))


def _send(request: HttpRequest, file: FieldFile, name: str, kept: str) -> HttpResponseBase:
    """Stream a stored file, or the part of it that is asked for; 304 for who has it already.

    A stored name never has two contents, so that the name stands for the content.
    """
    path = str(file.name)
    if not file.storage.exists(path):
        raise Http404
    etag = quote_etag(hashlib.sha256(path.encode()).hexdigest()[:20])
    changed = int(file.storage.get_modified_time(path).timestamp())
    known = get_conditional_response(request, etag=etag, last_modified=changed)
    response = known or _stream(request, file, name, etag)
    response["ETag"] = etag
    response["Last-Modified"] = http_date(changed)
    response["Cache-Control"] = kept
    return response


def _stream(request: HttpRequest, file: FieldFile, name: str, etag: str) -> HttpResponseBase:
    size = file.storage.size(str(file.name))
    try:
        # Whoever has the beginning of another file gets all of this one.
        is_same = request.headers.get("If-Range", etag) == etag
        part = parse_range(request.headers.get("Range", ""), size) if is_same else None
    except OutOfRangeError:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    suffix = PurePath(str(file.name)).suffix
    stream: Any = file.open("rb")
    response = FileResponse(
        PartOfFile(stream, part) if part else stream,
        as_attachment=suffix.lower() not in SHOWN_IN_BROWSER,
        # A file may be replaced by one of another type; its address stays, its ending is true.
        filename=f"{PurePath(name).stem}{suffix}",
        content_type=TYPES.get(suffix.lower()),
    )
    response["Accept-Ranges"] = "bytes"
    response["Content-Length"] = part.length if part else size
    if part:
        response.status_code = 206
        response["Content-Range"] = f"bytes {part.first}-{part.last}/{size}"
    return response
