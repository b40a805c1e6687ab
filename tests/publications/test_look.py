"""How pages are built: one outline, one sign-up, marked languages, little weight."""

import re
from collections import Counter
from pathlib import Path

import html5lib
import pytest
from django.conf import settings
from django.template import engines
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from publications.models import Author, Contribution, Kind, Page, Publication, Rights, Role
from publications.templatetags.publications_plates import plate_shapes
from publications.templatetags.publications_text import (
    file_size,
    initials,
    lang_of,
    lang_span,
    scrolling_tables,
)
from tests.factories import a_series, a_tag, a_work, an_author, an_outlet

DAY = '<time datetime="2024-07-10">July 10, 2024</time>'
STATIC = settings.BASE_DIR / "kei_site" / "static"
LONG_TEXT = "".join(f"<h2>Part {n}</h2><p>{'Words and more words. ' * 60}</p>" for n in range(5))
ADDRESSES = [
    "/",
    "/publications/",
    "/publications/long-report/",
    "/op-eds/",
    "/authors/",
    "/authors/hana-seo/",
    "/outlets/",
    "/outlets/times/",
    "/tags/",
    "/tags/trade/",
    "/series/",
    "/series/papers/",
    "/archive/",
    "/about/",
    "/search/",
    "/search/?q=words",
    "/search/?q=zzzz",
    "/no-such-page/",
]


@pytest.fixture
def library(db) -> None:
    """One of everything that a page can show."""
    outlet = an_outlet("The Times of 한국")
    outlet.slug = "times"
    outlet.save()
    series = a_series("Papers")
    series.slug = "papers"
    series.save()
    author = an_author(
        "Hana Seo", slug="hana-seo", native_name="서하나", biography="<p>Writes.</p>"
    )
    facts = {"authors": [author], "tags": [a_tag("Trade", slug="trade")], "outlet": outlet}
    a_work(
        "Long report", kind="reports", slug="long-report", body=LONG_TEXT, series=series, **facts
    )
    for number in range(25):
        a_work(f"Op-ed {number} <& co>", kind="op-eds", body="<p>Words.</p>", **facts)
    Page.objects.create(title="About", slug="about", body="<p>Who we are.</p>")


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_is_valid_with_one_heading_and_one_sign_up(reader, library, address):
    page = reader.get(address).content.decode()
    parser = html5lib.HTMLParser()
    parser.parse(page)
    ids = Counter(re.findall(r'\sid="([^"]*)"', page))
    named = set(re.findall(r'\s(?:for|aria-labelledby|aria-describedby)="([^"]*)"', page))
    assert parser.errors == []
    assert [name for name, uses in ids.items() if uses > 1] == []
    assert named <= set(ids)
    assert page.count("<h1") == 1
    assert page.count('id="signup-email"') == 1
    assert "style=" not in page


@pytest.mark.parametrize("template", ["400.html", "403.html", "500.html"])
def test_pages_for_broken_requests_need_neither_context_nor_database(template):
    page = engines["django"].get_template(template).render()
    parser = html5lib.HTMLParser()
    parser.parse(page)
    assert parser.errors == []
    for address in re.findall(r'href="/static/([^"]*)"', page):
        assert (STATIC / address).exists()


def test_a_publication_page_weighs_less_than_100_kb(reader, library):
    page = len(reader.get("/publications/long-report/").content)
    styles = sum((STATIC / "css" / name).stat().st_size for name in ("tokens.css", "site.css"))
    script = (STATIC / "js" / "site.js").stat().st_size
    fonts = sum(
        (STATIC / "fonts" / name).stat().st_size
        for name in ("newsreader.woff2", "newsreader-display.woff2")
    )
    assert styles < 30_000
    assert script < 4_000
    assert page + styles + script + fonts < 100_000


def test_every_file_that_the_styles_name_is_there():
    tokens = (STATIC / "css" / "tokens.css").read_text()
    named = {Path(name).name for name in re.findall(r'url\("([^"]*)"\)', tokens)}
    assert named
    assert named == {path.name for path in (STATIC / "fonts").glob("*.woff2")}


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (
            {"outlet_url": "https://times.example/1", "outlet_date": "2024-07-10"},
            f'in <a href="https://times.example/1">The Times</a> on {DAY}.',
        ),
        (
            {"outlet_url": "https://times.example/1"},
            'in <a href="https://times.example/1">The Times</a>.',
        ),
        (
            {"outlet_date": "2024-07-10"},
            f'in <a href="/outlets/the-times/">The Times</a> on {DAY}.',
        ),
        ({}, 'in <a href="/outlets/the-times/">The Times</a>.'),
    ],
)
def test_the_notice_says_what_is_known_of_the_first_publication(reader, facts, sentence):
    outlet = an_outlet("The Times")
    outlet.slug = "the-times"
    outlet.save()
    a_work("Piece", slug="piece", outlet=outlet, **facts)
    assert f"This article was published {sentence}" in reader.get("/publications/piece/").text


def test_a_work_without_an_outlet_has_no_notice(reader):
    a_work("Piece", slug="piece")
    assert "This article was published" not in reader.get("/publications/piece/").text


def test_an_excerpt_leads_to_the_outlet(reader):
    a_work(
        "Piece",
        slug="piece",
        body="<p>Opening.</p><p>The rest.</p>",
        outlet=an_outlet("The Times"),
        outlet_url="https://times.example/1",
        rights=Rights.EXCERPT,
    )
    page = reader.get("/publications/piece/").text
    assert '<a class="button" href="https://times.example/1">Read it in The Times</a>' in page


def test_a_card_names_three_authors_or_two_and_how_many_others(reader):
    people = [an_author(f"Person {letter}") for letter in "ABCDEFGHIJKL"]
    a_work("By three", authors=people[:3])
    a_work("By twelve", authors=people)
    page = reader.get("/publications/").text
    assert "Person A, Person B and Person C ·" in page
    assert "Person A, Person B and 10 others ·" in page


def test_a_byline_says_who_did_what(reader):
    work = a_work("Talk", slug="talk", kind="podcasts")
    for position, (name, role) in enumerate([("Ann", Role.HOST), ("Bo", Role.GUEST)], start=1):
        Contribution.objects.create(
            publication=work,
            author=an_author(name, slug=name.lower()),
            position=position,
            role=role,
        )
    page = reader.get("/publications/talk/").text
    assert 'Hosted by <a href="/authors/ann/">Ann</a> · With <a href="/authors/bo/">Bo</a>' in page


def test_a_draft_says_that_only_staff_see_it(staff):
    a_work("Draft", slug="draft", status="draft", published_at=None)
    a_work("Out", slug="out")
    assert "only staff see this page" in staff.get("/publications/draft/").text
    assert "only staff see this page" not in staff.get("/publications/out/").text


def test_a_plate_is_the_same_at_every_visit_and_another_for_another_work(db):
    one, other = a_work(slug="one", kind="op-eds"), a_work(slug="other", kind="op-eds")
    assert plate_shapes(one) == plate_shapes(one)
    assert plate_shapes(one) != plate_shapes(other)


@given(st.integers(min_value=0, max_value=11), st.text(min_size=1))
def test_every_plate_has_one_mark_in_the_accent_color(position, slug):
    shapes = plate_shapes(Publication(kind=Kind(position=position), slug=slug))
    assert [shape.style for shape in shapes].count("mark") == 1


@pytest.mark.parametrize(
    ("text", "language", "attribute"),
    [
        ("Trade after the tariff", "en", ""),
        ("북한의 새 관광특구", "ko", ' lang="ko"'),
        ("북한의 새 관광특구", "en", ' lang="ko"'),
        ("An English title of a Korean text", "ko", ""),
        ("Der neue Handel", "de", ' lang="de"'),
        ("貿易の将来", "ja", ' lang="ja"'),
        ("Reunions (이산가족)", "en", ' lang="ko"'),
        ("The long work of family reunions (상봉)", "en", ""),
        ("2024", "", ""),
        ("", "", ""),
    ],
)
def test_a_passage_in_another_language_says_so(text, language, attribute):
    assert lang_of(text, language) == attribute


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("Hana Seo", "Hana Seo"),
        ("서하나", '<span lang="ko">서하나</span>'),
        (
            "The long work of family reunions (이산가족 상봉) & more",
            'The long work of family reunions (<span lang="ko">이산가족 상봉</span>) &amp; more',
        ),
        ("<b>bold</b>", "&lt;b&gt;bold&lt;/b&gt;"),
    ],
)
def test_korean_in_a_line_of_text_is_marked(text, marked):
    assert lang_span(text) == marked


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("가나 <>&\"'()"))))
def test_marking_languages_adds_spans_and_nothing_else(text):
    assert re.sub(r'<span lang="ko">|</span>', "", lang_span(text)) == escape(text)


def test_tables_scroll_in_a_box_that_the_keyboard_reaches():
    boxed = scrolling_tables("<p>a</p><table><tbody><tr><td>1</td></tr></tbody></table>")
    assert boxed.startswith(
        '<p>a</p><div class="scroll" role="group" aria-label="Table" tabindex="0">'
    )
    assert boxed.endswith("</table></div>")


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Hana Seo", "HS"),
        ("서하나", "서"),
        ("Center for Grid Futures", "CF"),
        ("bell hooks", "b"),
        ("—", "—"),
    ],
)
def test_initials_stand_for_a_missing_portrait(name, letters):
    assert initials(Author(display_name=name)) == letters


@pytest.mark.parametrize(
    ("octets", "words"),
    [(0, "1 KB"), (310_000, "310 KB"), (999_999, "1000 KB"), (4_230_000, "4.2 MB")],
)
def test_sizes_of_files_are_short(octets, words):
    assert file_size(octets) == words
