"""What readers see when there is nothing to show."""

from django.http import Http404, HttpRequest, HttpResponse

from publications.views.pages import render_page


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404 with the search box and, when the view gave one, the reason in words."""
    said = exception.args[0] if exception.args else ""
    # Django's own reasons name models and patterns ("No Kind matches the given query.").
    ours = type(exception) is Http404 and isinstance(said, str) and " matches the" not in said
    reason = said if ours else ""
    return render_page(request, "404.html", {"reason": reason}, status=404)
