"""Issues at the editorial desk: written, approved, sent, and accounted for."""

from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.formats import date_format, number_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from newsletter.actions import composing
from newsletter.admin.issue_items import CHANGE, ItemInline
from newsletter.admin.issue_pages import IssuePages, form_of
from newsletter.admin.issue_panel import panel_for
from newsletter.admin.issue_steps import in_words
from newsletter.forms_issue import IssueForm
from newsletter.models import Delivery, DeliveryStatus, Issue, IssueItem, IssueStatus, MailingList

ADD_NEW = "_add_new"


class ListFilter(admin.SimpleListFilter):
    """By the list that an issue goes to."""

    title = gettext_lazy("list")
    parameter_name = "list"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, str]]:
        return [(each.slug, each.name) for each in MailingList.objects.all()]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(lists__slug=self.value()) if self.value() else queryset


class OriginFilter(admin.SimpleListFilter):
    """By who composed an issue."""

    title = gettext_lazy("origin")
    parameter_name = "origin"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        return [("desk", gettext_lazy("Written here")), ("digest", gettext_lazy("Digest"))]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() in {"desk", "digest"}:
            return queryset.filter(digest__isnull=self.value() == "desk")
        return queryset


@admin.register(Issue)
class IssueAdmin(IssuePages):
    """Write an issue, have it approved, send it, and see what became of it."""

    form = IssueForm
    inlines = (ItemInline,)
    change_form_template = "admin/newsletter/issue/change_form.html"
    fieldsets = (
        (None, {"fields": ("subject", "preheader", "lists", "intro")}),
        (gettext_lazy("Below the publications"), {"fields": ("closing", "is_archived")}),
    )
    list_display = ("subject", "state", "to_lists", "scheduled", "figures", "created")
    list_filter = ("status", ListFilter, OriginFilter)
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 25
    search_fields = ("subject",)
    search_help_text = gettext_lazy("Words of the subject.")

    class Media:
        css = {"all": ("newsletter/desk.css",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Bring lists and figures along."""
        sent = (
            Delivery.objects.filter(issue=OuterRef("pk"), status=DeliveryStatus.SENT)
            .order_by()
            .values("issue")
            .annotate(number=Count("pk"))
            .values("number")
        )
        issues = super().get_queryset(request).prefetch_related("lists")
        # The sum is asked only where it was not written down at the end.
        figure = Coalesce("sent_total", Subquery(sent), 0)
        with_figures: QuerySet[Any] = issues.annotate(sent=figure)
        return with_figures

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def state(self, issue: Issue) -> str:
        label = issue.get_status_display()
        if issue.refusal:
            label = _("Did not begin")
            return format_html('<span class="state state-refused">{}</span>', label)
        return format_html('<span class="state state-{}">{}</span>', issue.status, label)

    @admin.display(description=gettext_lazy("lists"))
    def to_lists(self, issue: Issue) -> str:
        return ", ".join(each.name for each in issue.lists.all())

    @admin.display(description=gettext_lazy("send from"), ordering="scheduled_for", empty_value="–")
    def scheduled(self, issue: Issue) -> str | None:
        return in_words(issue.scheduled_for) if issue.scheduled_for else None

    @admin.display(description=gettext_lazy("sent"), empty_value="–")
    def figures(self, issue: Any) -> str | None:
        """How many messages left, of how many candidates."""
        if issue.candidates is None:
            return None
        return _("%(sent)s of %(all)s") % {
            "sent": number_format(issue.sent),
            "all": number_format(issue.candidates),
        }

    @admin.display(description=gettext_lazy("created"), ordering="created_at")
    def created(self, issue: Issue) -> str:
        return date_format(localtime(issue.created_at), "DATE_FORMAT")

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "lists":
            kwargs["widget"] = CheckboxSelectMultiple()
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "lists":
            field.widget.can_add_related = field.widget.can_change_related = False
        return field

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Leave the editor out where nothing can be edited: the preview shows these texts."""
        if self.has_change_permission(request, obj) if obj else self.has_add_permission(request):
            return self.fieldsets
        return [(None, {"fields": ("subject", "preheader", "lists", "is_archived")})]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let nobody change the words of what is scheduled or was sent."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or obj.status == IssueStatus.DRAFT)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let nobody delete what is scheduled or was sent."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or composing.is_deletable(obj))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Answer a form that was opened as a draft with a sentence, when it is none any more."""
        if request.method == "POST" and object_id and request.user.has_perm(CHANGE):
            issue = self.get_object(request, object_id)
            if issue and issue.status != IssueStatus.DRAFT:
                self._say(request, composing.no_draft(issue))
                return HttpResponseRedirect(request.path)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        """Put the panel over the form."""
        issue = context["original"]
        context["panel"] = panel_for(issue, request.user) if issue else None
        context["show_save_and_add_another"] = False
        return super().render_change_form(request, context, *args, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, _change: Any) -> None:
        """Hand the issue and its items to the one action that writes them all."""
        items: list[IssueItem] = []
        removed: list[IssueItem] = []
        for formset in formsets:
            items += formset.save(commit=False)
            removed += formset.deleted_objects
        composing.save_issue(
            form.instance,
            by=request.user,
            lists=form.cleaned_data["lists"],
            items=items,
            removed=removed,
        )

    def response_add(self, request: HttpRequest, obj: Any, *args: Any, **kwargs: Any) -> Any:
        usual = super().response_add(request, obj, *args, **kwargs)
        return self._add_new(request, obj) if ADD_NEW in request.POST else usual

    def response_change(self, request: HttpRequest, obj: Any) -> Any:
        usual = super().response_change(request, obj)
        return self._add_new(request, obj) if ADD_NEW in request.POST else usual

    def _add_new(self, request: HttpRequest, issue: Issue) -> HttpResponse:
        number = composing.add_new(issue.pk)
        if number:
            self.log_change(request, issue, [{"added": {"name": "items", "object": number}}])
        said = ngettext(
            "%(n)d publication was added.", "%(n)d publications were added.", number
        ) % {"n": number}
        nothing = _("Nothing was published since the last issue that is not in this one.")
        self.message_user(request, said if number else nothing)
        return HttpResponseRedirect(form_of(issue.pk))

    def delete_model(self, _request: HttpRequest, obj: Any) -> None:
        composing.delete_issue(obj)

    def delete_queryset(self, _request: HttpRequest, queryset: QuerySet[Any]) -> None:
        with transaction.atomic():
            for issue in queryset:
                composing.delete_issue(issue)
