"""Publications: the list and the one form that holds all of a work."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import QuerySet
from django.forms import Media
from django.http import HttpRequest
from django.template.defaultfilters import date
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from publications.admin import writing
from publications.admin.attachments import warning_about
from publications.admin.caring import Reviews
from publications.admin.checklists import panel_for
from publications.admin.filters import AutocompleteFilter
from publications.admin.pending import PendingForms
from publications.admin.pending_lists import PendingFilter, changes_mark
from publications.admin.previews import WorkPreviews
from publications.admin.sharing import WorkSharing
from publications.admin.trashing import ToTrash
from publications.admin.work_lists import (
    AttachmentFilter,
    StatusFilter,
    WorkList,
    YearFilter,
    search_works,
)
from publications.admin.work_moves import MovingAdmin
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


@admin.register(Publication)
class PublicationAdmin(WorkPreviews, WorkSharing, PendingForms, MovingAdmin, Reviews, ToTrash):
    """Write, check, publish, correct and withdraw works."""

    form = PublicationForm
    view_on_site = True
    change_form_template = "admin/publications/publication/change_form.html"
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ("outlet", "series", "lead_image", "translation_of")
    inlines = (BylineInline, TagInline, AttachmentInline, SpotlightInline, CorrectionInline)
    fieldsets = (
        (None, {"fields": ("title", "standfirst", ("kind", "language"), "body")}),
        (_("Publishing"), {"fields": (("published_at", "withdraw_at"), "withdrawal_note", "slug")}),
        (
            _("First published elsewhere"),
            {"fields": ("outlet", "outlet_url", "outlet_date", ("rights", "full_text_from"))},
        ),
        (_("Series and number"), {"fields": (("series", "series_number"), "report_number")}),
        (_("Picture"), {"fields": ("lead_image",)}),
        (_("Other languages"), {"fields": ("translation_of",)}),
        (_("Care"), {"fields": (("owner", "review_by"),)}),
    )
    list_display = ("headline", "byline", "state", "dated", "outlet", "changed")
    list_filter = (
        StatusFilter,
        "kind",
        ("outlet", AutocompleteFilter),
        YearFilter,
        AttachmentFilter,
        "language",
        PendingFilter,
    )
    show_facets = admin.ShowFacets.NEVER
    search_fields = ("title",)
    search_help_text = _("Words of headline, text, authors, tags or outlet; or paste an address.")
    ordering = ("-updated_at",)

    @property
    def media(self) -> Any:
        """Bring what the filter by outlet needs on the list page."""
        outlet = Publication._meta.get_field("outlet")  # noqa: SLF001
        checklist = Media(js=["admin_extra/checklist.js"])
        return super().media + AutocompleteSelect(outlet, self.admin_site).media + checklist

    @admin.display(description=_("headline"), ordering="title")
    def headline(self, work: Publication) -> str:
        return format_html('<span class="kind">{}</span> {}', work.kind.name, work.title)

    @admin.display(description=_("byline"))
    def byline(self, work: Publication) -> str:
        return ", ".join(each.author.display_name for each in work.byline)

    @admin.display(description=_("status"))
    def state(self, work: Publication) -> str:
        name = "scheduled" if work.is_scheduled else work.status
        label = gettext("Scheduled") if work.is_scheduled else work.get_status_display()
        mark = format_html('<span class="state state-{}">{}</span>', name, label)
        return format_html("{} {}", mark, changes_mark(work))

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

    def get_urls(self) -> list[Any]:
        return [*writing.urls(self.admin_site), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> Any:
        works = super().get_queryset(request)
        match = request.resolver_match
        if match is not None and match.url_name == "publications_publication_change":
            return works.select_related("outlet", "series", "lead_image")
        return works

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[WorkList]:
        return WorkList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.strip()
        return (search_works(queryset, term) if term else queryset), False

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """Show the checklist of a work that is saved."""
        if work := kwargs.get("obj"):
            context["checklist"] = panel_for(work, context["adminform"].form.fields)
        return super().render_change_form(request, context, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        super().save_related(request, form, formsets, change)
        for file in form.instance.attachments.all():
            if warning := warning_about(file):
                self.message_user(request, warning, messages.WARNING)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or may_delete(request.user, obj))
