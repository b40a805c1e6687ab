"""Pictures at the desk and on the page, in a browser."""

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.files.base import ContentFile
from django.core.management import call_command
from playwright.sync_api import Page as BrowserPage
from playwright.sync_api import expect

from publications.models import Attachment, Image, User
from tests.factories import a_work
from tests.publications.desk import PASSPHRASE
from tests.publications.uploads import a_picture, exif


@pytest.fixture
def complaints(page: BrowserPage) -> list[str]:
    found: list[str] = []
    page.on("console", lambda said: found.append(said.text) if said.type != "info" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def sign_in(page: BrowserPage, site: str) -> None:
    User.objects.create_superuser("Hana", password=PASSPHRASE)
    page.goto(f"{site}/admin/login/")
    page.get_by_label("Username").fill("Hana")
    page.get_by_label("Password").fill(PASSPHRASE)
    page.get_by_role("button", name="Log in").click()


def violations(page: BrowserPage) -> Any:
    found = Axe().run(page).response["violations"]
    return [(each["id"], each["nodes"][0]["html"]) for each in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_picture_from_upload_to_the_page(
    site: str, page: BrowserPage, tmp_path: Path, complaints: list[str], scheme: Any
) -> None:
    page.emulate_media(color_scheme=scheme)
    sign_in(page, site)
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(a_picture("JPEG", (1800, 1200), exif=exif(6)))
    page.goto(f"{site}/admin/publications/image/add/")
    page.get_by_label("File").set_input_files(photo)
    page.get_by_label("Alternative text").fill("A harbor at dawn")
    page.get_by_label("Credit").fill("Staff")
    page.get_by_role("button", name="Save and continue editing").click()
    preview = page.locator("[data-focus] img")
    expect(preview).to_have_js_property("complete", True)
    box = preview.bounding_box()
    preview.click(position={"x": box["width"] * 0.8, "y": box["height"] * 0.25})
    assert page.get_by_label("From the left").input_value() == "80"
    assert page.get_by_label("From the top").input_value() == "25"
    assert violations(page) == []
    page.get_by_role("button", name="Save", exact=True).click()
    image = Image.objects.get()
    assert (image.focus_x, image.focus_y, image.width, image.height) == (80, 25, 1200, 1800)
    call_command("make_renditions", "--once", verbosity=0)
    work = a_work("A work", lead_image=image, body="<p>Words.</p>")
    page.goto(f"{site}/admin/publications/image/")
    assert page.get_by_text("Used in 1 publication").is_visible()
    assert violations(page) == []
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"{site}{work.get_absolute_url()}")
    shown = page.locator("figure.picture img")
    assert shown.evaluate("each => each.currentSrc").endswith("/480.webp")
    assert shown.evaluate("each => getComputedStyle(each).objectPosition") == "80% 20%"
    assert violations(page) == []
    page.goto(f"{site}/publications/")
    assert violations(page) == []
    assert complaints == []


def test_the_place_of_a_picture_is_kept_free_until_it_comes(site: str, page: BrowserPage) -> None:
    """Nothing on the page moves when the picture arrives."""
    file = ContentFile(a_picture("JPEG", (1200, 800)), "ship.jpg")
    image = Image.objects.create(file=file, alt="A ship", credit="Staff")
    work = a_work(lead_image=image, body="<p>Words.</p>" * 30)

    def top() -> float:
        return float(page.locator(".work__text").bounding_box()["y"])

    page.route("**/images/**", lambda route: route.abort())
    page.goto(f"{site}{work.get_absolute_url()}")
    without = top()
    page.unroute("**/images/**")
    page.reload()
    assert abs(top() - without) < 1


def test_the_list_of_files(site: str, page: BrowserPage, complaints: list[str]) -> None:
    sign_in(page, site)
    work = a_work("A work with a name that goes on for longer than anybody would like to read it")
    Attachment.objects.create(publication=work, file="a/scan.pdf", page_count=2, text_pages=0)
    Attachment.objects.create(publication=work, file="a/broken.pdf")
    page.goto(f"{site}/admin/publications/attachment/")
    assert page.get_by_text("No text layer", exact=True).first.is_visible()
    assert violations(page) == []
    assert complaints == []
