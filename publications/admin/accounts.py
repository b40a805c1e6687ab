"""Staff accounts, as Django manages them."""

from typing import Any, ClassVar

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import UserAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from publications.actions.accounts import (
    may_reset,
    password_changed,
    reset_second_factor,
    rights_changed,
    rights_of,
    sort_of,
)
from publications.actions.security import NOWHERE, end_sessions, session_number, sessions_of
from publications.models import User

# allauth's own: a second factor is managed by its owner, and addresses are in the account.
for theirs in (Authenticator, EmailAddress):
    admin.site.unregister(theirs)

MOST_SESSIONS = 200


@admin.register(User)
class StaffAdmin(UserAdmin):  # type: ignore[type-arg]
    """Who signs in, with which rights, and what mail they want."""

    change_form_template = "admin/publications/user/change_form.html"
    fieldsets: ClassVar[Any] = (
        *(UserAdmin.fieldsets or ()),
        (gettext_lazy("Mail"), {"fields": ("wants_review_mail",)}),
    )

    def get_urls(self) -> list[URLPattern]:
        sessions = path(
            "<int:object_id>/sessions/",
            self.admin_site.admin_view(self.sessions_view),
            name="publications_user_sessions",
        )
        return [sessions, *super().get_urls()]

    def sessions_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Show where somebody is signed in; end that, or take away a lost second factor."""
        user = self.get_object(request, str(object_id))
        if not self.has_view_permission(request, user):
            raise PermissionDenied
        if user is None:
            raise Http404
        if request.method == "POST":
            return self._end(request, user)
        factors = Authenticator.objects.filter(user=user)
        return TemplateResponse(
            request,
            "admin/publications/user/sessions.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "title": _("Sessions and second factor"),
                "subtitle": str(user),
                "original": user,
                "sessions": sessions_of(user)[:MOST_SESSIONS],
                "factors": [
                    {"sort": sort_of(each), "since": each.created_at}
                    for each in factors.order_by("pk")
                ],
                "may_end": self.has_change_permission(request, user),
                "may_reset": may_reset(request.user, user),
            },
        )

    def _end(self, request: HttpRequest, user: User) -> HttpResponse:
        """Do what was asked; the actions refuse whoever may not."""
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        place = getattr(request, "place", NOWHERE)
        if "reset" in request.POST:
            reset_second_factor(user, by=request.user, place=place)
            self.message_user(request, _("The second factor is removed."), messages.SUCCESS)
        else:
            only = session_number(request.POST.get("session"))
            ended = end_sessions(user, by=request.user, only=only, place=place)
            said = ngettext("One session has ended.", "%(ended)d sessions have ended.", ended)
            self.message_user(request, said % {"ended": ended}, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:publications_user_sessions", args=[user.pk]))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """Remember what the account might do until now."""
        before = User.objects.filter(pk=obj.pk).first() if change else None
        request.rights_before = rights_of(before) if before else {}  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        """Keep what the account may do now."""
        super().save_related(request, form, formsets, change)
        rights_changed(
            form.instance,
            request.rights_before,  # type: ignore[attr-defined]
            by=request.user,
            place=getattr(request, "place", NOWHERE),
        )

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Know a new password, which Django tells only the log."""
        match = request.resolver_match
        if match is not None and match.url_name == "auth_user_password_change":
            password_changed(
                obj,
                by=request.user,
                keep=(request.session.session_key or "") if obj == request.user else "",
                place=getattr(request, "place", NOWHERE),
            )
        return super().log_change(request, obj, message)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Keep accounts that the log is about: they are made inactive instead."""
        to_delete, counts, rights, protected = super().get_deleted_objects(objs, request)
        known = set(
            LogEntry.objects.filter(user__in=[each.pk for each in objs])
            .values_list("user_id", flat=True)
            .distinct()
        )
        protected += [
            _("%(account)s: the log of actions names this account. Make it inactive instead.")
            % {"account": each}
            for each in objs
            if each.pk in known
        ]
        if known:
            # Nobody may delete the log; to say so would not help.
            rights.discard(LogEntry._meta.verbose_name)  # noqa: SLF001 - as the admin does itself
        return to_delete, counts, rights, protected
