"""No edit is lost: forms that know what they were opened with, and what was typed into them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from publications.actions import working_copies
from publications.actions.applying import STANDING
from publications.actions.editing import StaleError
from publications.actions.recording import is_stale, seen_as
from publications.actions.resolving import as_opened
from publications.actions.working_copies import marker_of
from publications.admin.unsaved.addresses import UnsavedAddresses
from publications.admin.unsaved.offers import offers_of
from publications.admin.unsaved.pages import differing
from publications.admin.unsaved.posted import (
    CHOSEN,
    KNOWN,
    base_in,
    fields_in,
    fitted,
    is_save,
    number_in,
    with_fields,
)
from publications.forms.staff import ShownRows
from publications.models import WorkingCopy
from publications.snapshots import is_revisable
from publications.snapshots.diffing import changes

type View = Callable[[HttpRequest], HttpResponse]


class NoLostEdits(UnsavedAddresses):
    """A form whose save is refused when somebody else saved since it was opened."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Show the form, save it, or show both versions when it is stale."""
        view = super().changeform_view

        def usual(request: HttpRequest) -> HttpResponse:
            answer: HttpResponse = view(request, object_id, form_url, extra_context)
            return answer

        if not is_revisable(self.model):
            return usual(request)
        if request.method == "GET" and CHOSEN in request.GET:
            return self._brought_back(request, object_id, usual)
        if request.method == "POST" and is_save(request.POST):
            return self._saved(request, object_id, usual)
        return usual(request)

    def _saved(self, request: HttpRequest, object_id: str | None, usual: View) -> HttpResponse:
        """Save what is not stale; what is refused because somebody was faster is stale too."""
        thing, base = self._now(request, object_id), base_in(request.POST)
        if thing is None and object_id:
            return self._gone(request, object_id, usual)
        if thing is None or base is None or not is_stale(thing, base):
            try:
                answer = usual(request)
            except (ValidationError, IntegrityError):
                if self._stands_still(request, object_id, base):
                    raise
            else:
                if isinstance(answer, HttpResponseRedirect):
                    return self._done(request, thing, answer)
                if self._stands_still(request, object_id, base):
                    return answer
            thing = self._now(request, object_id)
            if thing is None or base is None:
                return self._gone(request, object_id or "", usual)
        return self._stale(request, thing, base, usual)

    def _now(self, request: HttpRequest, object_id: str | None) -> Any:
        return self.get_object(request, object_id) if object_id else None

    def _stands_still(self, request: HttpRequest, object_id: str | None, base: int | None) -> bool:
        """Say whether nobody else saved or deleted the thing meanwhile."""
        if not object_id or base is None:
            return True
        thing = self._now(request, object_id)
        return thing is not None and not is_stale(thing, base)

    def _done(self, request: HttpRequest, thing: Any, answer: HttpResponse) -> HttpResponse:
        """Forget what was typed, now that it is saved."""
        subject = self._subject(request, thing.pk if thing else 0)
        chosen = self._chosen(request)
        working_copies.finish(subject, request.POST.get(KNOWN, ""), marker_of(chosen))
        return answer

    def _stale(self, request: HttpRequest, thing: Any, base: int, usual: View) -> HttpResponse:
        """Find out what the form would have made of the thing, and keep that."""
        try:
            with as_opened(thing, base):
                rows = [each for each, _inline in self.get_formsets_with_inlines(request, thing)]
                answer = usual(fitted(request, rows, thing))
                # A form with mistakes in it: its rows are those of then.
                return answer.render() if isinstance(answer, TemplateResponse) else answer
        except StaleError as refused:
            return self._refused(request, thing, base, refused.mine)

    def _refused(self, request: HttpRequest, thing: Any, base: int, mine: Any) -> HttpResponse:
        subject = self._subject(request, thing.pk)
        copy = WorkingCopy(
            user=subject.user, model=subject.model, object_id=thing.pk,
            base_revision=base, snapshot=mine,
        )  # fmt: skip
        if not differing(thing, copy):
            working_copies.finish(subject, request.POST.get(KNOWN, ""))
            return self._nothing_to_choose(request, thing, base, mine)
        copy = working_copies.keep_version(subject, mine, base=base)
        working_copies.finish(subject, request.POST.get(KNOWN, ""))
        return self.conflict_page(request, thing, copy, status=409)

    def _nothing_to_choose(
        self, request: HttpRequest, thing: Model, base: int, mine: Any
    ) -> HttpResponse:
        """Show what others saved to somebody whose own words are all in it."""
        said = _("Somebody else saved this since you opened it. Nothing you wrote is missing.")
        self.message_user(request, said, messages.INFO)
        was = seen_as(thing, base)
        standing = {each.name for each in changes(self.model, was, mine)} & STANDING if was else ()
        if standing:
            said = _("Status and dates stay as they are now. Please choose yours again.")
            self.message_user(request, said, messages.WARNING)
        return HttpResponseRedirect(self.form_url(thing.pk))

    def _gone(self, request: HttpRequest, object_id: str, usual: View) -> HttpResponse:
        """Keep what was typed about a thing that somebody deleted meanwhile."""
        number = number_in(object_id)
        if not number or not self.has_change_permission(request):
            return usual(request)
        subject = self._subject(request, number)
        old = subject.copies.filter(snapshot__isnull=True).first()
        try:
            copy = working_copies.keep_form(
                subject, fields_in(request.POST),
                base=base_in(request.POST) or 0, known=marker_of(old),
            )  # fmt: skip
        except ValidationError:
            copy = None
        return self.text_page(request, copy or WorkingCopy(form=fields_in(request.POST)), 409)

    def _chosen(self, request: HttpRequest) -> WorkingCopy | None:
        """Return the text of this person that the address names."""
        subject = self._subject(request, 0)
        copies = WorkingCopy.objects.filter(
            pk=number_in(request.GET.get(CHOSEN, "")),
            user=subject.user,
            model=subject.model,
            form__isnull=False,
        )
        return copies.first()

    def _brought_back(
        self, request: HttpRequest, object_id: str | None, usual: View
    ) -> HttpResponse:
        """Show the form as it was typed, without saving or judging anything."""
        copy, thing = self._chosen(request), self._now(request, object_id)
        if copy is None or copy.form is None or (thing and copy.object_id != thing.pk):
            return HttpResponseRedirect(request.path)
        again = with_fields(request, {**copy.form, KNOWN: [marker_of(copy)]}, {})
        again.shown_only = True
        with ExitStack() as past:
            if thing and is_stale(thing, copy.base_revision):
                past.enter_context(as_opened(thing, copy.base_revision))
            rows = [each for each, _inline in self.get_formsets_with_inlines(request, thing)]
            answer = usual(fitted(again, rows, thing))
            return answer.render() if isinstance(answer, TemplateResponse) else answer

    def get_formsets_with_inlines(
        self, request: HttpRequest, obj: Any = None
    ) -> Iterator[tuple[Any, Any]]:
        for rows, inline in super().get_formsets_with_inlines(request, obj):
            if getattr(request, "shown_only", False):
                form = type(rows.form.__name__, (rows.form,), {"is_shown_only": True})
                yield type(rows.__name__, (ShownRows, rows), {"form": form}), inline
            else:
                yield rows, inline

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        """Tell the form what it was opened with, and what it may offer."""
        thing = context["original"]
        if is_revisable(self.model) and self._may_write(request, thing):
            subject = self._subject(request, thing.pk if thing else 0)
            context["unsaved"] = offers_of(request, subject, thing)
        return super().render_change_form(request, context, *args, **kwargs)

    def _may_write(self, request: HttpRequest, thing: Any) -> bool:
        if thing is None:
            return self.has_add_permission(request)
        return self.has_change_permission(request, thing)
