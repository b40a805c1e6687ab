"""Every address of the desk, asked by everybody: who gets an answer, who is refused.

An address that another module adds is found here by itself. One that does not follow the
convention, or is about a new sort of thing, fails until somebody writes down who may open it.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from publications.actions import editing
from publications.actions.recording import begin_history
from publications.models import Publication, User
from publications.snapshots import is_revisable
from tests.conftest import HttpsClient
from tests.factories import a_user
from tests.kei_site.desk_rights import (
    ANYBODY,
    DECIDED,
    GROUPS,
    NEVER,
    OF_NOTHING,
    ROLES,
    SUPERUSER,
    Need,
    may,
    need_of,
)
from tests.kei_site.desk_things import MAKERS, QUERIES, arguments_of

pytestmark = [pytest.mark.django_db, pytest.mark.long]
ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")


class Address(NamedTuple):
    """One pattern of the desk."""

    route: str
    namespace: str
    name: str
    arguments: list[str]
    # The last part of the pattern; what nameless ones are known by.
    pattern: str

    @property
    def model(self) -> str:
        """The model that the page is about, by its name or by the way to it."""
        for model in REGISTERED:
            if self.name.startswith(f"{model[0]}_{model[1]}_"):
                return model[1]
        found = re.match(r"admin/\w+/(\w+)/", self.route)
        return found.group(1) if found else ""

    @property
    def page(self) -> str:
        """What the page is called by convention; nothing for one that does not follow it."""
        for app, model in REGISTERED:
            if self.name.startswith(f"{app}_{model}_"):
                return self.name.removeprefix(f"{app}_{model}_")
        return ""


REGISTERED = sorted(
    ((model._meta.app_label, str(model._meta.model_name)) for model in admin.site._registry),
    key=lambda names: -len(names[1]),
)


def addresses(resolver: Any = None, route: str = "", namespace: str = "") -> Iterator[Address]:
    for each in (resolver or get_resolver()).url_patterns:
        pattern = str(each.pattern)
        if isinstance(each, URLResolver):
            yield from addresses(each, route + pattern, each.namespace or namespace)
        elif (route + pattern).startswith("admin/"):
            arguments = [one or other for one, other in ARGUMENT.findall(pattern)]
            yield Address(route + pattern, namespace, each.name or "", arguments, pattern)


ADDRESSES = list(addresses())


def need_for(address: Address) -> Need:
    known = address.name or address.pattern
    if known in DECIDED:
        return DECIDED[known]
    if address.pattern == "<path:object_id>/" and not address.name:
        # Django leads from here to the form, which asks.
        return Need("whoever is staff", "whoever is staff")
    assert address.page, f"Write down in desk_rights.DECIDED who may open {address.route}"
    return need_of(address.model, address.page)


@pytest.fixture
def things() -> dict[str, Any]:
    """One of everything; what can have a history has one."""
    made = {name: make() for name, make in MAKERS.items()}
    for thing in made.values():
        if isinstance(thing, Publication):
            editing.save(thing, by=AnonymousUser())
        elif is_revisable(type(thing)):
            begin_history(thing)
    return made


def path_of(address: Address, things: dict[str, Any]) -> str:
    """Return an address with everything in it that it asks for."""
    thing = things.get("issue" if "issue" in address.name else address.model or "publication")
    if address.arguments and thing is None and address.model:
        pytest.fail(f"Tell desk_things.MAKERS how to make a thing of “{address.model}”")
    try:
        given = arguments_of(address.arguments, address.model, thing, address.name)
    except KeyError as missing:
        pytest.fail(f"Tell desk_things.ARGUMENTS what {missing} is in {address.route}")
    if not address.name:
        return "/" + ARGUMENT.sub(
            lambda found: str(given[found[1] or found[2]]), address.route
        ).rstrip("$")
    name = f"{address.namespace}:{address.name}" if address.namespace else address.name
    return reverse(name, kwargs=given) + QUERIES.get(address.name, "")


def someone(role: str) -> User | None:
    if role == "anonymous":
        return None
    user = a_user(is_superuser=role == SUPERUSER)
    if role in GROUPS:
        user.groups.add(Group.objects.get(name=role))
    return user


def ask(user: User | None, client: Client, method: str, path: str) -> str:
    """Ask as this person, take back what that did, and say in a word what came of it."""
    with transaction.atomic():
        response = getattr(client, method)(path)
        if getattr(response, "streaming", False):
            list(response.streaming_content)
        transaction.set_rollback(True)
    if settings.SESSION_COOKIE_NAME in response.cookies:
        sign_in(client, user)
    status, there = response.status_code, response.headers.get("Location", "")
    assert status < 500, f"{method} {path}: {status}"
    if status == 302 and there.startswith(reverse("admin:login")):
        return "login"
    if status == 302 and there == reverse("admin:index"):
        return "led away"
    return {403: "refused", 404: "missing", 405: "unknown"}.get(status, "answered")


def sign_in(client: Client, user: User | None) -> None:
    if user:
        client.force_login(user)


def expected(role: str, address: Address, method: str) -> str:
    need = need_for(address)
    wanted = need.get if method == "get" else need.post
    if may(role, wanted, page=address.page):
        return "answered" if wanted == ANYBODY else need.answer
    behind_the_door = address.namespace == "admin" or not address.namespace
    return "login" if role == "anonymous" and behind_the_door else need.refusal


@pytest.mark.parametrize("role", [*ROLES, SUPERUSER])
def test_every_address_answers_those_who_may_and_refuses_the_others(
    role: str, things: dict[str, Any]
) -> None:
    user, client = someone(role), HttpsClient()
    sign_in(client, user)
    wrong = []
    for address in ADDRESSES:
        path = path_of(address, things)
        for method in ("get", "post"):
            due, came = expected(role, address, method), ask(user, client, method, path)
            if came == "unknown":
                # A method that a page does not know does nothing, whoever asks.
                continue
            if due == "refused" and came in {"missing", "led away"}:
                # Who is told that there is nothing is refused as well.
                continue
            if came == "led away":
                came = "answered"
            if came == "missing" and address.page in OF_NOTHING:
                came = "answered"
            if due != came:
                wrong.append(f"{role}: {method} {path} ({address.name}): {came}, not {due}")
    assert not wrong, "\n".join(wrong)


def test_the_groups_have_the_rights_that_are_written_down() -> None:
    for name, rights in GROUPS.items():
        due = {f"{act}_{model}" for model, acts in rights.items() for act in acts}
        assert set(Group.objects.get(name=name).permissions.values_list("codename", flat=True)) == {
            *due
        }, name


def test_every_right_that_is_written_down_exists() -> None:
    known = set(Permission.objects.values_list("codename", flat=True))
    for rights in GROUPS.values():
        assert {f"{act}_{model}" for model, acts in rights.items() for act in acts} <= known


def test_no_decision_is_about_an_address_that_is_gone() -> None:
    known = {address.name or address.pattern for address in ADDRESSES}
    assert DECIDED.keys() <= known
    assert NEVER.keys() <= {model for _app, model in REGISTERED}
