"""Pages that are allauth's, in the look and under the policy of the desk."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.decorators import staff_member_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csp import csp_override

from kei_site.admin import POLICY

type View = Callable[..., HttpResponse]


def at_the_desk(view: View, title: Any) -> View:
    """Give the page of a view what the desk's own pages get: title, menu, policy."""

    @wraps(view)
    def respond(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if isinstance(response, TemplateResponse) and not response.is_rendered:
            given = response.context_data or {}
            response.context_data = {**admin.site.each_context(request), "title": title, **given}
        return response

    return never_cache(csp_override(POLICY)(respond))


def for_staff(view: View, title: Any) -> View:
    """Do the same with a page that only staff may open."""
    return staff_member_required(at_the_desk(view, title))
