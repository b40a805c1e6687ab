"""The publications inside the form of an issue, and the chooser that finds them."""

import re
from collections.abc import Sequence
from typing import Any

from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import AutocompleteSelect
from django.forms import Script
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsletter.actions import composing
from newsletter.forms_issue import ItemRow, ItemRows
from newsletter.models import IssueItem, IssueStatus
from publications.admin.base import RowInline
from publications.models import Publication

CHANGE = "newsletter.change_issue"


class PublishedWorks(AutocompleteJsonView):
    """What the chooser of publications offers: only what readers see, the newest first."""

    def has_perm(self, request: HttpRequest, _obj: Any = None) -> bool:
        """Ask for the right to write issues; what is public may be read by anybody."""
        return request.user.has_perm(CHANGE) or request.user.has_perm("newsletter.add_issue")

    def get_queryset(self) -> Any:
        works: Any = super().get_queryset()
        return works.published().newest_first()


class WorkSelect(AutocompleteSelect):
    """A chooser of published works that knows the one chosen without asking again."""

    url_name = "%s:newsletter_issue_works"
    chosen: Publication | None = None

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> Any:
        if self.chosen is None or list(value) != [str(self.chosen.pk)]:
            # Django would look up whatever was sent, and fail.
            keys = [each for each in value if re.fullmatch(r"[0-9]{1,18}", each)]
            return super().optgroups(name, keys, attr)
        option = self.create_option(name, self.chosen.pk, str(self.chosen), selected=True, index=0)
        return [(None, [option], 0)]


class ItemInline(RowInline):
    """The publications of an issue, in order."""

    model = IssueItem
    form = ItemRow
    formset = ItemRows
    max_num = composing.MOST_ITEMS
    fields = ("publication", "headline", "blurb", "position")
    verbose_name = gettext_lazy("publication")
    verbose_name_plural = gettext_lazy("publications")

    class Media:
        js = (Script("newsletter/desk.js", defer=True),)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("publication")

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "publication":
            kwargs["widget"] = WorkSelect(db_field, self.admin_site)
            kwargs["queryset"] = Publication.objects.published()
            kwargs["error_messages"] = {"invalid_choice": _("Readers do not see this work.")}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "publication":
            field.widget.can_add_related = field.widget.can_change_related = False
        return field

    def has_view_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        """Items are a part of their issue: whoever may do something with it may do it here."""
        return request.user.has_perm("newsletter.view_issue") or request.user.has_perm(CHANGE)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is None:
            return request.user.has_perm("newsletter.add_issue")
        return self.has_change_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(CHANGE) and (obj is None or obj.status == IssueStatus.DRAFT)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_change_permission(request, obj)
