"""The editor: nothing that the site knows is lost in it, and its tools do what they say."""

# Markup is easier to read on one line.
# ruff: noqa: E501

import base64
import re
from pathlib import Path
from typing import Any

import html5lib
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import Page as BrowserPage
from playwright.sync_api import expect

from kei_site.common.html import ALLOWED_TAGS
from kei_site.common.pasting import settled
from publications.models import Image, Publication
from tests.factories import a_work
from tests.journeys.editor import settle
from tests.journeys.test_publishing import sign_in

DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PASTED = Path(__file__).parents[1] / "kei_site" / "pasted"
# Every tag of the allow-list, and every attribute.
EVERYTHING = """
<h2 id="one">Two</h2><h3>Three</h3><h4 lang="ko">넷</h4>
<p dir="rtl">a <a href="/about/" title="t">link</a> <a id="anchor">here</a>
<abbr title="Korea Economic Institute">KEI</abbr> <cite>c</cite> <code>x = 1</code> <del>d</del> <em>e</em>
<ins>i</ins> <mark>m</mark> <q>q</q> <s>s</s> <small>sm</small> <span lang="ko">한국</span>
<strong>st</strong> H<sub>2</sub>O m<sup>2</sup> <u>u</u> one<br>two
<img src="/images/1/a.png" alt="in a line" width="10" height="20"></p>
<blockquote><p>quoted</p><p>twice</p></blockquote><blockquote class="pull"><p>pulled</p></blockquote>
<ul><li>a<ul><li>b</li></ul></li><li><p>c</p><p>d</p></li></ul>
<ol start="3" type="a"><li>x</li></ol>
<dl><dt>term</dt><dd>meaning</dd></dl>
<pre><code>one
  two</code></pre><hr>
<table><caption>Ships</caption><thead><tr><th scope="col">Port</th><th>Ships</th></tr></thead>
<tbody><tr><th scope="row">부산</th><td>1</td></tr><tr><td colspan="2">both</td></tr>
<tr><td rowspan="2">tall</td><td>a</td></tr><tr><td>b</td></tr></tbody></table>
<figure><img src="/images/1/a.png" alt="shown" width="10" height="20"><figcaption>A <em>caption</em></figcaption></figure>
<figure class="embed"><a href="https://youtu.be/abc">A film</a></figure>
<p>noted<sup><a href="#fn-1" id="fnref-1">1</a></sup> and<sup><a href="#fn-2" id="fnref-2">2</a></sup>
again<sup><a href="#fn-1" id="fnref-1-2">1</a></sup></p>
<ol class="footnotes"><li id="fn-1">The <em>first</em>.</li><li id="fn-2"><p>Two</p><p>lines.</p></li></ol>
"""


def tree_of(markup: str) -> Any:
    """The elements of markup in their order, whatever the order of attributes and marks."""
    root = html5lib.parseFragment(markup, namespaceHTMLElements=False)

    def of(element: Any) -> Any:
        words = " ".join((element.text or "").split())
        inner = [(of(each), " ".join((each.tail or "").split())) for each in element]
        return element.tag, sorted(element.attrib.items()), words, inner

    return of(root)


def open_form(page: BrowserPage, site: str, work: Publication) -> Any:
    sign_in(page, site)
    page.goto(f"{site}/admin/publications/publication/{work.pk}/change/")
    box = page.get_by_role("textbox", name="Text", exact=True)
    expect(box).to_be_visible()
    return box


def put_cursor(page: BrowserPage, place: Any, *keys: str) -> None:
    """Click into the text and press keys, no faster than the editor learns where the cursor is."""
    place.click()
    for key in keys:
        settle(page)
        page.keyboard.press(key)
    settle(page)


def until(page: BrowserPage, question: str) -> None:
    """Wait for what `question` asks; the policy of the site lets no string be run to watch for it."""
    for _frame in range(600):
        if page.evaluate(f"() => Boolean({question})"):
            return
        page.evaluate("() => new Promise(requestAnimationFrame)")
    pytest.fail(question)


def save(page: BrowserPage, work: Publication) -> str:
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("changed successfully")
    work.refresh_from_db()
    return work.body


def paste(page: BrowserPage, markup: str) -> None:
    """What the browser does when something is pasted."""
    with page.expect_response("**/writing/paste/"):
        page.evaluate(
            """markup => {
                const data = new DataTransfer();
                data.setData("text/html", markup);
                const box = document.querySelector(".field-body .ProseMirror.tiptap");
                box.focus();
                box.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
            }""",
            markup,
        )


def test_every_element_of_the_allow_list_survives_the_editor(
    site: str, page: BrowserPage, admin_user: Any
) -> None:
    markup = settled("".join(EVERYTHING.splitlines(keepends=True)).replace("\n", " "))
    markup = markup.replace("<code>one   two", "<code>one\n  two")
    work = a_work("Everything", body=markup)
    before = Publication.objects.get(pk=work.pk).body
    assert {
        each.tag for each in html5lib.parseFragment(before, namespaceHTMLElements=False).iter()
    } >= ALLOWED_TAGS
    box = open_form(page, site, work)
    # The smallest change: typed and taken back, so that the editor writes all of it anew.
    put_cursor(page, box.locator("h2"), "End")
    page.keyboard.type("!")
    page.keyboard.press("Backspace")
    assert page.locator("#id_body").input_value() != before
    after = save(page, work)
    assert tree_of(after) == tree_of(before)


@pytest.mark.parametrize("source", ["word", "docs_clipboard", "docs_export", "libreoffice"])
def test_a_paste_is_stored_clean_with_its_footnotes(
    site: str, page: BrowserPage, admin_user: Any, source: str
) -> None:
    work = a_work("Pasted", body="")
    open_form(page, site, work).click()
    paste(page, (PASTED / f"{source}.html").read_text())
    expect(page.locator(".ProseMirror.tiptap")).not_to_have_text("")
    wanted = "".join((PASTED / f"{source}.clean.html").read_text().splitlines())
    assert tree_of(save(page, work)) == tree_of(wanted)


def test_footnotes_are_made_edited_moved_and_deleted(
    site: str, page: BrowserPage, admin_user: Any
) -> None:
    work = a_work("Noted", body="<p>First.</p><p>Second.</p>")
    box = open_form(page, site, work)
    put_cursor(page, box.locator("p", has_text=re.compile("^Second")), "End")
    page.get_by_role("button", name="Insert a footnote").click()
    expect(box.locator("ol.footnotes li")).to_have_count(1)
    until(page, "document.getSelection().anchorNode.parentElement.closest('.footnotes')")
    page.keyboard.type("On the second.")
    put_cursor(page, box.get_by_text("First."), "End", "Control+Alt+f")
    expect(box.locator("ol.footnotes li")).to_have_count(2)
    until(page, "!document.getSelection().anchorNode.textContent")
    page.keyboard.type("On the first.")
    body = save(page, work)
    assert re.findall(r'id="(fn[^"]*)"', body) == ["fnref-1", "fnref-2", "fn-1", "fn-2"]
    assert body.endswith('<li id="fn-1">On the first.</li><li id="fn-2">On the second.</li></ol>')

    box = open_again(page, site, work)
    put_cursor(page, box.get_by_text("On the second."), "End")
    page.keyboard.type(" Indeed.")
    # Cut the first paragraph with its number, and paste it behind the second.
    box.locator("p").first.click(click_count=3)
    page.keyboard.press("Control+x")
    expect(box.locator("ol.footnotes li")).to_have_count(1)
    page.keyboard.press("Delete")
    put_cursor(page, box.locator("p", has_text=re.compile("^Second")), "End", "Enter", "Control+v")
    expect(box.locator("ol.footnotes li")).to_have_count(2)
    body = save(page, work)
    notes = '<li id="fn-1">On the second. Indeed.</li><li id="fn-2">On the first.</li></ol>'
    assert body.endswith(notes)

    box = open_again(page, site, work)
    put_cursor(
        page, box.locator("p", has_text=re.compile("^Second")), "End", "Backspace", "Backspace"
    )
    expect(box.locator("ol.footnotes li")).to_have_count(1)
    page.keyboard.type(".")
    body = save(page, work)
    assert body.endswith('<ol class="footnotes"><li id="fn-1">On the first.</li></ol>')


def open_again(page: BrowserPage, site: str, work: Publication) -> Any:
    page.goto(f"{site}/admin/publications/publication/{work.pk}/change/")
    box = page.get_by_role("textbox", name="Text", exact=True)
    expect(box).to_be_visible()
    return box


def test_pictures_links_and_cards_are_put_in_by_their_buttons(
    site: str, page: BrowserPage, admin_user: Any
) -> None:
    picture = Image.objects.create(
        file=SimpleUploadedFile("harbor.png", DOT), alt="The harbor of Incheon", credit="Ha / KEI"
    )
    other = a_work("The last ferry")
    work = a_work("Put together", body="<p>Start</p>")
    box = open_form(page, site, work)
    put_cursor(page, box.get_by_text("Start"), "Control+a")
    page.get_by_role("button", name="insert link").click()
    dialog = page.get_by_role("dialog", name="Link")
    dialog.get_by_label("Find a publication of this site").fill("ferry")
    dialog.get_by_label("The last ferry").check()
    dialog.get_by_role("button", name="Insert").click()
    expect(dialog).to_have_count(0)
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="figure").click()
    dialog = page.get_by_role("dialog", name="Insert a picture")
    dialog.get_by_label("Find a picture in the library").fill("incheon")
    dialog.get_by_label("The harbor of Incheon").check()
    assert Axe().run(page).response["violations"] == []
    dialog.get_by_label("Caption").fill("At dawn")
    dialog.get_by_role("button", name="Insert").click()
    expect(box.locator("figure img")).to_be_visible()
    page.keyboard.press("Control+End")
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Video, recording or chart from elsewhere").click()
    page.get_by_label("Address").last.fill("https://www.youtube.com/watch?v=abc_DEF-123")
    page.get_by_label("What it is called").fill("A talk")
    page.locator("dialog").get_by_role("button", name="Insert").click()
    expect(box.locator("figure.embed")).to_be_visible()
    assert Axe().run(page).response["violations"] == []
    body = save(page, work)
    assert f'<a href="/work/{other.pk}/" rel="noopener">Start</a>' in body
    assert f'<img src="{picture.get_absolute_url()}" alt="The harbor of Incheon"' in body
    assert "<figcaption>At dawn</figcaption>" in body
    assert (
        '<figure class="embed"><a href="https://www.youtube.com/watch?v=abc_DEF-123" '
        'rel="noopener">A talk</a></figure>' in body
    )


def test_the_length_is_counted_while_writing(site: str, page: BrowserPage, admin_user: Any) -> None:
    work = a_work("Long", body=f"<p>{'word ' * 460}</p>")
    box = open_form(page, site, work)
    count = page.locator(".field-body .writing-count")
    expect(count).to_have_text("460 words · 2 min to read")
    put_cursor(page, box, "Control+End")
    page.keyboard.type(" more")
    expect(count).to_have_text("461 words · 2 min to read")
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("긴 글을 씁니다")
    expect(count).to_have_text("6 characters · 1 min to read")


def test_nothing_loads_from_elsewhere_before_a_click(site: str, page: BrowserPage) -> None:
    work = a_work("Film", body="<p>https://youtu.be/abc_DEF-123</p><p>Text</p>")
    asked: list[str] = []
    page.route(
        "https://**/*",
        lambda route: (asked.append(route.request.url), route.fulfill(body="a film"))[-1],
    )
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.goto(site + work.get_absolute_url())
    expect(page.locator("figure.embed a")).to_have_attribute("href", "https://youtu.be/abc_DEF-123")
    assert asked == []
    page.get_by_role("button", name="Show it here").click()
    frame = page.locator("figure.embed iframe")
    expect(frame).to_be_visible()
    expect(page.frame_locator("figure.embed iframe").locator("body")).to_have_text("a film")
    assert asked == ["https://www.youtube-nocookie.com/embed/abc_DEF-123?autoplay=1"]
    assert problems == []
    assert page.context.cookies() == []


def test_a_quotation_is_pulled_out(site: str, page: BrowserPage, admin_user: Any) -> None:
    work = a_work("Quoted", body="<p>Nobody waves.</p>")
    open_form(page, site, work).get_by_text("Nobody waves.").click()
    page.get_by_role("button", name="Pull quote").click()
    assert save(page, work) == '<blockquote class="pull"><p>Nobody waves.</p></blockquote>'


def test_a_table_gets_a_head_and_a_caption(site: str, page: BrowserPage, admin_user: Any) -> None:
    work = a_work("Tabled", body="<p>x</p>")
    open_form(page, site, work).click()
    page.keyboard.press("Control+End")
    page.get_by_role("button", name="Insert table").click()
    page.keyboard.type("Port")
    page.get_by_role("button", name="Table caption").click()
    page.locator("dialog").get_by_label("Table caption").fill("Ships in 2024")
    page.locator("dialog").get_by_role("button", name="Update").click()
    expect(page.locator(".ProseMirror caption")).to_have_text("Ships in 2024")
    body = save(page, work)
    head = "<table><caption>Ships in 2024</caption><thead><tr><th>Port</th>"
    assert head in body
