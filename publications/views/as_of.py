"""The home page and the lists as readers will see them at a moment to come."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kei_site.common.moments import moment_in_words, zone_in_words
from publications.actions.due import apply_due
from publications.actions.recording import rolled_back
from publications.forms.moments import Typed, read_moment
from publications.models import Kind
from publications.site import Link
from publications.views.banners import AsOf

HOME = "home"
# Pages whose views ask the clock of the request.
PAGES = {
    f"publications:{name}"
    for name in ("home", "publications", "named", "author", "outlet", "tag", "series", "year")
}
# Whoever plans more than that sees the rest later.
MOST = 200


@require_safe
@permission_required("publications.view_publication", raise_exception=True)
def as_of(request: HttpRequest, page: str = HOME) -> HttpResponse:
    """Show a page as of the moment in `?at=`: schedules, withdrawals and waiting changes too."""
    match = resolve("/" if page == HOME else f"/{page}/")
    if match.view_name not in PAGES:
        raise Http404(_("This page cannot be shown as of another moment."))
    moment, problem = moment_from(request.GET.get("at", ""))
    asked: Any = request
    asked.as_of, asked.as_of_bar = moment, _bar(moment, problem)
    with rolled_back():
        apply_due(moment, most=MOST)
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
        return response


def moment_from(typed: str) -> tuple[datetime, str]:
    """Read a moment such as 2026-12-01T09:00; now, and what is wrong, for anything else."""
    now = timezone.now()
    if not typed:
        return now, ""
    day, _sep, hour = typed.partition("T")
    try:
        # Of two equal times the later one: everything has happened by then.
        moment = read_moment(Typed(day, hour, "2"))
    except ValidationError as refusal:
        return now, " ".join(refusal.messages)
    if moment < now.replace(second=0, microsecond=0):
        return now, _("This moment is past. Only what is to come can be shown.")
    return max(moment, now), ""


def _bar(moment: datetime, problem: str) -> AsOf:
    kinds = Kind.objects.order_by("position", "name").values_list("plural", "slug")
    pages = [(_("Home"), HOME), (_("All publications"), "publications"), *kinds]
    return AsOf(
        said=_("As readers will see it: %(moment)s") % {"moment": moment_in_words(moment)},
        typed=f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}",
        problem=problem,
        zone=zone_in_words(moment),
        pages=[Link(label, reverse("admin:as_of", args=[slug])) for label, slug in pages],
    )
