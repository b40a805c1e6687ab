"""The form of a draft beside the live work."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from publications.actions import editing, pending
from publications.actions.applying import apply
from publications.actions.locking import lock
from publications.actions.recording import rolled_back
from publications.actions.visible_content import PublishRightError
from publications.admin.base import as_refusal, parts_of
from publications.admin.pending_pages import PendingPages
from publications.models import PendingChange, Publication
from publications.snapshots import Snapshot, take

# The button that keeps what was typed, and the one that goes on to publishing it.
KEEP, RELEASE = "_pending", "_release"
# Which version of the changes a form was opened with; empty for the live work.
VERSION = "_pending_version"
LIVE = "live"
# Which revision of the live work a form was opened with.
BASE = "_base"
MOST_DIGITS = 9
# The button of a step, which belongs to the live work.
MOVE = "_move"


@dataclass(slots=True)
class Draft:
    """What one request does with the changes that wait."""

    change: PendingChange | None
    # The form as it was opened showed the changes, not the live work.
    opened: bool
    # What the work is to become, once the form was found right.
    snapshot: Snapshot | None = None


class PendingForms(PendingPages):
    """A form whose content can be kept for later, and that opens on what was kept."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Show and take the form of what waits; of the live work where nothing does."""
        work = self._work_of(request, object_id)
        draft = draft_for(request, work) if work else None
        if work is None or draft is None:
            return self._live_form(request, object_id, form_url, extra_context)
        request.draft = draft  # type: ignore[attr-defined]
        if request.method == "POST" and draft.change is None and draft.opened:
            self._say(request, ValidationError(_("There are no changes that wait any more.")))
            return HttpResponseRedirect(request.path)
        if request.method == "POST" and draft.opened:
            request.refusal = _refusal(request, draft)  # type: ignore[attr-defined]
            _forget_base(request)
        response = self._draft_form(request, work, form_url, extra_context)
        if draft.snapshot is None:
            return response
        try:
            self._keep(request, work, draft)
        except ValidationError as refusal:
            request.refusal = refusal  # type: ignore[attr-defined]
            draft.snapshot = None
            return self._draft_form(request, work, form_url, extra_context)
        onward = self.url_of(work, "pending_publish" if RELEASE in request.POST else "change")
        return self._done(request, work, HttpResponseRedirect(onward))

    def get_form(self, request: HttpRequest, obj: Any = None, *args: Any, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, *args, **kwargs)
        draft = getattr(request, "draft", None)
        form.for_later = draft is not None
        form.shows_draft = draft is not None and draft.change is not None
        return form

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        draft = getattr(request, "draft", None)
        if draft is None:
            super().save_related(request, form, formsets, change)
            return
        parts, removed = parts_of(formsets)
        editing.write_content(form.instance, parts=parts, removed=removed)
        form.save_m2m()
        draft.snapshot = take(form.instance)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        if getattr(request, "draft", None) is None:
            answer: HttpResponse = super().response_change(request, obj)
            return answer
        # What follows is said when the changes are really kept.
        return HttpResponseRedirect(request.path)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        work = kwargs.get("obj")
        if kwargs.get("change") and work and not context["is_popup"]:
            draft = getattr(request, "draft", None)
            context.update(self.about_pending(request, work, shows=bool(draft and draft.change)))
        answer: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return answer

    def _work_of(self, request: HttpRequest, object_id: str | None) -> Publication | None:
        """Return the work whose form is asked for, if this person may see it in a whole page."""
        if object_id is None or "_popup" in request.GET or "_popup" in request.POST:
            return None
        if request.method != "POST" and not _waits(object_id):
            return None
        work: Any = self.get_object(request, unquote(object_id))
        return work if work and self.has_view_or_change_permission(request, work) else None

    def _live_form(self, request: HttpRequest, *args: Any) -> Any:
        """Take the form for readers to see at once; what is refused stays typed."""
        try:
            return super().changeform_view(request, *args)
        except PublishRightError as error:
            words = _("{why} Press “Save as changes to publish later”: nothing you typed is lost.")
            request.refusal = ValidationError(words.format(why=error))  # type: ignore[attr-defined]
            return super().changeform_view(request, *args)

    def _draft_form(
        self,
        request: HttpRequest,
        work: Publication,
        form_url: str,
        extra_context: dict[str, Any] | None,
    ) -> Any:
        """Show or take the form over the work as it is to become; nothing of it stays written."""
        draft: Draft = request.draft  # type: ignore[attr-defined]
        with rolled_back():
            if draft.change and not self._applied(request, work, draft.change):
                draft.change = None
            response = super().changeform_view(request, str(work.pk), form_url, extra_context)
            if hasattr(response, "render"):
                # A page is made of the rows that are about to be taken back.
                response.render()
        return response

    def _applied(self, request: HttpRequest, work: Publication, change: PendingChange) -> bool:
        """Make the work what it is to become; say whether it can be."""
        posted = request.method == "POST"
        try:
            with transaction.atomic():
                remarks = apply(lock(work), change.snapshot, derive=False)
        except (ValidationError, IntegrityError) as error:
            refusal = as_refusal(error)
            if posted:
                request.refusal = refusal  # type: ignore[attr-defined]
                return True
            words = _("The changes that wait cannot be opened. This is the live work.")
            self._say(request, ValidationError([words, *refusal.messages]))
            return False
        for remark in () if posted else remarks:
            self.message_user(request, remark, messages.WARNING)
        return True

    def _keep(self, request: HttpRequest, work: Publication, draft: Draft) -> None:
        snapshot: Snapshot = draft.snapshot or {}
        change = pending.keep(
            work,
            snapshot,
            by=request.user,
            base=_number(request.POST.get(BASE, "")),
            seen=request.POST.get(VERSION, ""),
        )
        self.log_change(request, work, _("Kept changes to publish later."))
        self.message_user(
            request,
            _("Your changes are kept. Readers see them once they are published."),
            messages.SUCCESS,
        )
        if draft.change and draft.change.publish_at and not change.publish_at:
            self.message_user(
                request,
                _("They no longer go out by themselves: somebody who may publish has to look."),
                messages.WARNING,
            )


def _waits(object_id: str) -> bool:
    """Say whether changes wait for the work of this id."""
    number = unquote(object_id)
    return number.isdecimal() and PendingChange.objects.filter(publication=int(number)).exists()


def draft_for(request: HttpRequest, work: Publication) -> Draft | None:
    """Return what this request does with changes that wait; None for the form of the live work."""
    if request.method == "POST":
        opened = bool(request.POST.get(VERSION))
        if not opened and KEEP not in request.POST:
            return None
    elif LIVE in request.GET:
        return None
    else:
        opened = True
    change = PendingChange.objects.select_related("made_by").filter(publication=work).first()
    if request.method != "POST" and change is None:
        return None
    # A form of the live work is filled in over the live work, whatever waits by now.
    return Draft(change if opened else None, opened)


def _refusal(request: HttpRequest, draft: Draft) -> ValidationError | None:
    """Say why what was typed over the changes cannot be kept, whatever it is."""
    if request.POST.get(VERSION) != pending.version_of(draft.change):
        return ValidationError(pending.OVERTAKEN)
    if MOVE in request.POST:
        return ValidationError(_("Steps are taken in the form of what readers see now."))
    return None


def _forget_base(request: HttpRequest) -> None:
    """Let a form of the changes be taken, whatever became of the live work: publishing asks."""
    posted = request.POST.copy()
    posted.pop(BASE, None)
    request.POST = posted  # type: ignore[assignment]


def _number(typed: str) -> int:
    known = typed.isascii() and typed.isdigit() and len(typed) <= MOST_DIGITS
    return int(typed) if known else 0
