"""Files: downloads, pictures, the logo and the colors."""

from pathlib import PurePath
from typing import Any

from django.db.models import Exists, OuterRef
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.csp import csp_override

from publications.models import Attachment, Author, Image, Publication, SiteSettings, Spotlight
from publications.views.pages import FOR_ONE_PERSON

SHOWN_IN_BROWSER = {".pdf", ".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif"}
# The name of a stored file never changes its content, but a work may be withdrawn.
FILES_FOR_READERS = "public, max-age=3600"
COLORS = ":root {{ --brand: {brand}; --accent: {accent}; }}\n"


# Browsers' own PDF viewers do not work under our policy; the types that can be
# uploaded hold no script, and `nosniff` keeps them to their type.
@csp_override({})
def attachment(request: HttpRequest, pk: int, name: str) -> FileResponse:
    """Send a file of a work that the reader may see."""
    file = get_object_or_404(Attachment.objects.select_related("publication"), pk=pk)
    public = file.publication.is_public
    if not public:
        works = Publication.objects.visible_to(request.user)
        if not works.filter(pk=file.publication_id).exists():
            raise Http404
    return _send(file.file, name, public=public)


def image(request: HttpRequest, pk: int, name: str) -> FileResponse:
    """Send a picture that a public page shows; staff with the right see every one."""
    pictures: Any = Image.objects.annotate(public=_on_a_public_page())
    picture = get_object_or_404(pictures, pk=pk)
    if not picture.public and not request.user.has_perm("publications.view_image"):
        raise Http404
    return _send(picture.file, name, public=picture.public)


def logo(request: HttpRequest, name: str) -> FileResponse:
    """Send the institute's logo."""
    site = SiteSettings.objects.exclude(logo="").first()
    if site is None:
        raise Http404
    return _send(site.logo, name, public=True)


def theme(request: HttpRequest) -> HttpResponse:
    """Send the institute's own colors; the tokens make both themes of them."""
    site = SiteSettings.objects.first() or SiteSettings()
    css = COLORS.format(brand=site.brand_color, accent=site.accent_color)
    return HttpResponse(css, content_type="text/css", headers={"Cache-Control": "public, no-cache"})


def _on_a_public_page() -> Any:
    this = OuterRef("pk")
    shown = Spotlight.objects.filter(image=this, starts_at__lte=timezone.now())
    return (
        Exists(Publication.objects.published().filter(lead_image=this))
        | Exists(Author.objects.filter(portrait=this))
        | Exists(shown.filter(publication__in=Publication.objects.published()))
    )


def _send(file: FieldFile, name: str, *, public: bool) -> FileResponse:
    """Stream a stored file under its own name; any other name is no address."""
    path = PurePath(file.name or "")
    if name != path.name or not file.storage.exists(str(path)):
        raise Http404
    response = FileResponse(
        file.open("rb"),
        as_attachment=path.suffix.lower() not in SHOWN_IN_BROWSER,
        filename=path.name,
    )
    response["Cache-Control"] = FILES_FOR_READERS if public else FOR_ONE_PERSON
    return response
