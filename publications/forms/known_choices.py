"""Search-as-you-type boxes that do not ask again for what is loaded already."""

from typing import Any

from django.contrib.admin.widgets import AutocompleteSelect, RelatedFieldWidgetWrapper
from django.db.models import Model


class KnownSelect(AutocompleteSelect):
    """Shows the thing that was loaded with the row; Django reads it again for each box."""

    known: Model | None = None

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        known = self.known
        if known is None or [str(each) for each in value] != [str(known.pk)]:
            return super().optgroups(name, value, attr)
        options = (
            [] if self.is_required else [self.create_option(name, "", "", selected=False, index=0)]
        )
        label = self.choices.field.label_from_instance(known)
        chosen = self.create_option(name, known.pk, label, selected=True, index=len(options))
        return [(None, [*options, chosen], 0)]


def tell_what_is_known(form: Any) -> None:
    """Give the boxes of a form what the keys of its row lead to, as far as that is loaded."""
    for name, field in form.fields.items():
        widget = field.widget
        inner = widget.widget if isinstance(widget, RelatedFieldWidgetWrapper) else widget
        if isinstance(inner, KnownSelect):
            key = form.instance._meta.get_field(name)  # noqa: SLF001
            inner.known = key.get_cached_value(form.instance, default=None)
