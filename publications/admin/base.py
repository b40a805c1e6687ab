"""What every list and form of the editorial desk shares: all writes are actions."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import (
    Count,
    DateTimeField,
    FileField,
    ImageField,
    Model,
    OuterRef,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import NoReverseMatch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from kei_site.common.capped import CappedPaginator
from publications.actions import editing
from publications.admin.history import HistoryPages
from publications.admin.unsaved import NoLostEdits, base_in
from publications.admin.widgets import StoredFileInput
from publications.forms.known_choices import KnownSelect
from publications.forms.moments import MomentField, MomentWidget
from publications.forms.staff import StaffForm
from publications.snapshots import is_revisable


class CalmFields(BaseModelAdmin):  # type: ignore[type-arg]
    """Fields that offer to add what is missing, but not to delete what others use."""

    form: Any = StaffForm
    formfield_overrides = {
        DateTimeField: {"form_class": MomentField, "widget": MomentWidget},
        FileField: {"widget": StoredFileInput},
        ImageField: {"widget": StoredFileInput},
    }

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if "widget" not in kwargs and db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = KnownSelect(db_field, self.admin_site, using=kwargs.get("using"))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        widget = getattr(field, "widget", None)
        if isinstance(widget, RelatedFieldWidgetWrapper):
            widget.can_delete_related = widget.can_view_related = False
        return field


class LoadedRows(CalmFields):
    """Parts of a thing, loaded with what their boxes show."""

    def get_queryset(self, request: HttpRequest) -> Any:
        shown = self.get_autocomplete_fields(request)
        rows = super().get_queryset(request)
        return rows.select_related(*shown) if shown else rows


class RowInline(LoadedRows, admin.TabularInline):  # type: ignore[type-arg]
    """Parts of a thing, a line each."""

    extra = 0


class BlockInline(LoadedRows, admin.StackedInline):  # type: ignore[type-arg]
    """Parts of a thing, one under the other."""

    extra = 0


class ActionAdmin(NoLostEdits, CalmFields, HistoryPages):
    """A list and a form whose every write goes through `actions`."""

    show_full_result_count = False
    # Nothing counts a whole table for one page of it.
    paginator = CappedPaginator
    list_per_page = 50
    search_help_text: ClassVar[Any] = None
    view_on_site: Any = False

    def get_form(self, request: HttpRequest, obj: Any = None, *args: Any, **kwargs: Any) -> Any:
        # Django makes a new form class for each request: it can hold this person's facts.
        form: Any = super().get_form(request, obj, *args, **kwargs)
        form.user = request.user
        form.refusal = getattr(request, "refusal", None)
        form.is_shown_only = getattr(request, "shown_only", False)
        return form

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Show the form; when an action refuses what the form let through, show it again."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (ValidationError, IntegrityError) as error:
            request.refusal = as_refusal(error)  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """Wait for `save_related`, which knows the rows of the inlines as well."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        """Hand the thing and its changed parts to the one action that writes them all."""
        parts, removed = parts_of(formsets)
        base = base_in(request.POST) if change and is_revisable(self.model) else None
        editing.save(form.instance, by=request.user, parts=parts, removed=removed, base=base)
        form.save_m2m()

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        try:
            return super().delete_view(request, object_id, extra_context)
        except ValidationError as error:
            self._say(request, error)
            return HttpResponseRedirect(request.path.removesuffix("delete/") + "change/")

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        editing.delete(obj, by=request.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        with transaction.atomic():
            for thing in queryset:
                editing.delete(thing, by=request.user)

    def response_action(
        self, request: HttpRequest, queryset: QuerySet[Any], *args: Any, **kwargs: Any
    ) -> Any:
        try:
            return super().response_action(request, queryset, *args, **kwargs)
        except ValidationError as error:
            self._say(request, error)
            return HttpResponseRedirect(request.get_full_path())

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        """Lead straight to the page; Django's way goes through a redirect by content type."""
        try:
            return obj.get_absolute_url() if obj and self.view_on_site else None
        except NoReverseMatch:
            # A form in which name and address were emptied is shown again with the thing as typed.
            return None

    def _say(self, request: HttpRequest, error: ValidationError) -> None:
        for message in error.messages:
            self.message_user(request, message, messages.ERROR)


class CountingAdmin(ActionAdmin):
    """A list that says how many publications each thing has."""

    # The model that ties things to publications, its key to the thing, and to the publication.
    counted: ClassVar[tuple[type[Model], str, str]]

    def get_queryset(self, request: HttpRequest) -> Any:
        things = super().get_queryset(request)
        match = request.resolver_match
        if match is None or not (match.url_name or "").endswith("_changelist"):
            return things
        model, thing, work = self.counted
        rows = model._default_manager.filter(**{thing: OuterRef("pk")}).order_by()  # noqa: SLF001
        number = rows.values(thing).annotate(n=Count(work, distinct=True)).values("n")
        return things.annotate(works=Coalesce(Subquery(number), 0))

    @admin.display(description=_lazy("publications"), ordering="works")
    def work_count(self, thing: Any) -> int:
        return int(thing.works)


def parts_of(formsets: Any) -> tuple[list[Model], list[Model]]:
    """Return the rows of the inlines that were changed, and those that go."""
    parts: list[Model] = []
    removed: list[Model] = []
    for formset in formsets:
        parts += formset.save(commit=False)
        removed += formset.deleted_objects
    return parts, removed


def as_refusal(error: ValidationError | IntegrityError) -> ValidationError:
    """Say in plain words what the database refused."""
    if isinstance(error, ValidationError):
        return error
    return ValidationError(
        _("Somebody else saved something that collides with this a moment ago. Please try again.")
    )
