"""A publication's own page."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from publications.actions.trashing import was_deleted
from publications.citations import citation_record, citation_texts, head_metadata, site_facts
from publications.feeds import feed_links
from publications.models import Publication, Redirect
from publications.prose import dress, excerpt
from publications.reading import opening, reading_minutes
from publications.related import neighbors
from publications.site import read_site
from publications.states import Status
from publications.translations import family_of
from publications.views.banners import Banner
from publications.views.counting import count_opening
from publications.views.pages import (
    FOR_ONE_PERSON,
    FOR_READERS,
    letting_frames_in,
    render_page,
)


def publication(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a published work; staff with the right also see one that is not out."""
    work = Publication.objects.with_detail().filter(slug=slug).first()
    if work is None:
        return _missing(request)
    if work.is_public:
        count_opening(request)
        return publication_page(request, work)
    if work.status == Status.WITHDRAWN:
        return render_page(request, "410.html", {"work": work}, status=410)
    if not Publication.objects.visible_to(request.user).filter(pk=work.pk).exists():
        raise Http404
    return publication_page(request, work, banner=Banner(_("Draft – only staff see this page.")))


def by_number(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead to a work by its number, which no change of its address changes."""
    work = get_object_or_404(
        Publication.objects.visible_to(request.user).only("slug", "status", "published_at"), pk=pk
    )
    response = HttpResponseRedirect(work.get_absolute_url())
    response["Cache-Control"] = FOR_READERS if work.is_public else FOR_ONE_PERSON
    return response


def _missing(request: HttpRequest) -> HttpResponse:
    """Answer 410 for what was deleted; where a redirect leads on, 404 lets it."""
    if was_deleted(request.path) and not Redirect.objects.filter(old_path=request.path).exists():
        return render_page(request, "410.html", {}, status=410)
    raise Http404


def publication_page(
    request: HttpRequest, work: Publication, *, banner: Banner | None = None
) -> HttpResponse:
    """Show a work that was loaded with its details; with a banner it is no page for everybody."""
    site = read_site()
    record = citation_record(work, site_facts(site.name, site.logo))
    related, more_by = neighbors(work)
    text = _text(work)
    family = family_of(work)
    response = render_page(
        request,
        "publications/publication.html",
        {
            "work": work,
            "byline": work.byline,
            "tags": work.tags.all(),
            "attachments": work.attachments.all(),
            "corrections": work.corrections.all(),
            "reading_minutes": reading_minutes(work.body),
            "related": related,
            "more_by": more_by,
            "family": family,
            "translations": family[1:],
            "head": head_metadata(record, family),
            "banner": banner,
            "citation": {"text": citation_texts(record)},
            **text,
        },
        cacheable=banner is None,
        feeds=[feed_links("kinds", work.kind.slug, work.kind.plural)],
        site=site,
    )
    return letting_frames_in(response, text.get("frame_hosts", frozenset()))


def _text(work: Publication) -> dict[str, Any]:
    """Return as much of the text as the rights allow; it was sanitized when it was stored."""
    if not work.shows_full_text:
        return {"full_text": False, "excerpt": excerpt(opening(work.body))}
    prose = dress(work.body)
    return {
        "full_text": True,
        "body": prose.markup,
        "images": prose.pictures,
        "contents": prose.contents,
        "frame_hosts": prose.frame_hosts,
        "has_furniture": prose.has_furniture,
    }
