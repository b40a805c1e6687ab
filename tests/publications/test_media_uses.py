"""Where an image is used: said at the desk, and a reason not to delete it."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from newsletter.own_pages import missing
from publications.actions import editing
from publications.models import Attachment, Image, ImageUse, Spotlight
from publications.usage import Counts, count_uses, uses_of
from tests.factories import a_user, a_work, an_author
from tests.publications.desk import desk_url, messages_in, save, sign_in_with
from tests.publications.test_media_hidden import a_page, an_image, in_text, pending


def test_a_text_knows_its_pictures_after_every_way_of_writing(staff: Client) -> None:
    first, second = an_image(rendered=False), an_image(rendered=False)
    work = a_work(body=in_text(first) + in_text(first))
    assert list(ImageUse.objects.values_list("image", "publication")) == [(first.pk, work.pk)]
    save(staff, "publication", work.pk, body=in_text(second))
    assert list(ImageUse.objects.values_list("image", flat=True)) == [second.pk]
    editing.restore(work, 1, by=a_user("publish_publication"))
    assert list(ImageUse.objects.values_list("image", flat=True)) == [first.pk]
    a_work(body='<p><a href="/images/999999/gone.jpg">a</a> <a href="/images/x/">b</a></p>')
    assert ImageUse.objects.count() == 1


def test_uses_are_counted_and_named(staff: Client) -> None:
    image = an_image(rendered=False)
    lead, text = a_work("Led", lead_image=image), a_work("Told", body=in_text(image))
    featured = a_work("Featured")
    Spotlight.objects.create(publication=featured, image=image)
    changing = pending(lead_image={"id": image.pk, "name": "A ship"})
    author, page = an_author("Hong Gildong", portrait=image), a_page(image)
    # The same work in two ways is one publication.
    lead.body = in_text(image)
    editing.save(lead, by=a_user("publish_publication"))
    assert count_uses([image.pk]) == {image.pk: Counts(publications=4, authors=1, pages=1)}
    assert uses_of(image, most=2).total == 7
    shown = staff.get(desk_url("image", "change", image.pk)).content.decode()
    assert "Used in 4 publications, 1 author, 1 page" in shown
    links = {
        link.get("href"): link.text_content()
        for link in html.fromstring(shown).xpath("//div[@class='uses']//a")
    }
    assert links == {
        desk_url("publication", "change", lead.pk): "Led",
        desk_url("publication", "change", text.pk): "Told",
        desk_url("publication", "change", featured.pk): "Featured",
        desk_url("publication", "change", changing.pk): changing.title,
        desk_url("author", "change", author.pk): "Hong Gildong",
        desk_url("page", "change", page.pk): "About us",
    }
    assert (
        "Used in 4 publications, 1 author, 1 page" in staff.get(desk_url("image")).content.decode()
    )


@pytest.mark.parametrize(
    ("use", "said"),
    [
        (lambda image: a_work("Told", body=in_text(image)), "in the text of “Told”"),
        (lambda image: a_work("Led", lead_image=image), "lead image of “Led”"),
        (lambda image: an_author("Hong", portrait=image), "portrait of “Hong”"),
        (a_page, "on the page “About us”"),
        (lambda image: pending(body=in_text(image)), "in a waiting change of"),
    ],
)
def test_an_image_in_use_is_not_deleted_and_its_uses_are_named(
    staff: Client, use: Any, said: str
) -> None:
    image = an_image(rendered=False)
    use(image)
    for ask in (staff.get, lambda url: staff.post(url, {"post": "yes"})):
        response = ask(desk_url("image", "delete", image.pk))
        assert response.status_code == 302
        assert said in messages_in(staff.get(response["Location"]))
    chosen = {"action": "delete_selected", "_selected_action": [image.pk], "post": "yes"}
    response = staff.post(desk_url("image"), chosen)
    assert said in messages_in(staff.get(response["Location"]))
    with pytest.raises(ValidationError, match="cannot be deleted while it is used"):
        editing.delete(image, by=a_user("publish_publication"))
    assert Image.objects.exists()


def test_an_image_that_nothing_uses_is_deleted(staff: Client) -> None:
    image = an_image(rendered=False)
    assert staff.get(desk_url("image", "delete", image.pk)).status_code == 200
    staff.post(desk_url("image", "delete", image.pk), {"post": "yes"})
    assert not Image.objects.exists()


def test_the_library_takes_as_many_queries_for_many_and_finds_the_unused(staff: Client) -> None:
    staff.get(desk_url("image"))
    counts = []
    for _ in range(2):
        for number in range(4):
            image = an_image(rendered=False)
            if number:
                a_work(lead_image=image, body=in_text(image))
        with CaptureQueriesContext(connection) as queries:
            staff.get(desk_url("image"))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
    assert staff.get(desk_url("image"), {"use": "unused"}).context["cl"].result_count == 2
    assert staff.get(desk_url("image"), {"use": "used"}).context["cl"].result_count == 6


def test_the_library_is_searched_by_what_is_said_of_pictures(staff: Client) -> None:
    image = an_image(rendered=False)
    Image.objects.filter(pk=image.pk).update(alt="A harbor", credit="Kim", caption="Busan")
    an_image(rendered=False)
    for words in ("harbor", "kim", "busan"):
        assert staff.get(desk_url("image"), {"q": words}).context["cl"].result_count == 1


def test_who_may_only_look_sees_uses_and_cannot_delete(client: Client) -> None:
    image = an_image(rendered=False)
    a_work("Led", lead_image=image)
    sign_in_with(client, "view_image")
    assert (
        "Used in 1 publication"
        in client.get(desk_url("image", "change", image.pk)).content.decode()
    )
    assert client.post(desk_url("image", "delete", image.pk), {"post": "yes"}).status_code == 403


@pytest.mark.django_db
def test_links_to_pictures_lead_somewhere_exactly_when_readers_can_open_them() -> None:
    shown, hidden = an_image(), an_image()
    a_work(body=in_text(shown))
    addresses = [each.get_absolute_url() for each in (shown, hidden)]
    addresses += [each.rendition_url("64.webp") for each in (shown, hidden)]
    assert missing(addresses) == [addresses[1], addresses[3]]


@pytest.mark.parametrize("point", ["-1", "101", "x"])
def test_a_point_outside_the_picture_is_refused(staff: Client, point: str) -> None:
    image = an_image(rendered=False)
    assert save(staff, "image", image.pk, focus_x=point).status_code == 200
    assert save(staff, "image", image.pk, focus_x="12").status_code == 302
    assert Image.objects.get().focus_x == 12


def test_an_image_whose_file_is_gone_can_still_be_described(staff: Client) -> None:
    image = an_image(rendered=False)
    image.file.storage.delete(image.file.name)
    assert save(staff, "image", image.pk, alt="What it showed").status_code == 302
    assert Image.objects.get().alt == "What it showed"
    assert Image.objects.get().width == 64


@pytest.mark.django_db
def test_what_was_there_before_gets_its_names_pages_and_uses() -> None:
    image = an_image(rendered=False)
    work = a_work(body=in_text(image))
    page = a_page(image)
    file = Attachment.objects.create(
        publication=work, file=ContentFile(b"x", "a.pdf"), page_count=2
    )
    file.pages.create(number=1, text="Words")
    before = set(ImageUse.objects.values_list("image", "publication", "page"))
    assert before == {(image.pk, work.pk, None), (image.pk, None, page.pk)}
    ImageUse.objects.all().delete()
    Image.objects.update(public_name="")
    Attachment.objects.update(public_name="")
    migration = import_module("publications.migrations.0016_media_of_before")
    for _ in range(2):
        migration.derive(apps, None)
        file.refresh_from_db()
        image.refresh_from_db()
        assert (file.public_name, file.text_pages, image.public_name) == ("a.pdf", 1, "ship.jpg")
        assert set(ImageUse.objects.values_list("image", "publication", "page")) == before
