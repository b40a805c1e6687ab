"""A work as readers will see it: from the form, from history, with changes that wait."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from publications.actions.recording import revisions_of
from publications.admin.base import ActionAdmin
from publications.models import PendingChange, Publication
from publications.views.banners import Banner
from publications.views.previewing import preview_of_form, preview_of_snapshot

NAME = "publications_publication"
SHOWN = 100


class WorkPreviews(ActionAdmin):
    """The previews of a work."""

    def get_urls(self) -> Any:
        """Add the previews."""
        pages: dict[str, tuple[str, Callable[..., HttpResponse]]] = {
            "preview/": ("preview_new", self.preview_form),
            "<int:pk>/preview/": ("preview", self.preview_form),
            "<int:pk>/preview/pending/": ("preview_pending", self.preview_pending),
            "<int:pk>/preview/<int:number>/": ("preview_revision", self.preview_revision),
        }
        protect = self.admin_site.admin_view
        return [
            *(
                path(address, protect(view), name=f"{NAME}_{name}")
                for address, (name, view) in pages.items()
            ),
            *super().get_urls(),
        ]

    @method_decorator(require_POST)
    def preview_form(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Show what the form would make of the work; nothing of it is written."""
        work = None if pk is None else get_object_or_404(Publication, pk=pk)
        if not (
            self.has_change_permission(request, work) if work else self.has_add_permission(request)
        ):
            raise PermissionDenied
        form = self._form(request, work)
        is_valid = form.is_valid()
        desk: Any = self
        formsets, _inlines = desk._create_formsets(  # noqa: SLF001 - as Django does for saving
            request, form.instance, change=work is not None
        )
        errors = [*errors_of(form), *(said for each in formsets for said in errors_in(each))]
        parts, removed = rows_of(formsets)
        banner = Banner(_as_said(is_complete=is_valid and not errors), errors)
        try:
            return preview_of_form(
                request, form.instance, parts=parts, removed=removed, banner=banner
            )
        except (ValidationError, DatabaseError) as error:
            return self._no_preview(request, [*errors, *getattr(error, "messages", [])])

    @method_decorator(require_safe)
    def preview_revision(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """Show the work as it was in one of its revisions."""
        work = self._visible(request, pk)
        revision = get_object_or_404(revisions_of(work), number=number)
        text = _("Revision %(number)s of %(moment)s, by %(name)s – only staff see this page.") % {
            "number": number,
            "moment": date_format(localtime(revision.made_at), "DATETIME_FORMAT"),
            "name": revision.made_by_name or _("nobody known"),
        }
        return self._snapshot(request, work, revision.snapshot, text)

    @method_decorator(require_safe)
    def preview_pending(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the work with the changes that wait."""
        work = self._visible(request, pk)
        pending = PendingChange.objects.filter(publication=work).first()
        if pending is None:
            raise Http404(_("No changes wait for this work."))
        text = _("With the changes that wait – only staff see this page.")
        if pending.publish_at:
            moment = date_format(localtime(pending.publish_at), "DATETIME_FORMAT")
            text = _("With the changes that wait until %(moment)s – only staff see this page.") % {
                "moment": moment
            }
        return self._snapshot(request, work, pending.snapshot, text)

    def _form(self, request: HttpRequest, work: Publication | None) -> Any:
        """Bind the form of the desk to what was sent, as Django does for saving."""
        fields = flatten_fieldsets(self.get_fieldsets(request, work))
        form_class = self.get_form(request, work, change=work is not None, fields=fields)
        return form_class(request.POST, request.FILES, instance=work)

    def _snapshot(
        self, request: HttpRequest, work: Publication, snapshot: Any, text: str
    ) -> HttpResponse:
        try:
            return preview_of_snapshot(request, work, snapshot, text=text)
        except (ValidationError, DatabaseError) as error:
            return self._no_preview(request, getattr(error, "messages", []))

    def _no_preview(self, request: HttpRequest, errors: Sequence[str]) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("This cannot be shown yet"),
            "problems": errors,
        }
        template = "admin/publications/publication/no_preview.html"
        return TemplateResponse(request, template, context)

    def _visible(self, request: HttpRequest, pk: int) -> Publication:
        work = get_object_or_404(Publication, pk=pk)
        if not self.has_view_permission(request, work):
            raise PermissionDenied
        return work


def errors_of(form: Any) -> Iterator[str]:
    """Say in a sentence each what is wrong with a form."""
    for name, messages in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        yield from (f"{label}: {said}" if label else str(said) for said in messages)


def errors_in(formset: Any) -> Iterator[str]:
    """Say in a sentence each what is wrong with rows of one sort."""
    sort = formset.model._meta.verbose_name_plural  # noqa: SLF001
    yield from (f"{sort}: {said}" for said in formset.non_form_errors())
    for number, form in enumerate(formset.forms, start=1):
        yield from (f"{sort}, {number}: {said}" for said in errors_of(form))


def rows_of(formsets: Sequence[Any]) -> tuple[list[Model], list[Model]]:
    """Return the rows to write and those to remove, without the rows that are wrong."""
    parts: list[Model] = []
    removed: list[Model] = []
    for formset in formsets:
        if formset.is_valid():
            parts += formset.save(commit=False)
            removed += formset.deleted_objects
            continue
        for form in formset.forms:
            if form.is_valid() and form.has_changed() and not form.cleaned_data.get("DELETE"):
                row = form.save(commit=False)
                setattr(row, formset.fk.name, formset.instance)
                parts.append(row)
    return parts, removed


def _as_said(*, is_complete: bool) -> str:
    if is_complete:
        return _("Preview of what is in the form. Nothing is saved; close this tab to go on.")
    return _("Preview of what is in the form, without what is wrong in it. Nothing is saved.")
