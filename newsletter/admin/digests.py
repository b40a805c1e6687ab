"""Digests at the editorial desk: when each goes out, and what became of it."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsletter.actions import digests
from newsletter.admin.base import DeskAdmin
from newsletter.admin.issue_steps import in_words
from newsletter.models import Digest, Frequency

SHOWN = 20


@admin.register(Digest)
class DigestAdmin(DeskAdmin):
    """What goes out by itself."""

    list_display = ("mailing_list", "frequency", "moment", "is_active", "covered")
    list_display_links = ("mailing_list", "frequency")
    list_select_related = ("mailing_list",)
    list_filter = ("is_active", "frequency")
    fields = (
        "mailing_list",
        ("frequency", "weekday", "hour"),
        "is_active",
        "covered",
        "last_issues",
        "last_skips",
    )
    readonly_fields = ("covered", "last_issues", "last_skips")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Ask of a new digest only what it shall do."""
        fields = super().get_fields(request, obj)
        return fields if obj else [each for each in fields if each not in self.readonly_fields]

    @admin.display(description=gettext_lazy("goes out"))
    def moment(self, digest: Digest) -> str:
        """Say on which day and at which hour."""
        hour = {"hour": f"{digest.hour}:00", "day": digest.get_weekday_display()}
        match digest.frequency:
            case Frequency.WEEKLY:
                return _("%(day)s at %(hour)s") % hour
            case Frequency.MONTHLY:
                return _("on the first of the month at %(hour)s") % hour
        return _("every day at %(hour)s") % hour

    @admin.display(description=gettext_lazy("covers what was published until"))
    def covered(self, digest: Digest) -> str:
        return in_words(digest.covered_until)

    @admin.display(description=gettext_lazy("last issues"))
    def last_issues(self, digest: Digest) -> str:
        rows = digest.issues.order_by("-created_at", "-pk")[:SHOWN]
        return _as_list(
            format_html(
                '<a href="{}">{}</a> ({})',
                reverse("admin:newsletter_issue_change", args=[issue.pk]),
                issue.subject,
                issue.get_status_display(),
            )
            for issue in rows
        )

    @admin.display(description=gettext_lazy("last times it did not go out"))
    def last_skips(self, digest: Digest) -> str:
        rows = digest.skips.all()[:SHOWN]
        return _as_list(
            format_html("{}: {}", in_words(skip.skipped_at), skip.reason) for skip in rows
        )

    def save_model(self, _request: HttpRequest, obj: Any, _form: Any, _change: Any) -> None:
        """Hand over to the action."""
        digests.save_digest(obj)

    def delete_model(self, _request: HttpRequest, obj: Any) -> None:
        """Hand over to the action."""
        digests.delete_digest(obj)

    def delete_queryset(self, _request: HttpRequest, queryset: QuerySet[Digest]) -> None:
        """Hand over to the action."""
        for digest in queryset:
            digests.delete_digest(digest)


def _as_list(rows: Iterable[str]) -> str:
    items = format_html_join("", "<li>{}</li>", ((row,) for row in rows))
    return format_html("<ul>{}</ul>", items) if items else "–"
