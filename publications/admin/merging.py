"""Merging at the desk: choose, look at what changes, merge; and the list from which to undo."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kei_site.common.read_only import ReadOnly
from publications.actions import merging
from publications.actions.merge_planning import MERGEABLE, plan, plan_undoing
from publications.admin.base import ActionAdmin
from publications.admin.desk_pages import desk_page, in_words
from publications.models import Merge, Publication, Tagging

MOST = 20
# Keys by which one of each sort is found while typing; that of a byline would offer to add some.
FOUND_BY: dict[str, tuple[Any, str]] = {
    "author": (Publication, "authors"),
    "tag": (Tagging, "tag"),
    "outlet": (Publication, "outlet"),
}


def may_merge(request: HttpRequest, name: str) -> bool:
    """Say whether this person may merge things of a sort, and take that back."""
    rights = (f"change_{name}", f"delete_{name}", "change_publication")
    return bool(request.user.has_perms([f"publications.{right}" for right in rights]))


class MergingAdmin(ActionAdmin):
    """A list in which several can be made one."""

    actions = ("merge_chosen",)
    change_form_template = "admin/publications/merging/change_form.html"

    def get_urls(self) -> list[Any]:
        name = f"publications_{self.opts.model_name}_merge"
        page = path("merge/", self.admin_site.admin_view(self.merge_view), name=name)
        return [page, *super().get_urls()]

    def has_merge_permission(self, request: HttpRequest) -> bool:
        return may_merge(request, self.name)

    @property
    def name(self) -> str:
        """The lower-case name of the model."""
        return str(self.opts.model_name)

    @admin.action(description=_("Merge…"), permissions=["merge"])
    def merge_chosen(self, request: HttpRequest, things: QuerySet[Any]) -> Any:
        ids = list(things.order_by("pk").values_list("pk", flat=True)[: MOST + 1])
        if len(ids) > MOST:
            message = gettext("Choose at most %(most)s at once.") % {"most": MOST}
            self.message_user(request, message, messages.ERROR)
            return None
        address = reverse(f"admin:publications_{self.name}_merge")
        return HttpResponseRedirect(f"{address}?{urlencode({'ids': ids}, doseq=True)}")

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **more: Any
    ) -> Any:
        context["may_merge"] = self.has_merge_permission(request)
        return super().render_change_form(request, context, *args, **more)

    def merge_view(self, request: HttpRequest) -> HttpResponse:
        """Ask which one stays, say what changes, and merge when that is confirmed."""
        if not self.has_merge_permission(request):
            raise PermissionDenied
        asked = request.POST if request.method == "POST" else request.GET
        things = self._things_chosen(asked.getlist("ids"))
        kept = next((each for each in things if str(each.pk) == asked.get("keep")), None)
        gone = [each for each in things if each is not kept]
        if request.method == "POST" and kept is not None:
            try:
                merging.merge(kept, gone, by=request.user)
            except ValidationError as refusal:
                self.message_user(request, in_words(refusal), messages.ERROR)
            else:
                return self._merged(request, kept, gone)
        return self._show(request, things, kept, gone)

    def _things_chosen(self, typed: Sequence[str]) -> list[Any]:
        ids = [int(each) for each in typed if each.isascii() and each.isdigit() and len(each) < 19]
        rows = self.model._default_manager.filter(pk__in=ids[:MOST])  # noqa: SLF001
        return list(rows.order_by("pk"))

    def _show(
        self, request: HttpRequest, things: list[Any], kept: Any, gone: list[Any]
    ) -> HttpResponse:
        finder = self._finder()
        return desk_page(
            request,
            self,
            "merging/merge.html",
            title=gettext("Merge %(things)s") % {"things": self.opts.verbose_name_plural},
            things=things,
            kept=kept,
            plans=plan(kept, gone) if kept is not None and gone else [],
            finder=finder.render("ids", None, {"id": "id_other"}),
            media=self.media + finder.media,
        )

    def _finder(self) -> AutocompleteSelect:
        model, name = FOUND_BY[self.name]
        field: Any = model._meta.get_field(name)  # noqa: SLF001
        finder = AutocompleteSelect(field, self.admin_site)
        finder.choices = field.formfield().choices
        finder.is_required = False
        return finder

    def _merged(self, request: HttpRequest, kept: Any, gone: list[Any]) -> HttpResponse:
        merges = reverse("admin:publications_merge_changelist")
        message = format_html(
            '{} <a href="{}">{}</a>',
            gettext("%(names)s went into “%(kept)s”.")
            % {"names": ", ".join(f"“{each}”" for each in gone), "kept": kept},
            merges,
            gettext("This can be undone for 30 days."),
        )
        self.message_user(request, message, messages.SUCCESS)
        address = reverse(f"admin:publications_{self.name}_change", args=[kept.pk])
        return HttpResponseRedirect(address)


@admin.register(Merge)
class MergeAdmin(ReadOnly, ActionAdmin):
    """What went into what, and the way back."""

    list_display = (
        "gone_name",
        "kept_name",
        "model",
        "works",
        "merged_by_name",
        "when",
        "way_back",
    )
    list_display_links = None
    show_facets = admin.ShowFacets.NEVER
    list_filter = ("model",)
    search_fields = ("gone_name", "kept_name")
    sortable_by = ()
    actions = None

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.undo_view)
        undo = path("<int:pk>/undo/", view, name="publications_merge_undo")
        return [undo, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        title = gettext("What was merged")
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def get_queryset(self, request: HttpRequest) -> Any:
        allowed = [name for name in MERGEABLE if request.user.has_perm(f"publications.view_{name}")]
        rows = super().get_queryset(request).filter(model__in=allowed)
        return rows.defer("snapshot", "filled", "led_there", "ties")

    @admin.display(description=_("time"))
    def when(self, merge: Merge) -> Any:
        return localtime(merge.merged_at)

    @admin.display(description=_("undo"))
    def way_back(self, merge: Merge) -> str:
        if merge.undone_at:
            return gettext("Undone")
        if not merge.can_be_undone:
            return gettext("Too old")
        address = reverse("admin:publications_merge_undo", args=[merge.pk])
        return format_html(
            '<a class="button" href="{}">{}<span class="visually-hidden"> {}</span></a>',
            address, gettext("Undo…"), merge.gone_name,
        )  # fmt: skip

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Say what would come back, and bring it back when that is confirmed."""
        merge = get_object_or_404(Merge, pk=pk)
        if not may_merge(request, merge.model):
            raise PermissionDenied
        if request.method == "POST":
            try:
                remarks = merging.undo(merge, by=request.user)
            except ValidationError as refusal:
                self.message_user(request, in_words(refusal), messages.ERROR)
            else:
                return self._undone(request, merge, remarks)
        return desk_page(
            request,
            self,
            "merging/undo.html",
            title=gettext("Undo “%(merge)s”") % {"merge": merge},
            merge=merge,
            plan=plan_undoing(merge) if merge.can_be_undone else None,
        )

    def _undone(self, request: HttpRequest, merge: Merge, remarks: list[str]) -> HttpResponse:
        message = gettext("“%(name)s” is back.") % {"name": merge.gone_name}
        self.message_user(request, message, messages.SUCCESS)
        for remark in remarks:
            self.message_user(request, remark, messages.WARNING)
        address = reverse(f"admin:publications_{merge.model}_change", args=[merge.gone_id])
        return HttpResponseRedirect(address)
