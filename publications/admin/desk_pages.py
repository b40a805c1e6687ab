"""What pages of the desk share that are neither a list nor a form."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.template.response import TemplateResponse


def desk_page(
    request: HttpRequest, owner: Any, template: str, *, title: str, **facts: Any
) -> TemplateResponse:
    """Show a page that belongs to a model's part of the desk."""
    context = {
        **owner.admin_site.each_context(request),
        "opts": owner.opts,
        "title": title,
        **facts,
    }
    return TemplateResponse(request, f"admin/publications/{template}", context)


def in_words(refusal: Exception) -> str:
    """Return what an action said when it refused."""
    return " ".join(refusal.messages if isinstance(refusal, ValidationError) else [str(refusal)])
