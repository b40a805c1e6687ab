"""Logs at the desk: to be read, never changed."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from kei_site.common.capped import CappedPaginator
from kei_site.common.read_only import ReadOnly
from publications.models import SecurityEvent, User

LOGS = (LogEntry, SecurityEvent)


class LogAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """A list of what happened, the newest first, that nobody can touch."""

    paginator = CappedPaginator
    show_full_result_count = False
    list_per_page = 50
    ordering = ("-pk",)
    sortable_by = ()
    actions = None
    view_on_site = False
    heading: ClassVar[Any] = ""

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        return super().changelist_view(request, {"title": self.heading, **(extra_context or {})})

    def people(self, typed: str) -> QuerySet[User]:
        """Return the accounts whose names hold what was typed."""
        word = typed.strip().replace("\x00", "")
        return User.objects.filter(
            Q(username__icontains=word)
            | Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(email__iexact=word)
        )


class SortFilter(admin.SimpleListFilter):
    """By what it was about; to ask the log itself would read all of it."""

    title = _("sort")
    parameter_name = "sort"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        models = [each for each in admin.site._registry if not issubclass(each, LOGS)]  # noqa: SLF001
        types = ContentType.objects.get_for_models(*models)
        named = [(str(types[each].pk), str(each._meta.verbose_name)) for each in models]  # noqa: SLF001
        return sorted(named, key=lambda pair: pair[1].casefold())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value() or ""
        known = chosen in dict(self.lookup_choices)
        return queryset.filter(content_type=chosen) if known else queryset


@admin.register(LogEntry)
class ActionLogAdmin(LogAdmin):
    """Who added, changed and deleted what at the desk."""

    list_display = ("action_time", "user", "act", "content_type", "thing", "said")
    list_filter = ("action_flag", SortFilter)
    heading = _("Log of actions")
    list_select_related = ("user", "content_type")
    search_fields = ("user",)
    search_help_text = _("Any part of the name of whoever did it.")
    fields = ("action_time", "user", "act", "content_type", "object_repr", "said")
    readonly_fields = fields

    @admin.display(description=_("action"))
    def act(self, entry: LogEntry) -> str:
        return entry.get_action_flag_display()

    @admin.display(description=_("about"))
    def thing(self, entry: LogEntry) -> str:
        address = None if entry.is_deletion() else entry.get_admin_url()
        if address is None:
            return entry.object_repr
        return format_html('<a href="{}">{}</a>', address, entry.object_repr)

    @admin.display(description=_("details"))
    def said(self, entry: LogEntry) -> str:
        return entry.get_change_message()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not search_term.strip():
            return queryset, False
        return queryset.filter(user__in=self.people(search_term)), False


@admin.register(SecurityEvent)
class SecurityEventAdmin(LogAdmin):
    """Sign-ins, second factors, passwords, rights."""

    list_display = ("at", "kind", "account", "actor", "detail", "network", "browser")
    list_filter = ("kind",)
    heading = _("Sign-ins and accounts")
    search_fields = ("user_name",)
    search_help_text = _("Any part of the name of the account, also of one that is gone.")
    fields = ("at", "kind", "user_name", "by_name", "detail", "network", "browser")

    @admin.display(description=_("account"))
    def account(self, event: SecurityEvent) -> str:
        return event.user_name or "–"

    @admin.display(description=_("by"))
    def actor(self, event: SecurityEvent) -> str:
        return "" if event.by_name == event.user_name else event.by_name

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        word = search_term.strip().replace("\x00", "")
        return queryset.filter(user_name__icontains=word) if word else queryset, False
