"""Form fields drawn without a template each: a long form of the desk has hundreds of them.

What is drawn here is what Django's templates of the same names draw; a test compares the two.
Everything else is left to the templates.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.templatetags.static import static
from django.utils.html import conditional_escape as escape
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

OPTION = "django/forms/widgets/select_option.html"
type Context = Mapping[str, Any]


class QuickTemplates(DjangoTemplates):
    """Django's form templates, the frequent ones in plain Python."""

    def render(self, template_name: str, context: Any, request: Any = None) -> SafeString:
        draw = DRAWN.get(template_name)
        drawn = draw(context) if draw else None
        if drawn is None:
            # Its result is as safe as the templates are.
            return mark_safe(super().render(template_name, context, request))  # noqa: S308
        return mark_safe(drawn)  # noqa: S308 - every value in it is escaped


def _attributes(attrs: Context) -> str:
    return "".join(
        f" {escape(name)}" if value is True else f' {escape(name)}="{escape(value)}"'
        for name, value in attrs.items()
        if value is not False
    )


def _input(context: Context) -> str:
    widget = context["widget"]
    value = widget["value"]
    shown = "" if value is None else f' value="{escape(value)}"'
    start = f'<input type="{escape(widget["type"])}" name="{escape(widget["name"])}"'
    return f"{start}{shown}{_attributes(widget['attrs'])}>"


def _textarea(context: Context) -> str:
    widget = context["widget"]
    start = f'<textarea name="{escape(widget["name"])}"{_attributes(widget["attrs"])}>'
    return f"{start}\n{escape(widget['value'] or '')}</textarea>"


def _select(context: Context) -> str | None:
    widget = context["widget"]
    lines = [f'<select name="{escape(widget["name"])}"{_attributes(widget["attrs"])}>']
    for group, options, _index in widget["optgroups"]:
        if group:
            lines.append(f'<optgroup label="{escape(group)}">')
        for option in options:
            if option["template_name"] != OPTION:
                return None
            start = f'<option value="{escape(option["value"])}"{_attributes(option["attrs"])}>'
            lines.append(f"{start}{escape(option['label'])}</option>")
        if group:
            lines.append("</optgroup>")
    return "\n".join([*lines, "</select>"])


def _date(context: Context) -> str:
    return f'<p class="date">{_input(context)}</p>'


def _split_date_time(context: Context) -> str:
    widget = context["widget"]
    has_id = widget["attrs"].get("id")
    parts = []
    labels = (context["date_label"], context["time_label"])
    for label, part in zip(labels, widget["subwidgets"], strict=True):
        leads = f'for="{escape(part["attrs"].get("id", ""))}"' if has_id else ""
        parts.append(f"<label {leads}>{escape(label)}</label> {_input({'widget': part})}")
    return f'<p class="datetime">{"<br>".join(parts)}</p>'


def _label(context: Context) -> str:
    label = escape(context["label"])
    if not context["use_tag"]:
        return str(label)
    tag = escape(context["tag"])
    return f"<{tag}{_attributes(context['attrs'] or {})}>{label}</{tag}>"


def _no_errors(context: Context) -> str | None:
    return None if context["errors"] else ""


def _related(context: Context) -> str | None:
    if context["can_delete_related"] or context["can_view_related"]:
        return None
    limited = context["model_has_limit_choices_to"]
    reference = "" if limited else format_html('data-model-ref="{}"', context["model_name"])
    links = "" if context["is_hidden"] else _related_links(context)
    inside = escape(context["rendered_widget"])
    return f'<div class="related-widget-wrapper" {reference}>{inside}{links}</div>'


def _related_links(context: Context) -> str:
    links = ""
    if context["can_change_related"]:
        title = _("Change selected %(model)s") % {"model": context["model"]}
        url = context["change_related_template_url"]
        links += _icon(context, CHANGE, url, title, static("admin/img/icon-changelink.svg"))
    if context["can_add_related"]:
        title = _("Add another %(model)s") % {"model": context["model"]}
        url = context["add_related_url"]
        links += _icon(context, ADD, url, title, static("admin/img/icon-addlink.svg"))
    return links


def _icon(context: Context, link: str, url: str, title: str, icon: str) -> str:
    return format_html(link, context["name"], url, context["url_params"], title) + format_html(
        '<img src="{}" alt="" width="24" height="24"></a>', icon
    )


CHANGE = (
    '<a class="related-widget-wrapper-link change-related" id="change_id_{}"'
    ' data-href-template="{}?{}" data-popup="yes" title="{}">'
)
ADD = (
    '<a class="related-widget-wrapper-link add-related" id="add_id_{}"'
    ' data-popup="yes" href="{}?{}" title="{}">'
)
INPUTS = ("input", "text", "number", "email", "url", "hidden", "date", "time", "checkbox", "file")
DRAWN: dict[str, Callable[[Context], str | None]] = {
    **{f"django/forms/widgets/{name}.html": _input for name in INPUTS},
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/select.html": _select,
    "django/forms/label.html": _label,
    "django/forms/errors/list/default.html": _no_errors,
    "django/forms/errors/list/ul.html": _no_errors,
    "admin/widgets/date.html": _date,
    "admin/widgets/split_datetime.html": _split_date_time,
    "admin/widgets/related_widget_wrapper.html": _related,
}
