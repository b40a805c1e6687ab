"""The story of a review, by keyboard alone: written, sent back, approved, published, read."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import Group
from django.core import mail
from playwright.sync_api import Browser, Locator, expect
from playwright.sync_api import Page as BrowserPage

from kei_site.common import courier
from publications.models import Publication
from publications.states import Status
from tests.factories import a_user, an_author
from tests.journeys.editor import to_the_end

MOST_TABS = 250


@pytest.fixture
def desk_of(site: str, browser: Browser) -> Iterator[Callable[[str], BrowserPage]]:
    """Sign somebody of a group in, by keyboard, in a browser of their own."""
    opened = []

    def sign_in(group: str) -> BrowserPage:
        user = a_user(email=f"{group.lower()}@example.org", first_name=group)
        user.groups.add(Group.objects.get(name=group))
        context = browser.new_context()
        opened.append(context)
        page = context.new_page()
        page.goto(f"{site}/admin/")
        keys = page.keyboard
        tab_to(page, page.get_by_label("Username"))
        keys.type(user.username)
        keys.press("Tab")
        keys.type("a long passphrase")
        keys.press("Enter")
        page.wait_for_url(f"{site}/admin/")
        return page

    yield sign_in
    for context in opened:
        context.close()


def tab_to(page: BrowserPage, wanted: Locator) -> None:
    """Press Tab until this has the focus: whoever has no mouse gets there, and sees where it is."""
    for _time in range(MOST_TABS):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab does not lead to {wanted}")


def press(page: BrowserPage, role: Any, name: str) -> None:
    """Reach a button or link, press Enter, and wait for the page that comes."""
    tab_to(page, page.get_by_role(role, name=name, exact=True).first)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def write(page: BrowserPage, field: Locator, words: str) -> None:
    tab_to(page, field)
    page.keyboard.type(words)


def check(page: BrowserPage) -> None:
    """Hold a page against the rules of accessibility, light and dark."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        # Links change their color over a moment.
        page.evaluate("Promise.all(document.getAnimations().map(each => each.finished))")
        found = Axe().run(page).response["violations"]
        said = [(each["id"], [node["html"][:120] for node in each["nodes"]]) for each in found]
        assert said == [], f"{page.url}, {scheme}"


def test_a_work_is_written_reviewed_and_published_without_a_mouse(
    site: str, desk_of: Any, settings: Any
) -> None:
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    an_author("Hana Seo")
    writer, editor, publisher = desk_of("Writer"), desk_of("Editor"), desk_of("Publisher")

    check(writer)
    press(writer, "link", "Write a publication")
    write(writer, writer.locator("#id_title"), "Rethink the northern corridor")
    write(writer, writer.locator("#id_kind"), "Op-Ed")
    write(writer, writer.get_by_role("textbox", name="Text", exact=True), "It carries grain.")
    tab_to(writer, writer.locator(".field-author .select2-selection").first)
    writer.keyboard.press("Enter")
    writer.keyboard.type("Hana")
    expect(writer.locator(".select2-results__option--highlighted")).to_have_text("Hana Seo")
    writer.keyboard.press("Enter")
    check(writer)
    write(writer, writer.get_by_label("Comment"), "Ready for a first look.")
    press(writer, "button", "Submit for review")
    expect(writer.locator(".messagelist")).to_contain_text("It stands at “In review” now.")
    check(writer)

    for comment, button in (("Name the river.", "Send back"), ("", "Approve")):
        editor.goto(f"{site}/admin/")
        press(editor, "link", "Rethink the northern corridor")
        expect(editor.locator(".standing")).to_contain_text("Submitted for review")
        check(editor)
        if comment:
            write(editor, editor.get_by_label("Comment"), comment)
        press(editor, "button", button)
        if button == "Send back":
            press(writer, "link", "Op-Ed Rethink the northern corridor")
            expect(writer.locator(".standing")).to_contain_text("Name the river.")
            tab_to(writer, writer.get_by_role("textbox", name="Text", exact=True))
            to_the_end(writer)
            writer.keyboard.type(" The river is the Tumen.")
            press(writer, "button", "Submit for review")

    publisher.goto(f"{site}/admin/")
    press(publisher, "link", "Rethink the northern corridor")
    check(publisher)
    press(publisher, "button", "Publish")
    expect(publisher.locator(".messagelist")).to_contain_text("“Published”")

    work = Publication.objects.get()
    assert work.status == Status.PUBLISHED
    assert [event.move for event in work.workflow_events.order_by("pk")] == [
        "submit", "send_back", "submit", "approve", "publish",
    ]  # fmt: skip
    courier.wait()
    assert {
        (letter.to[0], letter.subject.partition("] ")[2].partition(":")[0])
        for letter in mail.outbox
    } == {
        ("editor@example.org", "Submitted for review"),
        ("publisher@example.org", "Submitted for review"),
        ("writer@example.org", "Sent back"),
        ("writer@example.org", "Approved"),
        ("writer@example.org", "Published"),
    }
    writer.goto(site + work.get_absolute_url())
    expect(writer.locator("main")).to_contain_text("It carries grain. The river is the Tumen.")
    expect(writer.locator("main")).to_contain_text("Hana Seo")
