"""A publication's own page."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.safestring import mark_safe

from publications.citations import citation_record, citation_texts, head_metadata, site_facts
from publications.feeds import feed_links
from publications.models import Publication
from publications.reading import opening, outline, reading_minutes
from publications.related import neighbors
from publications.site import read_site
from publications.states import Status
from publications.views.counting import count_opening
from publications.views.pages import render_page


def publication(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a published work; staff with the right also see one that is not out."""
    work = Publication.objects.with_detail().filter(slug=slug).first()
    if work is None:
        raise Http404
    if work.is_public:
        count_opening(request)
        return _page(request, work)
    if work.status == Status.WITHDRAWN:
        return render_page(request, "410.html", {"work": work}, status=410)
    if not Publication.objects.visible_to(request.user).filter(pk=work.pk).exists():
        raise Http404
    return _page(request, work, preview=True)


def _page(request: HttpRequest, work: Publication, *, preview: bool = False) -> HttpResponse:
    site = read_site()
    record = citation_record(work, site_facts(site.name, site.logo))
    related, more_by = neighbors(work)
    return render_page(
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
            "preview": preview,
            "head": head_metadata(record),
            "citation": {"text": citation_texts(record)},
            **_text(work),
        },
        cacheable=not preview,
        feeds=[feed_links("kinds", work.kind.slug, work.kind.plural)],
        site=site,
    )


def _text(work: Publication) -> dict[str, Any]:
    """Return as much of the text as the rights allow; it was sanitized when it was stored."""
    if not work.shows_full_text:
        return {"full_text": False, "excerpt": mark_safe(opening(work.body))}  # noqa: S308
    body, contents = outline(work.body)
    return {"full_text": True, "body": mark_safe(body), "contents": contents}  # noqa: S308
