"""Every line of the attack lists, in every field, in a real browser: nothing of it runs."""

# Markup is easier to read on one line.
# ruff: noqa: E501

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from django.conf import settings as django_settings
from django.utils import timezone
from playwright.sync_api import Page as BrowserPage
from playwright.sync_api import expect

from kei_site.common.html import sanitize
from publications.actions.after import after_new, after_write
from publications.models import (
    Author,
    Contribution,
    Correction,
    Image,
    Kind,
    Outlet,
    Page,
    Publication,
    Series,
    SiteSettings,
    Spotlight,
    Tag,
    Tagging,
)
from publications.states import Status
from tests.journeys.test_publishing import sign_in
from tests.journeys.test_writing import DOT

XSS = django_settings.BASE_DIR.parent / "shared" / "data" / "security" / "xss"
pytestmark = pytest.mark.skipif(not XSS.exists(), reason="the real data is not beside the checkout")

# So many works hold all lines as their text; the rest of the works hold them as short pieces.
TEXTS = 8
PIECE = 190
EXPECTED = re.compile(r"the server responded with a status of (404|410)\b")
# Whatever runs calls one of these, or leaves a trace by another name of the lists.
TRAPS = """
for (const name of ["alert", "confirm", "prompt", "print", "open"]) {
  window[name] = () => { ran(name); return null; };
}
document.addEventListener("securitypolicyviolation", (event) => {
  ran(`CSP ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});
"""


def lines() -> list[str]:
    found: dict[str, None] = {}
    for path in sorted(XSS.iterdir()):
        found |= dict.fromkeys(path.read_text(errors="replace").replace("\x00", "").splitlines())
    return [line.strip() for line in found if line.strip()]


def in_pieces(most: int) -> Iterator[str]:
    """All lines in pieces for a short field, several to a piece; a longer line is cut."""
    piece = ""
    for line in lines():
        for start in range(0, len(line), most):
            part = line[start : start + most]
            if piece and len(piece) + len(part) + 1 > most:
                yield piece
                piece = ""
            piece = f"{piece} {part}".strip()
    yield piece


@pytest.fixture
def library(site: str) -> list[Publication]:
    """As many works as there are pieces: each has one in each of its fields and names."""
    pieces = list({piece.lower(): piece for piece in in_pieces(PIECE)}.values())
    now = timezone.now()
    images = Image.objects.bulk_create(
        Image(file=f"images/{n}.png", width=9, height=9, alt=text, credit=text, caption=text)
        for n, text in enumerate(pieces)
    )
    authors = Author.objects.bulk_create(
        Author(
            slug=f"a-{n}", display_name=text, native_name=text[:100], given_name=text[:100],
            family_name=text[-100:], affiliation=text, position=text,
        )
        for n, text in enumerate(pieces)
    )  # fmt: skip
    outlets = Outlet.objects.bulk_create(
        Outlet(slug=f"o-{n}", name=text) for n, text in enumerate(pieces)
    )
    series = Series.objects.bulk_create(
        Series(slug=f"s-{n}", title=text) for n, text in enumerate(pieces)
    )
    # The comma stands between tags.
    parts = [each.replace(",", ";") for each in in_pieces(95)]
    names = list({each.lower(): each for each in parts}.values())
    tags = Tag.objects.bulk_create(Tag(name=text, slug=f"t-{n}") for n, text in enumerate(names))
    kind = Kind.objects.get(slug="op-eds")
    works = Publication.objects.bulk_create(
        Publication(
            kind=kind, slug=f"w-{n}", title=text, standfirst=text, lead_image=images[n],
            report_number=text[:60], outlet=outlets[n], series=series[n],
            body=body_of(n, images), status=Status.PUBLISHED,
            published_at=now - timedelta(minutes=n + 1),
        )
        for n, text in enumerate(pieces)
    )  # fmt: skip
    Contribution.objects.bulk_create(
        Contribution(publication=work, author=author, position=1, affiliation=author.affiliation)
        for work, author in zip(works, authors, strict=True)
    )
    Tagging.objects.bulk_create(
        Tagging(content_object=works[n % len(works)], tag=tag) for n, tag in enumerate(tags)
    )
    Correction.objects.bulk_create(
        Correction(publication=work, note=text) for work, text in zip(works, pieces, strict=True)
    )
    after_new(authors)
    after_write(*works)
    return works


def body_of(number: int, images: list[Image]) -> str:
    """One of a few texts: lines as they are, each by itself, and figures of hostile pictures."""
    if number >= TEXTS:
        return ""
    mine = lines()[number::TEXTS]
    figures = "".join(
        f'<figure><img src="{image.get_absolute_url()}"></figure>'
        for image in images[number::TEXTS][:20]
    )
    return "".join(sanitize(line) for line in mine) + figures + "\n".join(mine)


@pytest.fixture
def traps(page: BrowserPage) -> list[str]:
    """What ran, what the policy had to stop, and whom the pages asked."""
    caught: list[str] = []
    page.expose_function("ran", lambda name: caught.append(f"{page.url} ran {name}"))
    page.add_init_script(TRAPS)
    page.on("dialog", lambda dialog: (caught.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: caught.append(f"{page.url}: {error}"))
    page.on(
        "console",
        lambda said: (
            None if EXPECTED.search(said.text) else caught.append(f"{page.url} {said.text}")
        ),
    )
    page.on("request", lambda request: _ours(request.url, caught))
    page.on("popup", lambda popup: caught.append(f"popup {popup.url}"))
    page.route("**/images/**", lambda route: route.fulfill(body=DOT, content_type="image/png"))
    return caught


def _ours(url: str, caught: list[str]) -> None:
    if urlsplit(url).hostname not in {"localhost", None}:
        caught.append(f"asked {url}")


def test_nothing_runs_on_public_pages(
    site: str, library: list[Publication], page: BrowserPage, traps: list[str], settings: Any
) -> None:
    settings.PAGE_SIZE = 200
    everything = "\n".join(lines())
    Author.objects.filter(slug="a-0").update(biography=everything)
    Publication.objects.filter(slug="w-0").update(standfirst=everything)
    Page.objects.create(title=everything[:200], slug="page", body=everything)
    Correction.objects.create(publication=library[1], note=everything)
    Publication.objects.filter(slug="w-9").update(
        status=Status.WITHDRAWN, withdrawal_note=everything
    )
    Spotlight.objects.create(
        publication=library[2], headline=everything[:300], blurb=everything,
        image=library[2].lead_image,
    )  # fmt: skip
    addresses = [
        "/", "/page/", "/authors/", "/authors/a-0/", "/tags/", "/tags/t-0/", "/outlets/", "/outlets/o-0/",
        "/series/", "/series/s-0/", *(f"/publications/w-{n}/" for n in range(TEXTS)),
        "/publications/w-9/", *(f"/publications/?page={n}" for n in range(1, len(library) // 200 + 2)),
        "/search/?q=alert", "/search/?q=script+onerror", "/search/?q=%22img+src%22",
        f"/search/?q={quote(everything[:300])}",
    ]  # fmt: skip
    for address in addresses:
        page.goto(site + address)
    # Whatever waits for a pointer or a key.
    page.goto(f"{site}/publications/w-3/")
    page.evaluate(
        """() => { for (const each of document.querySelectorAll(".prose *")) {
            for (const type of ["mouseover", "focus", "load", "error", "animationstart", "toggle"]) {
                each.dispatchEvent(new Event(type));
            }
        } }"""
    )
    assert traps == []


def test_nothing_runs_in_the_facts_of_the_site(
    site: str, page: BrowserPage, traps: list[str]
) -> None:
    everything = "\n".join(lines())
    facts = {
        field.name: everything[: field.max_length] if field.max_length else everything
        for field in SiteSettings._meta.concrete_fields
        if field.get_internal_type() in {"CharField", "TextField"} and "color" not in field.name
    }
    SiteSettings.objects.update_or_create(pk=1, defaults=facts)
    for address in ("/", "/publications/", "/nowhere/", "/newsletter/"):
        page.goto(site + address)
    assert traps == []


def test_nothing_runs_at_the_desk_and_in_the_editor(
    site: str, library: list[Publication], page: BrowserPage, traps: list[str], admin_user: Any
) -> None:
    everything = "\n".join(lines())
    author = Author.objects.get(slug="a-0")
    Author.objects.filter(pk=author.pk).update(biography=everything)
    own = Page.objects.create(title=everything[:200], slug="page", body=everything)
    draft = library[TEXTS - 1]
    Publication.objects.filter(pk=draft.pk).update(status=Status.DRAFT)
    sign_in(page, site)
    for work in library[:TEXTS]:
        page.goto(f"{site}/admin/publications/publication/{work.pk}/change/")
        page.wait_for_selector(".writing-count")
    page.goto(site + draft.get_absolute_url())
    tag = Tag.objects.get(slug="t-0")
    for address in (
        f"author/{author.pk}/change", f"page/{own.pk}/change", f"tag/{tag.pk}/change",
        f"outlet/{library[0].outlet_id}/change", f"image/{library[0].lead_image_id}/change",
        f"series/{library[0].series_id}/change", "publication/?p=1", "publication/?p=2",
        "publication/?q=alert", "author", "tag", "outlet", "series", "image", "page",
    ):  # fmt: skip
        page.goto(f"{site}/admin/publications/{address}{'' if '?' in address else '/'}")
    # Found by search in the dialogs of the editor, and pasted.
    page.goto(f"{site}/admin/publications/publication/{library[9].pk}/change/")
    page.get_by_role("button", name="figure").click()
    page.wait_for_selector(".writing-choices li")
    page.keyboard.press("Escape")
    page.evaluate(
        """markup => {
            const data = new DataTransfer();
            data.setData("text/html", markup);
            document.querySelector(".field-body .ProseMirror.tiptap").dispatchEvent(
                new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        everything,
    )
    expect(page.locator(".field-body .tiptap")).to_contain_text("polyglot", timeout=20_000)
    assert traps == []
