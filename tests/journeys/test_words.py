"""People and words in a browser: added while typing, merged, restored; every page accessible."""

from datetime import date
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page as BrowserPage
from playwright.sync_api import expect

from publications.actions import editing, merging
from publications.models import Author, Merge, Publication, Trash
from publications.states import Status
from tests.factories import a_tag, a_work, an_author
from tests.journeys.test_publishing import sign_in


def byline_box(page: BrowserPage) -> None:
    page.locator("#contributions-0 .field-author .select2-selection").click()


def test_an_author_is_added_while_a_byline_is_typed(
    site: str, page: BrowserPage, admin_user: Any
) -> None:
    an_author("Hana Seong")
    sign_in(page, site)
    page.goto(f"{site}/admin/publications/publication/add/")
    page.get_by_label("Headline", exact=False).first.fill("Rethink the corridor")
    page.locator("#id_kind").select_option(label="Op-Ed")
    byline_box(page)
    page.locator(".select2-search__field").fill("Hana Seo")
    options = page.locator(".select2-results__option")
    expect(options).to_have_text(["Hana Seong", "Add “Hana Seo”"])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    chosen = page.locator("#contributions-0 .select2-selection__rendered")
    expect(chosen).to_contain_text("Hana Seo")
    expect(page.locator("#id_contributions-0-author option:checked")).to_have_text("Hana Seo")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("added successfully")
    assert [str(row) for row in Publication.objects.get().byline] == ["Hana Seo"]
    assert Author.objects.count() == 2


def test_a_refusal_is_said_beside_the_box(site: str, page: BrowserPage, admin_user: Any) -> None:
    sign_in(page, site)
    page.goto(f"{site}/admin/publications/publication/add/")
    page.route("**/add-named/", lambda route: route.abort())
    byline_box(page)
    page.locator(".select2-search__field").fill("Hana")
    page.locator(".select2-results__option", has_text="Add “Hana”").click()
    expect(page.locator(".byline-said")).to_have_text(
        "The author could not be added. Please try again."
    )
    expect(page.locator("#id_contributions-0-author")).to_have_value("")


def test_two_authors_become_one_and_two_again_by_keyboard(
    site: str, page: BrowserPage, admin_user: Any
) -> None:
    kept, gone = an_author("Kim Min-ji"), an_author("Minji Kim")
    a_work("Ships", authors=[gone])
    sign_in(page, site)
    page.goto(f"{site}/admin/publications/author/{kept.pk}/change/")
    page.get_by_role("link", name="Merge…").press("Enter")
    page.get_by_role("radio").press("Space")
    page.locator(".page__field .select2-selection").press("Enter")
    page.locator(".select2-search__field").fill("Minji")
    expect(page.locator(".select2-results__option")).to_have_text(["Minji Kim"])
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Show what changes").press("Enter")
    expect(page.locator("#content-main")).to_contain_text("1 publication changes")
    page.get_by_role("button", name="Merge into “Kim Min-ji”").press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("“Minji Kim” went into “Kim Min-ji”")
    page.get_by_role("link", name="This can be undone for 30 days.").press("Enter")
    page.get_by_role("link", name="Undo… Minji Kim").press("Enter")
    page.get_by_role("button", name="Undo the merge").press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("“Minji Kim” is back")
    assert [str(row) for row in Publication.objects.get().byline] == ["Minji Kim"]


@pytest.fixture
def addresses(admin_user: Any) -> list[str]:
    """Every page of ours with something on it."""
    kept, gone, third = an_author("Kim"), an_author("Kimm", position="Fellow"), an_author("Kimmm")
    for number in range(3):
        a_work(f"Both {number}", authors=[kept, gone], owner=admin_user, review_by=date(2020, 1, 1))
    work = a_work("Draft", status=Status.DRAFT, published_at=None, owner=admin_user)
    work.standfirst = "More."
    editing.save(work, by=admin_user)
    merging.merge(kept, [third], by=admin_user)
    editing.delete(a_tag("Sea"), by=admin_user)
    base = "/admin/publications"
    return [
        "/admin/",
        f"{base}/author/merge/?ids={kept.pk}&ids={gone.pk}&keep={kept.pk}",
        f"{base}/merge/", f"{base}/merge/{Merge.objects.get().pk}/undo/",
        f"{base}/trash/", f"{base}/trash/{Trash.objects.get().pk}/restore/",
        f"{base}/publication/reviews/", f"{base}/publication/{work.pk}/delete/",
        f"{base}/publication/{work.pk}/change/", f"{base}/author/{kept.pk}/change/",
    ]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible_and_no_wider_than_a_phone(
    site: str, page: BrowserPage, addresses: list[str], scheme: Any
) -> None:
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(f"{page.url}: {said.text}"))
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.emulate_media(color_scheme=scheme)
    sign_in(page, site)
    for address in addresses:
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(site + address)
            for violation in Axe().run(page).response["violations"]:
                targets = [node["html"][:160] for node in violation["nodes"]]
                complaints.append(f"{address}: {violation['id']} {targets}")
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > 360:
            complaints.append(f"{address} is {wide} px wide")
    assert complaints == []
