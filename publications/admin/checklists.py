"""The checklist before publishing: the panel in the form of a work, and the page of its rules."""

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from publications.actions.readiness import set_rules
from publications.checklist import CHECKS, Check, Finding, examine
from publications.models import CheckLevel, ChecklistRule, Kind, Publication

# Parts of a work stand in groups of rows; fields of two boxes begin with the first.
ANCHORS = {
    "contributions": "contributions-group",
    "taggings": "taggings-group",
    "attachments": "attachments-group",
    "published_at": "id_published_at_0",
}
AS_RULE = ""


class Hint(NamedTuple):
    """A finding and where it is mended."""

    text: str
    url: str
    label: Any


class Panel(NamedTuple):
    """The checklist as the form of a work shows it."""

    blocking: Sequence[Hint]
    advice: Sequence[Hint]


class RuleRow(NamedTuple):
    """One check on the page of rules."""

    check: Check
    name: str
    level: str
    exceptions: Sequence[tuple[Kind, str, str]]
    said: Sequence[tuple[str, Any]]


def panel_for(work: Publication, shown: Container[str]) -> Panel:
    """Look at a saved work; `shown` are the fields that its form has."""
    # What was typed into a form that was refused is in `work` already.
    saved = Publication.objects.select_related("outlet", "lead_image").get(pk=work.pk)
    checklist = examine(saved)
    labels = {check.code: check.label for check in CHECKS}

    def hints(findings: Sequence[Finding]) -> list[Hint]:
        return [Hint(each.text, _place(each.field, shown), labels[each.code]) for each in findings]

    return Panel(hints(checklist.blocking), hints(checklist.advice))


def _place(field: str, shown: Container[str]) -> str:
    if field == "disclosure":
        return reverse("admin:publications_sitesettings_changelist")
    if field in ANCHORS:
        return f"#{ANCHORS[field]}"
    return f"#id_{field}" if field in shown else ""


@admin.register(ChecklistRule)
class ChecklistRuleAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """One page with all checks, in place of a list of rows."""

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the rules, and write what was chosen."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        kinds = list(Kind.objects.all())
        if request.method == "POST":
            try:
                set_rules(_chosen(request.POST, kinds), by=request.user)
            except ValidationError as refusal:
                self.message_user(request, " ".join(refusal.messages), messages.ERROR)
            else:
                self.message_user(request, _("The checklist was saved."), messages.SUCCESS)
                return HttpResponseRedirect(request.path)
        return TemplateResponse(
            request,
            "admin/publications/checklistrule/rules.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "title": _("Checklist before publishing"),
                "rows": list(_rows(kinds)),
                "levels": CheckLevel.choices,
                "may_change": self.has_change_permission(request),
                **(extra_context or {}),
            },
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def change_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Lead to the one page: a rule has none of its own."""
        return HttpResponseRedirect(reverse("admin:publications_checklistrule_changelist"))


def _chosen(sent: Mapping[str, str], kinds: Sequence[Kind]) -> dict[tuple[str, int | None], str]:
    """Read the page: a level for each check, and one for each kind that differs."""
    levels: dict[tuple[str, int | None], str] = {}
    for check in CHECKS:
        levels[check.code, None] = sent.get(check.code, "")
        for kind in kinds:
            level = sent.get(f"{check.code}-{kind.pk}", AS_RULE)
            if level not in {AS_RULE, levels[check.code, None]}:
                levels[check.code, kind.pk] = level
    return levels


def _rows(kinds: Sequence[Kind]) -> Iterator[RuleRow]:
    rules: dict[tuple[str, int | None], str] = {
        (code, kind): level
        for code, kind, level in ChecklistRule.objects.values_list("check_code", "kind", "level")
    }
    for check in CHECKS:
        exceptions = [
            (kind, f"{check.code}-{kind.pk}", rules.get((check.code, kind.pk), AS_RULE))
            for kind in kinds
        ]
        yield RuleRow(
            check,
            check.code,
            rules.get((check.code, None), CheckLevel.ADVICE),
            exceptions,
            [(kind.name, CheckLevel(level).label) for kind, _name, level in exceptions if level],
        )
