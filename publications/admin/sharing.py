"""Links by which people outside of the desk read a work before it is out."""

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Max, Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from publications.actions.sharing import revoke, share
from publications.admin.base import ActionAdmin
from publications.forms.sharing import ShareForm
from publications.models import PreviewLink, PreviewOpening, Publication

NAME = "publications_publication"
SHOWN = 100


class WorkSharing(ActionAdmin):
    """The links of a work."""

    def get_urls(self) -> Any:
        """Add the list of links and what takes one back."""
        protect = self.admin_site.admin_view
        return [
            path("<int:pk>/share/", protect(self.share_view), name=f"{NAME}_share"),
            path(
                "<int:pk>/share/<int:link>/revoke/",
                protect(self.revoke_view),
                name=f"{NAME}_revoke",
            ),
            *super().get_urls(),
        ]

    def share_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """List the links for outsiders; make one and show its address this once."""
        work = self._changeable(request, pk)
        form = ShareForm(request.POST or None)
        made = self._share(request, work, form) if form.is_bound and form.is_valid() else None
        links = PreviewLink.objects.filter(publication=work).select_related("made_by")
        openings = PreviewOpening.objects.order_by("-opened_at")[:SHOWN]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": work,
            "title": _("Share a preview"),
            "form": ShareForm() if made else form,
            "made": made,
            "links": links.annotate(times=Count("openings"), last=Max("openings__opened_at"))
            .prefetch_related(Prefetch("openings", openings, to_attr="newest"))
            .order_by("-made_at", "-pk")[:SHOWN],
        }
        return TemplateResponse(request, "admin/publications/publication/share.html", context)

    @method_decorator(require_POST)
    def revoke_view(self, request: HttpRequest, pk: int, link: int) -> HttpResponse:
        """Let a link lead nowhere from now on."""
        work = self._changeable(request, pk)
        found = get_object_or_404(PreviewLink, pk=link, publication=work)
        revoke(found, by=request.user)
        self.log_change(request, work, [{"changed": {"fields": [str(_("shared preview"))]}}])
        said = _("The link for %(name)s leads nowhere now.") % {"name": found.recipient}
        self.message_user(request, said)
        return HttpResponseRedirect(reverse(f"admin:{NAME}_share", args=[pk]))

    def _share(self, request: HttpRequest, work: Publication, form: Any) -> dict[str, Any] | None:
        try:
            link, token = share(
                work, by=request.user, recipient=form.cleaned_data["recipient"], lasts=form.lasts
            )
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
            return None
        self.log_change(request, work, [{"added": {"name": str(_("shared preview"))}}])
        return _as_mail(work, link, token)

    def _changeable(self, request: HttpRequest, pk: int) -> Publication:
        work = get_object_or_404(Publication, pk=pk)
        if not self.has_change_permission(request, work):
            raise PermissionDenied
        return work


def _as_mail(work: Publication, link: PreviewLink, token: str) -> dict[str, Any]:
    """Return the address of a link, and a letter with it."""
    address = f"{settings.SITE_URL}{reverse('publications:shared', args=[token])}"
    until = date_format(localtime(link.expires_at), "DATETIME_FORMAT")
    body = _(
        "Here is a draft of “%(title)s”:\n\n%(address)s\n\n"
        "The link is for you, until %(until)s – please do not pass it on."
    ) % {"title": work.title, "address": address, "until": until}
    subject = _("Draft: %(title)s") % {"title": work.title}
    return {
        "link": link,
        "address": address,
        "mailto": f"mailto:?subject={quote(subject)}&body={quote(body)}",
    }
