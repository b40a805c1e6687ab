"""The story of an op-ed: typed into the admin, read, found, and in the feed."""

import re
from typing import Any

from playwright.sync_api import Page as BrowserPage
from playwright.sync_api import expect

from tests.factories import a_work, an_author, an_outlet


def sign_in(page: BrowserPage, site: str) -> None:
    page.goto(f"{site}/admin/")
    page.get_by_label("Username").fill("admin")
    page.get_by_label("Password").fill("password")
    page.get_by_role("button", name="Log in").click()


def choose(page: BrowserPage, field: str, typed: str) -> None:
    """Pick from one of the admin's search-as-you-type boxes."""
    page.locator(f".field-{field} .select2-selection").first.click()
    page.locator(".select2-search__field").fill(typed)
    page.locator(".select2-results__option", has_text=typed).first.click()


def total(page: BrowserPage, site: str) -> int:
    page.goto(site)
    found = re.search(r"Total index:\s*([\d,]+)", page.inner_text("body"))
    assert found
    return int(found.group(1).replace(",", ""))


def test_an_op_ed_is_typed_read_found_and_fed(
    site: str, page: BrowserPage, admin_user: Any
) -> None:
    an_author("Hana Seo")
    an_outlet("The Korea Times")
    a_work("Something older")
    before = total(page, site)

    sign_in(page, site)
    page.goto(f"{site}/admin/publications/publication/add/")
    page.get_by_label("Headline", exact=False).first.fill("Rethink the northern corridor")
    page.locator("#id_kind").select_option(label="Op-Ed")
    page.get_by_role("textbox", name="Text", exact=True).click()
    page.keyboard.type("The corridor between two rivers carries more than grain.")
    choose(page, "author", "Hana Seo")
    choose(page, "outlet", "The Korea Times")
    page.locator("#id_outlet_url").fill("https://times.example/corridor")
    page.locator("#id_outlet_date").fill("2024-07-10")
    page.locator("#id_spotlights-0-starts_at_0").fill("2024-07-10")
    page.locator("#id_spotlights-0-starts_at_1").fill("09:00:00")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("added successfully")

    assert total(page, site) == before + 1
    spotlight = page.locator("main")
    expect(spotlight).to_contain_text("Rethink the northern corridor")
    page.get_by_role("link", name="Rethink the northern corridor").first.click()
    main = page.locator("main")
    expect(main).to_contain_text("[Op-Ed]")
    expect(main).to_contain_text("Hana Seo")
    expect(main).to_contain_text("This article was published in The Korea Times on July 10, 2024.")
    expect(main).to_contain_text("carries more than grain")
    original = main.get_by_role("link", name="The Korea Times").first
    expect(original).to_have_attribute("href", "https://times.example/corridor")

    page.goto(f"{site}/search/?q=northern+corridor")
    expect(page.locator("main")).to_contain_text("Rethink the northern corridor")
    feed = page.request.get(f"{site}/feeds/publications.rss").text()
    assert "[Op-Ed] Rethink the northern corridor" in feed
