"""Two browsers with one work open, and a browser that crashes."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as BrowserPage

from publications.models import Publication, User, WorkingCopy
from publications.states import Status
from tests.factories import a_tag, a_work, an_author
from tests.journeys.editor import to_the_end
from tests.publications.desk import PASSPHRASE


def a_person(name: str) -> None:
    User.objects.create_superuser(name.lower(), password=PASSPHRASE, first_name=name)


def sign_in(browser: Browser, site: str, name: str) -> BrowserPage:
    page = browser.new_context(locale="en-US").new_page()
    page.goto(f"{site}/admin/")
    page.get_by_label("Username").fill(name.lower())
    page.get_by_label("Password").fill(PASSPHRASE)
    page.get_by_role("button", name="Log in").click()
    return page


@pytest.fixture
def work(site: str) -> Publication:
    a_person("Kim")
    a_person("Lee")
    return a_work(
        "Nobody’s headline", body="<p>The corridor carries grain.</p>", tags=[a_tag("Trade")],
        authors=[an_author("Hana Seo")], status=Status.DRAFT, published_at=None,
    )  # fmt: skip


def form_of(page: BrowserPage, site: str, work: Publication) -> None:
    page.goto(f"{site}/admin/publications/publication/{work.pk}/change/")
    expect(page.locator(".tiptap")).to_be_visible()


def type_text(page: BrowserPage, words: str) -> None:
    """Type at the end of the text, in the editor."""
    page.locator(".tiptap").click()
    to_the_end(page)
    page.keyboard.type(words)


def press_save(page: BrowserPage) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


def nothing_is_wrong_with(page: BrowserPage) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_two_browsers_save_one_work_and_both_texts_are_in_it(
    site: str, browser: Browser, work: Publication
) -> None:
    kim, lee = sign_in(browser, site, "Kim"), sign_in(browser, site, "Lee")
    form_of(kim, site, work)
    form_of(lee, site, work)
    expect(lee.locator("#autosave")).to_have_text("Kim is editing this.")
    nothing_is_wrong_with(lee)

    kim.locator("#id_title").fill("Kim’s headline")
    press_save(kim)
    expect(kim.locator(".messagelist")).to_contain_text("changed successfully")
    type_text(lee, " And more, says Lee.")
    press_save(lee)

    expect(lee.locator("h1")).to_have_text("Somebody else saved this while you were writing")
    expect(lee.locator(".versions__saves")).to_contain_text("Kim saved it on")
    assert Publication.objects.get().title == "Kim’s headline"
    nothing_is_wrong_with(lee)
    lee.get_by_role("button", name="Save what is chosen above").click()
    expect(lee.locator(".messagelist")).to_contain_text("Your choice was saved")
    saved = Publication.objects.get()
    assert saved.title == "Kim’s headline"
    assert saved.body == "<p>The corridor carries grain. And more, says Lee.</p>"
    assert not WorkingCopy.objects.filter(snapshot__isnull=False).exists()


def test_after_a_crash_the_text_comes_back(site: str, browser: Browser, work: Publication) -> None:
    an_author("Ahn")
    page = sign_in(browser, site, "Lee")
    form_of(page, site, work)
    page.locator("#id_title").fill("Typed and not saved")
    type_text(page, " Lost?")
    page.locator("#contributions-group .add-row a").click()
    page.locator("#contributions-1 .select2-selection").click()
    page.locator(".select2-search__field").fill("Ahn")
    page.get_by_role("option", name="Ahn", exact=True).click()
    with page.expect_response(lambda answer: "/autosave/" in answer.url and answer.ok):
        page.locator("#id_contributions-0-affiliation").fill("Elsewhere")
    page.wait_for_function("document.querySelector('[name=_copy]').value !== ''")
    expect(page.locator(".unsaved__kept")).to_contain_text("Kept at")
    # A crash asks nothing.
    page.close(run_before_unload=False)

    page = sign_in(browser, site, "Lee")
    form_of(page, site, work)
    assert page.locator("#id_title").input_value() == "Nobody’s headline"
    nothing_is_wrong_with(page)
    page.get_by_role("link", name="Bring it back").click()
    expect(page.locator("#id_title")).to_have_value("Typed and not saved")
    expect(page.locator(".tiptap")).to_have_text("The corridor carries grain. Lost?")
    expect(page.locator("#id_contributions-0-affiliation")).to_have_value("Elsewhere")
    press_save(page)
    expect(page.locator(".messagelist")).to_contain_text("changed successfully")
    saved = Publication.objects.get()
    assert saved.title == "Typed and not saved"
    assert [(str(each), each.affiliation) for each in saved.byline] == [
        ("Hana Seo", "Elsewhere"),
        ("Ahn", ""),
    ]


def test_leaving_with_unsaved_words_is_asked_about(
    site: str, browser: Browser, work: Publication
) -> None:
    page = sign_in(browser, site, "Lee")
    asked: list[Any] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    form_of(page, site, work)
    page.locator(".tiptap").click()
    page.goto(f"{site}/admin/")
    assert asked == []
    form_of(page, site, work)
    type_text(page, " More.")
    page.goto(f"{site}/admin/")
    assert asked == ["beforeunload"]
