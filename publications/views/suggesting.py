"""Suggestions while somebody types, and how browsers learn to search here."""

from itertools import groupby
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from publications.models import SiteSettings, SuggestionSource
from publications.search.beginnings import MAX_TYPED
from publications.search.suggest import Suggestion, suggest
from publications.templatetags.publications_text import HANGUL, OTHER_SCRIPTS
from publications.views.pages import FOR_READERS

# Long enough for somebody who goes back and forth, short enough for what was just published.
FOR_A_MINUTE = "public, max-age=60"
# What browsers themselves ask for when they know the site by its OpenSearch description.
FOR_BROWSERS = "application/x-suggestions+json"


def suggestions(request: HttpRequest) -> HttpResponse:
    """Suggest what begins like the words typed so far."""
    typed = request.GET.get("q", "")[:MAX_TYPED]
    found = suggest(typed, timezone.now())
    if request.GET.get("format") == "opensearch":
        urls = [f"{settings.SITE_URL}{each.url}" for each in found]
        answer: Any = [typed, [each.label for each in found], [each.detail for each in found], urls]
        response = JsonResponse(answer, safe=False, content_type=FOR_BROWSERS)
    else:
        response = JsonResponse({"q": typed, "said": _said(len(found)), "groups": _groups(found)})
    response["Cache-Control"] = FOR_A_MINUTE
    return response


def opensearch(request: HttpRequest) -> HttpResponse:
    """Describe the search to browsers, so that they can offer it in their address bar."""
    site = SiteSettings.objects.first() or SiteSettings()
    response = render(
        request,
        "publications/opensearch.xml",
        {"site": site, "origin": settings.SITE_URL},
        content_type="application/opensearchdescription+xml",
    )
    response["Cache-Control"] = FOR_READERS
    return response


def _said(number: int) -> str:
    """Say how many there are, for those who cannot see them."""
    if not number:
        return _("No suggestions")
    return ngettext("%(number)d suggestion", "%(number)d suggestions", number) % {"number": number}


def _groups(found: list[Suggestion]) -> list[dict[str, Any]]:
    return [
        {
            "label": SuggestionSource(source).label,
            "items": [
                {
                    "label": each.label,
                    "url": each.url,
                    "detail": each.detail,
                    "lang": _language(each),
                }
                for each in group
            ],
        }
        for source, group in groupby(found, key=lambda each: each.source)
    ]


def _language(suggestion: Suggestion) -> str:
    """Return the language of a label, as far as it can be told; nothing is that of the page."""
    if suggestion.language in OTHER_SCRIPTS and suggestion.label.isascii():
        return ""
    return suggestion.language or ("ko" if HANGUL.match(suggestion.label) else "")
