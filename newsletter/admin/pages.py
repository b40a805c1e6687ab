"""What the desk's pages share that are neither lists nor forms of one model."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, StreamingHttpResponse
from django.template.response import TemplateResponse

from newsletter.exporting import table


def ensure(request: HttpRequest, *rights: str) -> None:
    """Refuse whoever lacks one of these rights, such as `view_subscriber`."""
    if not request.user.has_perms([f"newsletter.{right}" for right in rights]):
        raise PermissionDenied


def desk_page(
    request: HttpRequest, template: str, *, title: str, model: type[Model], **facts: Any
) -> TemplateResponse:
    """Show a page of the desk that belongs to a model."""
    context = {
        **admin.site.each_context(request),
        "opts": model._meta,  # noqa: SLF001 - as the admin does itself
        "title": title,
        **facts,
    }
    return TemplateResponse(request, f"admin/newsletter/{template}", context)


def csv_answer(subscriptions: Any, name: str) -> StreamingHttpResponse:
    """Hand out subscriptions as a file, piece by piece."""
    return StreamingHttpResponse(
        table(subscriptions),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )
