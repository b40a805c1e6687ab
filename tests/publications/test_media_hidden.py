"""Files of what is not public: nobody gets them but staff with the right, by no address."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from publications.actions import editing, workflow
from publications.actions.after import after_text
from publications.actions.renditions import render_next
from publications.models import (
    Attachment,
    Image,
    Page,
    PendingChange,
    Publication,
    Rights,
    Spotlight,
)
from publications.snapshots import take
from publications.states import Status
from tests.factories import a_series, a_user, a_work, an_author, an_outlet
from tests.publications.uploads import a_picture

SOON = timedelta(days=1)


def an_image(*, rendered: bool = True) -> Image:
    image = Image.objects.create(
        file=ContentFile(a_picture(), "ship.jpg"), alt="A ship", credit="Staff"
    )
    while rendered and render_next():
        pass
    return Image.objects.get(pk=image.pk)


def addresses_of(image: Image) -> list[str]:
    return [image.get_absolute_url(), *(image.rendition_url(each) for each in image.renditions)]


def spent(response: Any) -> Any:
    """Read a response to its end, as clients do; then its file is closed."""
    if response.streaming:
        b"".join(response.streaming_content)
    return response


def statuses(client: Client, addresses: list[str]) -> set[int]:
    found = set()
    for address in addresses:
        found.add(spent(client.get(address)).status_code)
    return found


def in_text(image: Image) -> str:
    return f'<p>Words.</p><figure><img src="{image.get_absolute_url()}" alt="A ship"></figure>'


def pending(**fields: Any) -> Publication:
    """A public work without a picture, and a change that waits and brings one."""
    work = a_work()
    snapshot = take(work)
    snapshot["fields"] |= fields
    PendingChange.objects.create(publication=work, snapshot=snapshot, base_revision=1)
    return work


HIDDEN_STATES: dict[str, dict[str, Any]] = {
    "draft": {"status": Status.DRAFT},
    "in review": {"status": Status.IN_REVIEW},
    "approved": {"status": Status.APPROVED},
    "withdrawn": {"status": Status.WITHDRAWN},
    "scheduled": {"published_at": timezone.now() + timedelta(days=400)},
}
WAYS: dict[str, Callable[[Image, dict[str, Any]], Any]] = {
    "lead image": lambda image, state: a_work(lead_image=image, **state),
    "in the text": lambda image, state: a_work(body=in_text(image), **state),
    "Spotlight": lambda image, state: Spotlight.objects.create(
        publication=a_work(**state), image=image
    ),
}
# Ways in which a picture is near to readers and yet not shown to them.
HIDDEN: dict[str, Callable[[Image], Any]] = {
    **{
        f"{way} of a work: {state}": partial(WAYS[way], state=facts)
        for way in WAYS
        for state, facts in HIDDEN_STATES.items()
    },
    "nowhere": lambda _image: None,
    "lead image of a waiting change": lambda image: pending(
        lead_image={"id": image.pk, "name": "A ship"}
    ),
    "in the text of a waiting change": lambda image: pending(body=in_text(image)),
    "tomorrow's Spotlight": lambda image: Spotlight.objects.create(
        publication=a_work(), image=image, starts_at=timezone.now() + SOON
    ),
    "on a page that is not public": lambda image: a_page(image, is_public=False),
    "below the opening of an excerpt": lambda image: a_work(
        body=in_text(image), **excerpt()
    ),
    "below the opening, full text from tomorrow": lambda image: a_work(
        body=in_text(image),
        **excerpt(rights=Rights.FULL_FROM, full_text_from=timezone.localdate() + SOON),
    ),
}  # fmt: skip
SHOWN: dict[str, Callable[[Image], Any]] = {
    **{f"{way} of a public work": partial(WAYS[way], state={}) for way in WAYS},
    "portrait": lambda image: an_author(portrait=image),
    "in a biography": lambda image: noted(an_author(biography=in_text(image))),
    "in the description of a series": lambda image: noted(a_series(description=in_text(image))),
    "on a public page": lambda image: a_page(image, is_public=True),
    "in the opening of an excerpt": lambda image: a_work(
        body=f'<p><img src="{image.get_absolute_url()}" alt=""></p>', **excerpt()
    ),
    "full text since today": lambda image: a_work(
        body=in_text(image),
        **excerpt(rights=Rights.FULL_FROM, full_text_from=timezone.localdate()),
    ),
}


def excerpt(**facts: Any) -> dict[str, Any]:
    return {
        "rights": Rights.EXCERPT, "outlet": an_outlet(), "outlet_url": "https://a.example/", **facts
    }  # fmt: skip


def a_page(image: Image, **facts: Any) -> Page:
    page = Page(title="About us", slug="about-us", body=in_text(image), **facts)
    editing.save(page, by=None)
    return page


def noted(thing: Any) -> Any:
    after_text(None, thing)
    return thing


@pytest.mark.parametrize("way", HIDDEN)
def test_a_picture_that_no_public_page_shows_cannot_be_reached(client: Client, way: str) -> None:
    image = an_image()
    HIDDEN[way](image)
    addresses = addresses_of(image)
    assert len(addresses) == 3
    assert statuses(client, addresses) == {404}
    client.force_login(a_user())
    assert statuses(client, addresses) == {404}
    client.force_login(a_user("view_publication", "change_publication"))
    assert statuses(client, addresses) == {404}
    client.force_login(a_user("view_image"))
    for address in addresses:
        response = spent(client.get(address))
        assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store")


@pytest.mark.parametrize("way", SHOWN)
def test_a_picture_that_a_public_page_shows_is_for_everybody(client: Client, way: str) -> None:
    image = an_image()
    SHOWN[way](image)
    assert statuses(client, addresses_of(image)) == {200}


def test_a_former_member_of_staff_is_a_reader(client: Client) -> None:
    user = a_user("view_image", "view_publication")
    user.is_staff = False
    user.save()
    client.force_login(user)
    assert statuses(client, addresses_of(an_image())) == {404}


def test_a_picture_goes_with_the_work_that_showed_it_and_comes_back(client: Client) -> None:
    image, publisher = an_image(), a_user("publish_publication", "change_publication")
    work = a_work(body=in_text(image))
    assert statuses(client, addresses_of(image)) == {200}
    workflow.withdraw(work, by=publisher)
    assert statuses(client, addresses_of(image)) == {404}
    workflow.publish(work, by=publisher)
    assert statuses(client, addresses_of(image)) == {200}
    work.refresh_from_db()
    work.body = "<p>Without it.</p>"
    editing.save(work, by=publisher)
    assert statuses(client, addresses_of(image)) == {404}


@pytest.mark.parametrize("state", HIDDEN_STATES)
def test_a_file_of_a_hidden_work_cannot_be_reached(client: Client, state: str) -> None:
    file = Attachment.objects.create(
        publication=a_work(**HIDDEN_STATES[state]), file=ContentFile(b"%PDF-1.7 x", "보고서.pdf")
    )
    addresses = [file.get_absolute_url()]
    assert statuses(client, addresses) == {404}
    client.force_login(a_user("view_image"))
    assert statuses(client, addresses) == {404}
    client.force_login(a_user("view_publication"))
    assert statuses(client, addresses) == {200}
    asked = {"Range": "bytes=0-3"}
    assert spent(client.get(addresses[0], headers=asked)).status_code == 206
    client.logout()
    response = client.get(addresses[0], headers=asked)
    assert (response.status_code, response.get("Accept-Ranges")) == (404, None)


def test_a_file_of_a_waiting_change_cannot_be_reached(client: Client) -> None:
    """Readers have the file of before at its address until the change is published."""
    work = a_work()
    file = Attachment.objects.create(publication=work, file=ContentFile(b"%PDF-1.7 old", "a.pdf"))
    snapshot = take(work)
    new = file.file.storage.save("attachments/new/a.pdf", ContentFile(b"%PDF-1.7 new"))
    snapshot["parts"]["attachments"][0]["file"] = new
    snapshot["parts"]["attachments"].append(
        {**snapshot["parts"]["attachments"][0], "id": file.pk + 1}
    )
    PendingChange.objects.create(publication=work, snapshot=snapshot, base_revision=1)
    assert b"".join(client.get(file.get_absolute_url()).streaming_content) == b"%PDF-1.7 old"
    for address in (f"/files/{file.pk + 1}/a.pdf", f"/media/{new}", f"/{new}"):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/images/{pk}/..%2f..%2fsecret_key", "/images/{pk}/%2e%2e", "/images/{pk}/../ship.jpg",
        "/images/{pk}/{key}/..%2f..%2fx", "/images/{pk}/{key}/480.exe", "/images/0/ship.jpg",
        "/images/99999999999999999999/ship.jpg", "/images/{pk}/ship.jpg%00",
        "/images/{pk}/SHIP.JPG",
    ],
)  # fmt: skip
def test_no_other_address_leads_to_a_file(client: Client, address: str) -> None:
    image = an_image()
    an_author(portrait=image)
    response = client.get(address.format(pk=image.pk, key=image.rendition_key))
    assert response.status_code in {302, 404}
    if response.status_code == 302:
        assert response["Location"] == image.get_absolute_url()
