"""What is offered while a name is typed into a form of the desk."""

import json
from typing import Any

from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from publications.actions.people import LONGEST, namesakes_first, same_name
from publications.models import Author, Contribution

# What the choice is called in the answer; the script asks the server to add the name then.
ADD, ANOTHER = "add:", "another:"


class DeskAutocomplete(AutocompleteJsonView):
    """What Django offers; in a byline also to add who is missing, namesakes first."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().get(request, *args, **kwargs)
        name = " ".join(self.term.split())
        if not self._is_byline() or not name or len(name) > LONGEST or "\x00" in name:
            return response
        answer = json.loads(response.content)
        if not answer["pagination"]["more"] and request.user.has_perm("publications.add_author"):
            answer["results"].append(_offer(name))
        return JsonResponse(answer)

    def get_queryset(self) -> Any:
        found = super().get_queryset()
        name = " ".join(self.term.split())
        return namesakes_first(found, name) if self._is_byline() and name else found

    def _is_byline(self) -> bool:
        return bool(self.source_field == Contribution._meta.get_field("author"))  # noqa: SLF001


def _offer(name: str) -> dict[str, str]:
    if Author.objects.filter(same_name(name)).exists():
        return {"id": ANOTHER + name, "text": _("Add another “%(name)s”") % {"name": name}}
    return {"id": ADD + name, "text": _("Add “%(name)s”") % {"name": name}}
