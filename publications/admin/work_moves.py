"""Taking steps with works at the desk: from the form, which is saved with it, and from the list."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from publications.actions import workflow
from publications.admin.base import ActionAdmin
from publications.admin.work_panel import panel_for
from publications.models import Publication
from publications.permissions import has_right
from publications.states import APPROVE, PUBLISH, Status

MOST_AT_ONCE = 500
# What the buttons and the field beside them are called in the form that is sent.
MOVE, COMMENT = "_move", "_comment"
REOPENED = _("The work was approved. Because you changed it, it is in review again.")


class MovingAdmin(ActionAdmin):
    """The steps of works: buttons beside Save, and actions of the list."""

    actions: Any = ("submit", "approve", "publish_now", "withdraw", "return_to_draft")

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        """Put the panel over the form and the steps beside its buttons."""
        work = context["original"]
        may_save = self.has_change_permission(request, work) if work else True
        context["panel"] = panel_for(
            work, request.user, comment=request.POST.get(COMMENT, ""), may_save=may_save
        )
        return super().render_change_form(request, context, *args, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        """Save the form, then take the step whose button was pressed; both, or neither."""
        work = form.instance
        was = work.status
        super().save_related(request, form, formsets, change)
        reopened = was == Status.APPROVED and work.status == Status.IN_REVIEW
        name, comment = request.POST.get(MOVE, ""), request.POST.get(COMMENT, "")
        try:
            if name:
                moved = workflow.take(work, name, by=request.user, comment=comment)
                work.status, work.published_at = moved.status, moved.published_at
                work.revision = moved.revision
            elif comment:
                workflow.add_comment(work, comment, by=request.user)
        except PermissionDenied as refusal:
            # A page that only says no would take along what was typed.
            raise ValidationError(str(refusal)) from refusal
        if reopened and not name:
            self.message_user(request, REOPENED, messages.WARNING)
        if name:
            self.message_user(request, _in_words(work), messages.SUCCESS)

    def has_approve_permission(self, request: HttpRequest) -> bool:
        return has_right(request.user, APPROVE)

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return has_right(request.user, PUBLISH)

    @admin.action(description=_("Submit for review"), permissions=["change"])
    def submit(self, request: HttpRequest, works: QuerySet[Any]) -> None:
        self._move_all(request, works, Status.IN_REVIEW)

    @admin.action(description=_("Approve"), permissions=["approve"])
    def approve(self, request: HttpRequest, works: QuerySet[Any]) -> None:
        self._move_all(request, works, Status.APPROVED)

    @admin.action(description=_("Publish now"), permissions=["publish"])
    def publish_now(self, request: HttpRequest, works: QuerySet[Any]) -> None:
        self._move_all(request, works, Status.PUBLISHED)

    @admin.action(description=_("Withdraw"), permissions=["publish"])
    def withdraw(self, request: HttpRequest, works: QuerySet[Any]) -> None:
        self._move_all(request, works, Status.WITHDRAWN)

    @admin.action(description=_("Return to draft"), permissions=["change"])
    def return_to_draft(self, request: HttpRequest, works: QuerySet[Any]) -> None:
        self._move_all(request, works, Status.DRAFT)

    def _move_all(self, request: HttpRequest, works: QuerySet[Any], to: Status) -> None:
        """Take one step with each work; say how many went and why others did not."""
        if works.count() > MOST_AT_ONCE:
            message = gettext("Choose at most %(most)s publications at once.")
            self.message_user(request, message % {"most": MOST_AT_ONCE}, messages.ERROR)
            return
        outcome = workflow.move_each(works, to, by=request.user)
        for work, reason in outcome.refused:
            self.message_user(request, f"{work.title}: {reason}", messages.WARNING)
        if n := outcome.done:
            message = ngettext("%(n)s publication changed.", "%(n)s publications changed.", n)
            self.message_user(request, message % {"n": n}, messages.SUCCESS)


def _in_words(work: Publication) -> str:
    """Say where a work stands after its step."""
    if work.is_scheduled and work.published_at:
        moment = date_format(localtime(work.published_at), "DATETIME_FORMAT")
        return gettext("Readers see it from %(moment)s.") % {"moment": moment}
    return gettext("It stands at “%(status)s” now.") % {"status": work.get_status_display()}
