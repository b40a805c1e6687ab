"""The list of links: what stands in it, how it is narrowed, and as a file for a spreadsheet."""

import csv
from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Count, Exists, F, OuterRef, QuerySet, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from publications.admin.searches import harmless
from publications.models import LinkCheck, LinkPlace, LinkStatus, LinkUse
from publications.models.link_checks import PROBLEMS

NAMED = 3
HOSTS = 12
CHUNK = 500
COLUMNS = (
    _("address"),
    _("state"),
    _("reason"),
    _("HTTP status"),
    _("leads to"),
    _("last checked"),
    _("archived copy"),
    _("publications"),
)


class LinkList(ChangeList):
    """A list whose rows know the works that use them, read in one statement for the page."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        read_uses(self.result_list)


def read_uses(links: Any) -> None:
    """Give each link the first works that use it, and how many there are."""
    rows = (
        LinkUse.objects.filter(link__in=[link.pk for link in links])
        .annotate(
            place_in_list=Window(
                RowNumber(), partition_by=F("link"), order_by=["-publication", "place"]
            ),
            number=Window(Count("pk"), partition_by=F("link")),
        )
        .filter(place_in_list__lte=NAMED)
        .values_list("link", "publication", "publication__title", "number")
    )
    found: dict[int, list[tuple[int, str]]] = {}
    numbers: dict[int, int] = {}
    for link, work, title, number in rows:
        if (work, title) not in found.setdefault(link, []):
            found[link].append((work, title))
        numbers[link] = number
    for link in links:
        link.first_works = found.get(link.pk, [])
        link.more_works = numbers.get(link.pk, 0) - len(link.first_works)


class HealthFilter(admin.SimpleListFilter):
    """What needs somebody, unless another choice is made."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*LinkStatus.choices, ("ignored", _("Ignored")), ("all", _("All"))]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """Name the choice that is made when none is."""
        first, *others = super().choices(changelist)
        yield {**first, "display": _("Problems")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case None:
                return queryset.filter(status__in=PROBLEMS, ignored=False)
            case "all":
                return queryset
            case "ignored":
                return queryset.filter(ignored=True)
            case status:
                return queryset.filter(status=status, ignored=False)


class HostFilter(admin.SimpleListFilter):
    """The hosts with the most problems, and the one that was chosen in the list."""

    title = _("host")
    parameter_name = "host"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        problems = LinkCheck.objects.filter(status__in=PROBLEMS, ignored=False).exclude(host="")
        hosts = list(
            problems.values_list("host", flat=True)
            .annotate(number=Count("pk"))
            .order_by("-number", "host")[:HOSTS]
        )
        if (chosen := self.used_parameters.get("host")) and chosen not in hosts:
            hosts.append(str(chosen))
        return [(host, host) for host in hosts]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(host=self.value()) if self.value() else queryset


class PlaceFilter(admin.SimpleListFilter):
    """Where in works the address stands."""

    title = _("place")
    parameter_name = "place"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(LinkPlace.choices)

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if not self.value():
            return queryset
        uses = LinkUse.objects.filter(link=OuterRef("pk"), place=self.value())
        return queryset.filter(Exists(uses))


class _Echo:
    """A file that hands each line back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(links: QuerySet[LinkCheck]) -> Iterator[str]:
    """Write links as lines of CSV, in pieces; nothing in it starts a formula."""
    lines = csv.writer(_Echo())
    # Without this mark a spreadsheet takes Hangul for something else.
    yield "\ufeff"
    yield lines.writerow([str(each) for each in COLUMNS])
    works = Count("uses__publication", distinct=True)
    for link in links.annotate(works=works).iterator(CHUNK):
        yield lines.writerow(
            [
                harmless(str(each))
                for each in (
                    link.url,
                    link.get_status_display(),
                    link.get_reason_display() if link.reason else "",
                    link.http_code or "",
                    link.final_url,
                    link.checked_at.date().isoformat() if link.checked_at else "",
                    link.archive_url,
                    link.works,
                )
            ]
        )
