"""The pages around the form of an issue: its steps, and how it will look."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from newsletter.admin import issue_preview
from newsletter.admin.issue_items import CHANGE, PublishedWorks
from newsletter.admin.issue_panel import audience_of, panel_for
from newsletter.admin.issue_steps import STEPS, Step
from newsletter.linting import lint
from newsletter.models import Issue
from publications.admin.base import ActionAdmin

PREVIEWS = {
    "preview": issue_preview.preview,
    "preview_html": issue_preview.preview_html,
    "preview_text": issue_preview.preview_text,
}


class IssuePages(ActionAdmin):
    """Every address of an issue but that of its form."""

    def get_urls(self) -> Any:
        """Add the steps, the preview and the chooser of publications."""
        protect = self.admin_site.admin_view
        works = PublishedWorks.as_view(admin_site=self.admin_site)
        return [
            path("works/", protect(works), name="newsletter_issue_works"),
            *(
                path(
                    f"<int:issue_id>/{name}/",
                    protect(partial(self.step_view, name=name)),
                    name=f"newsletter_issue_{name}",
                )
                for name in STEPS
            ),
            *(
                path(
                    f"<int:issue_id>/{name.replace('_', '/')}/",
                    protect(partial(self.preview_view, view=view)),
                    name=f"newsletter_issue_{name}",
                )
                for name, view in PREVIEWS.items()
            ),
            *super().get_urls(),
        ]

    def step_view(self, request: HttpRequest, issue_id: int, name: str) -> HttpResponse:
        """Take a step, or ask once more before it; a step that is not possible says why."""
        if not request.user.has_perm(CHANGE):
            raise PermissionDenied
        issue, step = get_object_or_404(Issue, pk=issue_id), STEPS[name]
        sent = request.POST if request.method == "POST" else None
        form = step.form(sent) if step.form else None
        if sent is not None and (form is None or form.is_valid()):
            self._take(request, issue, step, form.cleaned_data if form else sent)
        elif step.asks_first and name in panel_for(issue, request.user).names:
            return self._ask(request, issue, step, form)
        else:
            said = _("Nothing was done: the issue is “%(status)s” now.")
            self.message_user(request, said % {"status": issue.get_status_display()})
        return HttpResponseRedirect(form_of(issue_id))

    def preview_view(
        self, request: HttpRequest, issue_id: int, view: Callable[..., HttpResponse]
    ) -> HttpResponse:
        """Show the issue as it will arrive."""
        issue = get_object_or_404(Issue, pk=issue_id)
        if not self.has_view_permission(request, issue):
            raise PermissionDenied
        return view(request, issue)

    def _take(self, request: HttpRequest, issue: Issue, step: Step, facts: Any) -> None:
        try:
            said = step.take(issue, request.user, facts)
        except ValidationError as refusal:
            self._say(request, refusal)
        else:
            self.log_change(request, issue, str(step.label))
            self.message_user(request, said, messages.SUCCESS)

    def _ask(self, request: HttpRequest, issue: Issue, step: Step, form: Any) -> HttpResponse:
        """Show who gets the issue, what the linter finds, and the button."""
        starts = step is STEPS["send"] or step is STEPS["schedule"]
        findings = lint(issue) if starts else []
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": issue,
            "title": step.label,
            "step": step,
            "form": form,
            "audience": audience_of(issue) if starts else None,
            "errors": [each.text for each in findings if each.level == "error"],
            "warnings": [each.text for each in findings if each.level != "error"],
        }
        return TemplateResponse(request, "admin/newsletter/issue/step.html", context)


def form_of(issue_id: int) -> str:
    """Return the address of the form of an issue."""
    return reverse("admin:newsletter_issue_change", args=[issue_id])
