"""The editorial desk as a person at a browser has it: open a form, fill in, save."""

from typing import Any

from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from lxml import html

from publications.models import User

PASSPHRASE = "a long passphrase"


def desk_url(model: str, page: str = "changelist", *args: Any) -> str:
    return reverse(f"admin:publications_{model}_{page}", args=args)


def form_in(response: Any, model: str) -> dict[str, Any]:
    """What the form on the page would send if nothing were typed."""
    form = html.fromstring(response.content.decode()).get_element_by_id(f"{model}_form")
    return {name: value for name, value in form.form_values() if name != "csrfmiddlewaretoken"}


def save(client: Client, model: str, *args: Any, press: str = "_save", **typed: Any) -> Any:
    """Open the form of a new thing, or of the one with this key, type, and press a button."""
    url = desk_url(model, "change" if args else "add", *args)
    sent = form_in(client.get(url), model) | {press: "Save"} | typed
    return client.post(url, sent)


def errors_in(response: Any) -> str:
    """All that the page complains about, on one line."""
    page = html.fromstring(response.content.decode())
    found = page.xpath("//*[contains(@class, 'errorlist') or contains(@class, 'errornote')]")
    return " ".join(" ".join(each.text_content().split()) for each in found)


def messages_in(response: Any) -> str:
    page = html.fromstring(response.content.decode())
    return " ".join(each.text_content() for each in page.find_class("messagelist"))


def sign_in_with(client: Client, *rights: str) -> User:
    """Sign a member of staff in who has these rights and no others."""
    user = User.objects.create_user(f"staff-{'-'.join(rights)}"[:150], is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(content_type__app_label="publications", codename__in=rights)
    )
    client.force_login(user)
    return user


def at(moment: str) -> dict[str, str]:
    """The two fields of a publication date."""
    day, _, hour = moment.partition(" ")
    return {"published_at_0": day, "published_at_1": hour}
