"""How staff find publications in the list."""

import re
from typing import Any
from urllib.parse import unquote, urlsplit

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.postgres.search import SearchQuery
from django.db.models import Exists, Max, Min, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from publications.admin.pending_lists import with_pending
from publications.models import Attachment, Publication, PublicationQuerySet
from publications.search.tokens import tokenize
from publications.states import Status

SCHEDULED = "scheduled"
MAX_WORDS = 12


def search_works(works: QuerySet[Any], typed: str) -> QuerySet[Any]:
    """Keep works that hold all the words typed, or beginnings of them, or have this address."""
    if "/" in typed:
        return works.filter(slug=_last_part(typed))
    words = dict.fromkeys(token.lexeme for token in tokenize(typed.replace("_", " ")))
    beginnings = " & ".join(f"'{word}':*" for word in list(words)[:MAX_WORDS])
    query = SearchQuery(beginnings, search_type="raw", config="simple")
    return works.filter(search_document__vector=query) if words else works.none()


def _last_part(typed: str) -> str:
    """Return what would be the slug if `typed` were the address of a work."""
    try:
        path = urlsplit(typed).path
    except ValueError:
        return typed
    return unquote(path).strip("/ ").rpartition("/")[2].replace("\x00", "")


class WorkList(ChangeList):
    """A page of publications that costs the same number of queries at any length."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> Any:
        works = super().get_queryset(request, exclude_parameters)
        return with_pending(works.with_cards()) if isinstance(works, PublicationQuerySet) else works


class StatusFilter(admin.SimpleListFilter):
    """By status, in which a work that waits for its moment is not yet published."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        steps: list[tuple[str, Any]] = list(Status.choices)
        return [*steps[:3], (SCHEDULED, _("Scheduled")), *steps[3:]]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case None:
                return queryset
            case "scheduled":
                return queryset.scheduled()
            case Status.PUBLISHED:
                return queryset.published()
            case status:
                return queryset.filter(status=status)


class YearFilter(admin.SimpleListFilter):
    """By the year of publication."""

    title = _("year")
    parameter_name = "year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        ends = Publication.objects.filter(status=Status.PUBLISHED).aggregate(
            first=Min("published_at"), last=Max("published_at")
        )
        if ends["first"] is None:
            return []
        first, last = localtime(ends["first"]).year, localtime(ends["last"]).year
        return [(str(year), str(year)) for year in range(last, first - 1, -1)]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        year = self.value() or ""
        return queryset.of_year(int(year)) if re.fullmatch(r"[12]\d{3}", year) else queryset


class AttachmentFilter(admin.SimpleListFilter):
    """By whether there is something to download."""

    title = _("attachment")
    parameter_name = "attachment"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("With a file")), ("no", _("Without"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        has_one = Exists(Attachment.objects.filter(publication=OuterRef("pk")))
        match self.value():
            case "yes":
                return queryset.filter(has_one)
            case "no":
                return queryset.filter(~has_one)
        return queryset
