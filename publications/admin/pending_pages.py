"""The pages that publish changes that wait, give them a time, or throw them away."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.translation import gettext as _

from publications.actions import pending, rehearsing
from publications.admin.base import ActionAdmin
from publications.forms.pending import PublishAtForm
from publications.models import PendingChange, Publication
from publications.permissions import may_change_content
from publications.snapshots import take
from publications.snapshots.comparing import compare
from publications.snapshots.histories import read_version
from publications.states import Status


class PendingPages(ActionAdmin):
    """What becomes of changes that wait; each page asks for the right itself."""

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path(
                "<path:object_id>/pending/publish/",
                wrap(self.publish_pending_view),
                name="publications_publication_pending_publish",
            ),
            path(
                "<path:object_id>/pending/discard/",
                wrap(self.discard_pending_view),
                name="publications_publication_pending_discard",
            ),
            *super().get_urls(),
        ]

    def publish_pending_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show what publishing the changes would do; do it, or set a time, when asked to."""
        work, change = self._waiting(request, object_id)
        if not may_change_content(request.user, work):
            raise PermissionDenied
        form = PublishAtForm(
            request.POST if "_at" in request.POST else None, initial={"at": change.publish_at}
        )
        if request.method == "POST" and self._published(request, work, change, form):
            return HttpResponseRedirect(self.url_of(work, "change"))
        base = read_version(work, str(change.base_revision))
        overtaken = pending.is_overtaken(work, change)
        return self._pending_page(
            request,
            work,
            change,
            "publish",
            title=_("Publish changes"),
            form=form,
            outcome=rehearsing.rehearse(work, change.snapshot),
            overtaken=overtaken,
            meanwhile=compare(Publication, base.snapshot, take(work)) if overtaken and base else [],
        )

    def discard_pending_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Show what would be thrown away; throw it away when asked to."""
        work, change = self._waiting(request, object_id)
        if request.method == "POST":
            if request.POST.get("version") == pending.version_of(change):
                pending.discard(work, by=request.user)
                self.log_change(request, work, _("Discarded the changes that waited."))
                self.message_user(request, _("The changes are discarded."), messages.SUCCESS)
                return HttpResponseRedirect(self.url_of(work, "change"))
            self._say(request, ValidationError(_("The changes are others now. Look again.")))
        return self._pending_page(
            request,
            work,
            change,
            "discard",
            title=_("Discard changes"),
            changes=compare(Publication, take(work), change.snapshot),
        )

    def about_pending(
        self, request: HttpRequest, work: Publication, *, shows: bool
    ) -> dict[str, Any]:
        """Return what a form says about changes that wait, and which buttons it has.

        `shows` says that it is the form of the changes, not of the live work.
        """
        changes = PendingChange.objects.select_related("made_by").defer("snapshot")
        change = changes.filter(publication=work).first()
        may_publish = may_change_content(request.user, work)
        is_public = work.status == Status.PUBLISHED
        keeps_only = shows or (is_public and not may_publish)
        hidden = ("show_save", "show_save_and_continue", "show_save_and_add_another")
        return dict.fromkeys(hidden if keeps_only else (), False) | {
            "pending": change,
            "pending_shown": shows,
            "pending_offered": self.has_change_permission(request, work)
            and (shows or (is_public and change is None)),
            "pending_only": keeps_only,
            "pending_version": pending.version_of(change) if shows else "",
            "pending_overtaken": change is not None and pending.is_overtaken(work, change),
            "may_publish_pending": may_publish,
            "publish_url": self.url_of(work, "pending_publish"),
            "discard_url": self.url_of(work, "pending_discard"),
            "compare_url": self.url_of(work, "compare"),
        }

    def _published(
        self, request: HttpRequest, work: Publication, change: PendingChange, form: PublishAtForm
    ) -> bool:
        """Publish the changes or set their time; say whether that was possible."""
        if request.POST.get("version") != pending.version_of(change):
            self._say(request, ValidationError(_("The changes are others now. Look again.")))
            return False
        seen = request.POST.get("seen", "")
        known = int(seen) if seen.isascii() and seen.isdigit() else None
        try:
            if "_at" in request.POST:
                return form.is_valid() and self._set_time(request, work, form, known)
            remarks = pending.publish_pending(work, by=request.user, seen=known)
        except ValidationError as refusal:
            self._say(request, refusal)
            return False
        self.log_change(request, work, _("Published the changes that waited."))
        self.message_user(request, _("The changes are published."), messages.SUCCESS)
        for remark in remarks:
            self.message_user(request, remark, messages.WARNING)
        return True

    def _set_time(
        self, request: HttpRequest, work: Publication, form: PublishAtForm, seen: int | None
    ) -> bool:
        at = form.cleaned_data["at"]
        pending.publish_pending_at(work, at, request.user, seen=seen)
        said = _("The time is set.") if at else _("The changes have no time any more.")
        self.message_user(request, said, messages.SUCCESS)
        return True

    def _waiting(self, request: HttpRequest, object_id: str) -> tuple[Publication, PendingChange]:
        work = self._seen(request, object_id)
        if not self.has_change_permission(request, work):
            raise PermissionDenied
        change = PendingChange.objects.filter(publication=work).first()
        if change is None:
            raise Http404(_("There are no changes that wait."))
        return work, change

    def _pending_page(
        self, request: HttpRequest, work: Publication, change: PendingChange, name: str, **more: Any
    ) -> HttpResponse:
        return self._page(
            request,
            work,
            f"admin/publications/pending/{name}.html",
            change=change,
            version=pending.version_of(change),
            is_public=work.status == Status.PUBLISHED,
            **more,
        )
