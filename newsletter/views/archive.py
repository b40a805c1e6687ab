"""The issues on the web, without anything that belongs to one recipient."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from kei_site.common.pagination import page_number, paginate
from newsletter.archived import archived, shown
from newsletter.feeds import feed_links
from publications.views.pages import numbered, render_page


@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """List the issues, the newest first."""
    issues = archived()
    page = paginate(
        issues,
        page_number(request.GET.get("page", "")),
        total=issues.count(),
        url=numbered(request),
        load=lambda rows: rows.select_related("content").defer(
            "intro", "closing", "content__html", "content__text"
        ),
    )
    return render_page(request, "newsletter/archive.html", {"page": page}, feeds=[feed_links()])


@require_safe
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an issue as it was sent."""
    found = get_object_or_404(archived().select_related("content"), pk=pk)
    return render_page(
        request,
        "newsletter/issue.html",
        {"issue": found, "content": shown(found.content.facts)},
        feeds=[feed_links()],
    )
