"""The two links that confirm a change of address."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from newsletter.actions import moving
from newsletter.confirming import LinkState, look_up_move, move_state_of, twin_of
from newsletter.views.answers import link_problem
from newsletter.views.personal import circumstances, personal_page

GONE = {LinkState.EXPIRED, LinkState.ENDED}


@csrf_exempt  # Whoever posts knows the token, which is more than a CSRF token proves.
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show the button that agrees to the change; only pressing it changes anything."""
    confirmation = look_up_move(token)
    if confirmation is None:
        return link_problem(request, LinkState.UNKNOWN)
    if request.method == "POST":
        state = moving.confirm(confirmation, where=circumstances(request, "address"))
    else:
        state = move_state_of(confirmation, twin_of(confirmation))
    if state is LinkState.UNKNOWN:
        return link_problem(request, state)
    status = HTTPStatus.GONE if state in GONE else HTTPStatus.OK
    return personal_page(request, "confirm_move", {"state": state.name}, status=status)
