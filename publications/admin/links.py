"""Link health: what the checker found, and what staff make of it."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.template.defaultfilters import date
from django.urls import path, reverse
from django.utils.encoding import uri_to_iri
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from publications.actions import link_health
from publications.admin.base import ActionAdmin
from publications.admin.link_lists import HealthFilter, HostFilter, LinkList, PlaceFilter, csv_lines
from publications.models import LinkCheck, LinkUse

LISTED = 50


@admin.register(LinkCheck)
class LinkCheckAdmin(ActionAdmin):
    """The report, and a form for what only people know: where a copy is."""

    change_list_template = "admin/publications/linkcheck/change_list.html"
    change_form_template = "admin/publications/linkcheck/change_form.html"
    list_display = ("address", "found", "used_in", "copy")
    list_filter = (HealthFilter, PlaceFilter, HostFilter)
    list_per_page = LISTED
    search_fields = ("url",)
    search_help_text = _("A part of the address.")
    show_facets = admin.ShowFacets.NEVER
    ordering = ("host", "url")
    actions = ("check_again", "ignore")
    readonly_fields = ("opened", "found", "following")
    fieldsets = (
        (None, {"fields": ("opened", "found", "following")}),
        (_("What only people know"), {"fields": ("archive_url", "ignored")}),
    )

    def get_urls(self) -> list[Any]:
        export = path(
            "csv/", self.admin_site.admin_view(self.csv_view), name="publications_linkcheck_csv"
        )
        return [export, *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(
            request, {"title": gettext("Link health"), **(extra_context or {})}
        )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[LinkList]:
        return LinkList

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("address"), ordering="url")
    def address(self, link: LinkCheck) -> str:
        return format_html('<span class="link-url">{}</span>', _legible(link.url))

    @admin.display(description=_("address"))
    def opened(self, link: LinkCheck) -> str:
        return _outward(link.url)

    @admin.display(description=_("what was found"), ordering="status")
    def found(self, link: LinkCheck) -> str:
        """Say how the link stands, why, where it leads by now, and since when that is known."""
        label = gettext("Ignored") if link.ignored else link.get_status_display()
        badge = format_html(
            '<span class="state link-{}">{}</span>',
            "ignored" if link.ignored else link.status,
            label,
        )
        lines = [badge, *_reason(link), *_onward(link)]
        if link.checked_at:
            day = date(localtime(link.checked_at), "M j, Y")
            said = gettext("Checked on %(day)s") % {"day": day}
            lines.append(format_html('<span class="link-when">{}</span>', said))
        return format_html_join("", "{}", ((line,) for line in lines))

    @admin.display(description=_("used in"))
    def used_in(self, link: Any) -> str:
        """Name a few works, and how many more there are."""
        works = format_html_join("", "<li><a href='{}'>{}</a></li>", _work_links(link.first_works))
        if link.more_works:
            more = ngettext("and %(n)s more", "and %(n)s more", link.more_works)
            works = format_html("{}<li>{}</li>", works, more % {"n": link.more_works})
        return format_html("<ul class='link-users'>{}</ul>", works) if works else "–"

    @admin.display(description=_("next check"))
    def following(self, link: LinkCheck) -> str:
        return gettext("never") if link.ignored else date(localtime(link.next_at), "M j, Y, g:i a")

    @admin.display(description=_("archived copy"))
    def copy(self, link: LinkCheck) -> str:
        return gettext("kept") if link.archive_url else "–"

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """Name the works under the form."""
        link = kwargs.get("obj") or context.get("original")
        if link:
            uses = LinkUse.objects.filter(link=link).order_by("-publication", "place")
            context["uses"] = uses.select_related("publication")[:LISTED]
        return super().render_change_form(request, context, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        """Write only what people know: the checker may be writing the rest at this moment."""
        link = form.instance
        link_health.keep_archive(
            link, archive_url=link.archive_url, ignored=link.ignored, by=request.user
        )

    @admin.action(description=_("Check again soon"), permissions=["change"])
    def check_again(self, request: HttpRequest, links: QuerySet[LinkCheck]) -> None:
        done = link_health.check_again(_by_id(links), by=request.user)
        message = ngettext(
            "%(n)s link will be checked with the next round.",
            "%(n)s links will be checked with the next round.",
            done,
        )
        self.message_user(request, message % {"n": done}, messages.SUCCESS)

    @admin.action(description=_("Ignore"), permissions=["change"])
    def ignore(self, request: HttpRequest, links: QuerySet[LinkCheck]) -> None:
        done = link_health.ignore(_by_id(links), by=request.user)
        message = ngettext("%(n)s link is ignored.", "%(n)s links are ignored.", done)
        self.message_user(request, message % {"n": done}, messages.SUCCESS)

    def csv_view(self, request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
        """Hand out the list as it is filtered, a piece at a time."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        links = self.get_changelist_instance(request).get_queryset(request)
        return StreamingHttpResponse(
            csv_lines(links),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="links.csv"'},
        )


def _by_id(links: QuerySet[LinkCheck]) -> QuerySet[LinkCheck]:
    """Leave the order of the list behind, with which nothing can be updated."""
    return LinkCheck.objects.filter(pk__in=links.order_by().values("pk"))


def _reason(link: LinkCheck) -> Iterator[str]:
    if link.reason:
        words = capfirst(str(link.get_reason_display()))
        code = f" (HTTP {link.http_code})" if link.http_code else ""
        yield format_html('<span class="link-found">{}{}.</span>', words, code)


def _onward(link: LinkCheck) -> Iterator[str]:
    if link.final_url:
        yield format_html(
            '<span class="link-found">{} {}</span>',
            gettext("It leads to"),
            _outward(link.final_url),
        )


def _legible(url: str) -> str:
    """Show Hangul as Hangul."""
    return uri_to_iri(url)


def _outward(url: str) -> str:
    return format_html(
        '<a class="link-url" href="{}" rel="noreferrer noopener">{}</a>', url, _legible(url)
    )


def _work_links(works: Any) -> Iterator[tuple[str, str]]:
    for pk, title in works:
        yield reverse("admin:publications_publication_change", args=[pk]), title
