"""Adding an author while a name is typed into a byline."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.http import require_POST

from publications.actions.people import add_named
from publications.admin.base import ActionAdmin
from publications.admin.desk_pages import in_words
from publications.importing.names import name_of
from publications.models import Author
from publications.offering import ADD, ANOTHER


class AddingAuthors(ActionAdmin):
    """Authors who are added by nothing but their name."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(require_POST(self.add_named_view))
        return [path("add-named/", view, name="publications_author_add_named"), *super().get_urls()]

    def add_named_view(self, request: HttpRequest) -> JsonResponse:
        """Add an author and answer with what the box shows; a refusal is a sentence."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        chosen = request.POST.get("chosen", "")
        typed = name_of(chosen.removeprefix(ANOTHER).removeprefix(ADD).strip())
        author = Author(
            display_name=typed.display, type=typed.type,
            given_name=typed.given, family_name=typed.family,
        )  # fmt: skip
        try:
            author = add_named(author, by=request.user, another=chosen.startswith(ANOTHER))
        except ValidationError as refusal:
            return JsonResponse({"refused": in_words(refusal)}, status=400)
        return JsonResponse({"id": str(author.pk), "text": str(author)})
