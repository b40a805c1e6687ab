"""A filter for long lists: type a name instead of reading them all."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.http import HttpRequest


class AutocompleteFilter(admin.FieldListFilter):
    """Narrow a list to one related thing, found by its name."""

    template = "admin/publications/autocomplete_filter.html"

    def __init__(
        self,
        field: Any,
        request: HttpRequest,
        params: dict[str, Any],
        model: Any,
        model_admin: Any,
        field_path: str,
    ) -> None:
        self.parameter = f"{field_path}__id__exact"
        super().__init__(field, request, params, model, model_admin, field_path)
        self.widget = AutocompleteSelect(field, model_admin.admin_site)
        self.widget.choices = field.formfield().choices
        chosen: Any = self.used_parameters.get(self.parameter) or [""]
        self.value = chosen[0]

    def expected_parameters(self) -> list[str | None]:
        return [self.parameter]

    def has_output(self) -> bool:
        return True

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Give the template the field, and what else the address of the list says."""
        others = changelist.get_query_string(remove=[self.parameter, "p"])
        field_id = f"filter-{self.parameter}"
        yield {
            "selected": bool(self.value),
            "field": self.widget.render(self.parameter, self.value, {"id": field_id}),
            "id": field_id,
            "others": parse_qsl(others.removeprefix("?"), keep_blank_values=True),
            "without": others,
        }
