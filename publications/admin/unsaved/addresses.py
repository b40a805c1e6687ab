"""The addresses behind a form: what is typed is sent to one, both versions stand at another."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from publications.actions import working_copies
from publications.actions.editing import StaleError
from publications.actions.recording import is_stale
from publications.actions.resolving import differences, resolve
from publications.actions.working_copies import Subject, marker_of
from publications.admin.unsaved.offers import copies_of, others_in_words
from publications.admin.unsaved.pages import UnsavedPages, differing
from publications.admin.unsaved.posted import BASE, KNOWN, fields_in, number_in
from publications.models import WorkingCopy
from publications.snapshots import is_revisable

PICK = "pick-"


class UnsavedAddresses(UnsavedPages):
    """Autosave, the page of both versions, and the page of a text without a thing."""

    def get_urls(self) -> list[Any]:
        if not is_revisable(self.model):
            return super().get_urls()
        pages: dict[str, tuple[Any, str]] = {
            "<int:number>/autosave/": (self.autosave_view, "autosave"),
            "<int:number>/conflict/<int:copy>/": (self.conflict_view, "conflict"),
            "<int:number>/unsaved/": (self.unsaved_view, "unsaved"),
        }
        own = [
            path(
                address,
                self.admin_site.admin_view(view),
                name=f"publications_{self.opts.model_name}_{name}",
            )
            for address, (view, name) in pages.items()
        ]
        return [*own, *super().get_urls()]

    def autosave_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """Keep what is typed for the person alone, and say who else has the form open."""
        return require_POST(self._autosave)(request, number)

    def _autosave(self, request: HttpRequest, number: int) -> HttpResponse:
        thing = self._writable(request, number)
        subject = self._subject(request, number)
        if number and thing is None and not subject.copies.exists():
            raise Http404
        base, known = number_in(request.POST.get(BASE, "")), request.POST.get(KNOWN, "")
        if "_ping" in request.POST:
            working_copies.see(subject)
            return JsonResponse({"said": _said(subject, thing, base)})
        fields = fields_in(request.POST)
        try:
            kept = working_copies.keep_form(subject, fields, base=base, known=known)
        except ValidationError as refusal:
            return JsonResponse({"said": " ".join(refusal.messages)}, status=413)
        if kept is None:
            said = _("Another text of yours waits above: bring it back or discard it first.")
            return JsonResponse({"said": said}, status=409)
        return JsonResponse({"said": _said(subject, thing, base), "known": marker_of(kept)})

    def conflict_view(self, request: HttpRequest, number: int, copy: int) -> HttpResponse:
        """Show both versions, and save what is chosen of them."""
        thing = self._writable(request, number)
        version = self._subject(request, number).copies.filter(
            pk=copy, snapshot__isnull=False
        ).first()  # fmt: skip
        if version is None:
            raise Http404
        if thing is None:
            if request.POST.get("do") == "discard":
                version.delete()
                return HttpResponseRedirect(self._list_url())
            return self.text_page(request, version, 200)
        if request.method == "POST":
            return self._decide(request, thing, version)
        if not differing(thing, version):
            version.delete()
            self.message_user(request, _("Nothing you wrote is missing any more."), messages.INFO)
            return HttpResponseRedirect(self.form_url(number))
        return self.conflict_page(request, thing, version)

    def _decide(self, request: HttpRequest, thing: Any, version: WorkingCopy) -> HttpResponse:
        """Save my version, theirs, or what is chosen field by field."""
        todo = request.POST.get("do")
        if todo == "theirs":
            version.delete()
            self.message_user(request, _("Your version was discarded."), messages.SUCCESS)
            return HttpResponseRedirect(self.form_url(thing.pk))
        chosen = {
            name.removeprefix(PICK): str(side)
            for name, side in request.POST.items()
            if name.startswith(PICK)
        }
        listed = differences(thing, version, chosen)
        choices = {each.name: "mine" if todo == "mine" else each.chosen for each in listed}
        seen = number_in(request.POST.get(BASE, ""))
        try:
            remarks = resolve(thing, version, choices, by=request.user, seen=seen)
        except StaleError:
            said = [_("Somebody saved this again while you were choosing. Please look once more.")]
            return self.conflict_page(request, thing, version, 409, chosen=chosen, said=said)
        except ValidationError as refusal:
            said = refusal.messages
            return self.conflict_page(request, thing, version, 409, chosen=chosen, said=said)
        kept = [each.label for each in listed if choices[each.name] == "mine"]
        self.log_change(request, thing, [{"changed": {"fields": kept}}])
        self.message_user(request, _("Your choice was saved."), messages.SUCCESS)
        for remark in remarks:
            self.message_user(request, remark, messages.WARNING)
        return HttpResponseRedirect(self.form_url(thing.pk))

    def unsaved_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """Show a text that was typed and not saved, and discard it when that is pressed."""
        thing = self._writable(request, number)
        subject = self._subject(request, number)
        copy = subject.copies.filter(form__isnull=False).first()
        where = self.form_url(number if thing else 0) if thing or not number else self._list_url()
        if request.method == "POST":
            if copy and request.POST.get("do") == "discard":
                copy.delete()
                self.message_user(request, _("Your unsaved text was discarded."), messages.SUCCESS)
            return HttpResponseRedirect(where)
        if copy is None:
            raise Http404
        return self.text_page(request, copy, 200, gone=bool(number) and thing is None)


def _said(subject: Subject, thing: Any, base: int) -> str:
    """Say what a person who types should know: who else is there, and what they did already."""
    said = others_in_words(copies_of(subject), subject)
    if subject.object_id and thing is None:
        return _("Somebody deleted this while you were writing. Your text is kept.")
    if thing is not None and is_stale(thing, base):
        note = _("Somebody saved this since you opened it. You will see both versions.")
        return f"{note} {said}".strip()
    return said
