"""Publications: the list and the one form that holds all of a work."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import date
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from publications.actions import workflow
from publications.admin.base import ActionAdmin
from publications.admin.filters import AutocompleteFilter
from publications.admin.work_lists import (
    AttachmentFilter,
    StatusFilter,
    WorkList,
    YearFilter,
    search_works,
)
from publications.admin.work_parts import (
    AttachmentInline,
    BylineInline,
    CorrectionInline,
    SpotlightInline,
    TagInline,
)
from publications.forms.works import PublicationForm
from publications.models import Publication
from publications.permissions import PUBLIC_STEPS, may_delete

MOST_AT_ONCE = 500


@admin.register(Publication)
class PublicationAdmin(ActionAdmin):
    """Write, check, publish, correct and withdraw works."""

    form = PublicationForm
    view_on_site = True
    change_form_template = "admin/publications/publication/change_form.html"
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ("outlet", "series", "lead_image")
    inlines = (BylineInline, TagInline, AttachmentInline, SpotlightInline, CorrectionInline)
    fieldsets = (
        (None, {"fields": ("title", "standfirst", ("kind", "language"), "body")}),
        (_("Publishing"), {"fields": (("status", "published_at"), "withdrawal_note", "slug")}),
        (
            _("First published elsewhere"),
            {"fields": ("outlet", "outlet_url", "outlet_date", ("rights", "full_text_from"))},
        ),
        (_("Series and number"), {"fields": (("series", "series_number"), "report_number")}),
        (_("Picture"), {"fields": ("lead_image",)}),
    )
    list_display = ("headline", "byline", "state", "dated", "outlet", "changed")
    list_filter = (
        StatusFilter,
        "kind",
        ("outlet", AutocompleteFilter),
        YearFilter,
        AttachmentFilter,
        "language",
    )
    show_facets = admin.ShowFacets.NEVER
    search_fields = ("title",)
    search_help_text = _("Words of headline, text, authors, tags or outlet; or paste an address.")
    ordering = ("-updated_at",)
    actions = ("publish_now", "withdraw", "return_to_draft")

    @property
    def media(self) -> Any:
        """Bring what the filter by outlet needs on the list page."""
        outlet = Publication._meta.get_field("outlet")  # noqa: SLF001
        return super().media + AutocompleteSelect(outlet, self.admin_site).media

    @admin.display(description=_("headline"), ordering="title")
    def headline(self, work: Publication) -> str:
        return format_html('<span class="kind">{}</span> {}', work.kind.name, work.title)

    @admin.display(description=_("byline"))
    def byline(self, work: Publication) -> str:
        return ", ".join(each.author.display_name for each in work.byline)

    @admin.display(description=_("status"), ordering="status")
    def state(self, work: Publication) -> str:
        name = "scheduled" if work.is_scheduled else work.status
        label = gettext("Scheduled") if work.is_scheduled else work.get_status_display()
        return format_html('<span class="state state-{}">{}</span>', name, label)

    @admin.display(description=_("date"), ordering="published_at", empty_value="–")
    def dated(self, work: Publication) -> str | None:
        if work.published_at is None:
            return None
        # The hour matters while it is still to come.
        form = "M j, Y, g:i a" if work.is_scheduled else "M j, Y"
        return date(localtime(work.published_at), form)

    @admin.display(description=_("last changed"), ordering="updated_at")
    def changed(self, work: Publication) -> str:
        return date(localtime(work.updated_at), "M j, Y")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Ask for a note on withdrawal only where a work can be withdrawn."""
        if obj and obj.status in PUBLIC_STEPS:
            return self.fieldsets
        return [
            (
                name,
                {
                    **facts,
                    "fields": [each for each in facts["fields"] if each != "withdrawal_note"],
                },
            )
            for name, facts in self.fieldsets
        ]

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "kind":
            field.widget.can_add_related = field.widget.can_change_related = False
        return field

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[WorkList]:
        return WorkList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.strip()
        return (search_works(queryset, term) if term else queryset), False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        super().save_related(request, form, formsets, change)
        for file in form.instance.attachments.filter(page_count=None):
            if file.is_pdf:
                message = gettext("“%(file)s” was kept, but its pages could not be read.")
                self.message_user(request, message % {"file": file}, messages.WARNING)

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("publications.publish_publication")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or may_delete(request.user, obj))

    @admin.action(description=_("Publish now"), permissions=["publish"])
    def publish_now(self, request: HttpRequest, works: QuerySet[Any]) -> None:
        self._take_all(request, works, workflow.publish_now)

    @admin.action(description=_("Withdraw"), permissions=["publish"])
    def withdraw(self, request: HttpRequest, works: QuerySet[Any]) -> None:
        self._take_all(request, works, workflow.withdraw)

    @admin.action(description=_("Return to draft"), permissions=["change"])
    def return_to_draft(self, request: HttpRequest, works: QuerySet[Any]) -> None:
        self._take_all(request, works, workflow.return_to_draft)

    def _take_all(
        self, request: HttpRequest, works: QuerySet[Any], step: Callable[..., Publication]
    ) -> None:
        """Take one step with each work; say how many went and why others did not."""
        if works.count() > MOST_AT_ONCE:
            message = gettext("Choose at most %(most)s publications at once.")
            self.message_user(request, message % {"most": MOST_AT_ONCE}, messages.ERROR)
            return
        done = 0
        for work in works:
            try:
                step(work, by=request.user)
            except (ValidationError, PermissionDenied) as refusal:
                reason = " ".join(getattr(refusal, "messages", [str(refusal)]))
                self.message_user(request, f"{work.title}: {reason}", messages.WARNING)
            else:
                done += 1
        if done:
            message = ngettext("%(n)s publication changed.", "%(n)s publications changed.", done)
            self.message_user(request, message % {"n": done}, messages.SUCCESS)
