"""What a thing was: its revisions, any two of them side by side, and the way back."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from kei_site.common.pagination import page_number
from publications.actions import editing, rehearsing
from publications.models import Publication
from publications.permissions import may_change_content
from publications.snapshots import is_revisable
from publications.snapshots.comparing import compare
from publications.snapshots.histories import (
    NOW,
    Version,
    read_history,
    read_version,
    version_choices,
)

# Side by side, or one text with what went struck out.
SIDES, WORDS = "sides", "words"
PAGES = "admin/publications/history"


class HistoryPages(admin.ModelAdmin):  # type: ignore[type-arg]
    """History, comparison and restoring of one thing; each asks for the right itself."""

    def get_urls(self) -> list[Any]:
        if not is_revisable(self.model):
            return super().get_urls()
        name, wrap = self.opts.model_name, self.admin_site.admin_view
        ours = [
            path(
                "<path:object_id>/history/compare/",
                wrap(self.compare_view),
                name=f"publications_{name}_compare",
            ),
            path(
                "<path:object_id>/history/<int:number>/restore/",
                wrap(self.restore_view),
                name=f"publications_{name}_restore",
            ),
        ]
        # Django's own list ends with an address that matches everything.
        return [*ours, *super().get_urls()]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """List the revisions, the newest first."""
        if not is_revisable(self.model):
            return super().history_view(request, object_id, extra_context)
        thing = self._seen(request, object_id)
        here = request.path
        number = page_number(request.GET.get("page", ""))
        page = read_history(thing, number, url=lambda n: f"{here}?page={n}" if n > 1 else here)
        return self._page(
            request,
            thing,
            f"{PAGES}/list.html",
            title=_("History"),
            page=page,
            may_restore=self.may_restore(request, thing),
            **(extra_context or {}),
        )

    def compare_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show what differs between two versions."""
        thing = self._seen(request, object_id)
        keys = request.GET.get("a") or str(max(1, thing.revision - 1)), request.GET.get("b") or NOW
        a, b = (read_version(thing, key) for key in keys)
        if a is None or b is None:
            raise Http404(_("There is no such revision."))
        view = WORDS if request.GET.get("view") == WORDS else SIDES
        whole = "whole" in request.GET
        return self._page(
            request,
            thing,
            f"{PAGES}/compare.html",
            title=_("Compare"),
            a=a,
            b=b,
            view=view,
            whole=whole,
            comparison=compare(self.model, a.snapshot, b.snapshot, whole=whole),
            choices=version_choices(thing, keys),
            links={
                "sides": _query(keys, SIDES, whole=whole),
                "words": _query(keys, WORDS, whole=whole),
                "swapped": _query(keys[::-1], view, whole=whole),
                "whole": _query(keys, view, whole=not whole),
            },
            restorable=self._restorable(request, thing, a, b),
        )

    def restore_view(self, request: HttpRequest, object_id: str, number: int) -> HttpResponse:
        """Say what going back would change, and go back when the person says so."""
        thing = self._seen(request, object_id)
        if not self.may_restore(request, thing):
            raise PermissionDenied
        version = read_version(thing, str(number))
        if version is None:
            raise Http404(_("There is no such revision."))
        if request.method == "POST" and self._restore(request, thing, number):
            return HttpResponseRedirect(self.url_of(thing, "history"))
        return self._page(
            request,
            thing,
            f"{PAGES}/restore.html",
            title=_("Restore revision %(number)s") % {"number": number},
            version=version,
            outcome=rehearsing.rehearse(thing, version.snapshot),
        )

    def _restorable(self, request: HttpRequest, thing: Any, *versions: Version) -> list[Any]:
        """Return the versions that this person may go back to, each with the way there."""
        if not self.may_restore(request, thing):
            return []
        return [
            (version, self.url_of(thing, "restore", version.revision.number))
            for version in versions
            if version.revision and version.revision.number != thing.revision
        ]

    def may_restore(self, request: HttpRequest, thing: Any) -> bool:
        """Say whether the person may make the thing what it was."""
        if not self.has_change_permission(request, thing):
            return False
        return not isinstance(thing, Publication) or may_change_content(request.user, thing)

    def url_of(self, thing: Any, page: str, *args: Any) -> str:
        """Return the address of one of the pages of a thing at the desk."""
        name = f"admin:publications_{self.opts.model_name}_{page}"
        return reverse(name, args=[thing.pk, *args], current_app=self.admin_site.name)

    def _restore(self, request: HttpRequest, thing: Any, number: int) -> bool:
        """Go back, unless the thing has changed since the person was asked."""
        if request.POST.get("revision") != str(thing.revision):
            message = _("Somebody else saved this a moment ago. Here is what would change now.")
            self.message_user(request, message, messages.WARNING)
            return False
        try:
            remarks = editing.restore(thing, number, by=request.user)
        except ValidationError as refusal:
            for message in refusal.messages:
                self.message_user(request, message, messages.ERROR)
            return False
        self.log_change(request, thing, _("Restored revision %(number)s.") % {"number": number})
        done = _("“%(thing)s” is again what it was in revision %(number)s.")
        self.message_user(request, done % {"thing": thing, "number": number}, messages.SUCCESS)
        for remark in remarks:
            self.message_user(request, remark, messages.WARNING)
        return True

    def _seen(self, request: HttpRequest, object_id: str) -> Any:
        """Return the thing, if this person may look at it."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        thing = self.get_object(request, unquote(object_id))
        if thing is None:
            raise Http404(_("There is nothing here under this number."))
        if not self.has_view_or_change_permission(request, thing):
            raise PermissionDenied
        return thing

    def _page(
        self, request: HttpRequest, thing: Any, template: str, **more: Any
    ) -> TemplateResponse:
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "object": thing,
            "subtitle": str(thing),
            "history_url": self.url_of(thing, "history"),
            "compare_url": self.url_of(thing, "compare"),
            "change_url": self.url_of(thing, "change"),
            "list_url": reverse(f"admin:publications_{self.opts.model_name}_changelist"),
            **more,
        }
        return TemplateResponse(request, template, context)


def _query(keys: tuple[str, ...], view: str, *, whole: bool) -> str:
    facts = {"a": keys[0], "b": keys[1], "view": view} | ({"whole": "1"} if whole else {})
    return "?" + urlencode(facts)
