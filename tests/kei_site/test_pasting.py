"""Text pasted from word processors; the fixtures are built as their clipboards are."""

# Markup is easier to read on one line.
# ruff: noqa: E501

import random
from pathlib import Path

import html5lib
import pytest

from kei_site.common.html import ALLOWED_ATTRIBUTES, ALLOWED_TAGS, sanitize
from kei_site.common.pasting import clean, is_foreign, settled, tidy

PASTED = Path(__file__).parent / "pasted"
SOURCES = sorted(path.stem for path in PASTED.glob("*.html") if ".clean" not in path.name)


def pasted(name: str) -> str:
    return (PASTED / f"{name}.html").read_text()


def without_line_ends(markup: str) -> str:
    return "".join(markup.splitlines())


@pytest.mark.parametrize("name", SOURCES)
def test_what_is_pasted_comes_out_clean(name):
    assert clean(pasted(name)) == without_line_ends(pasted(f"{name}.clean"))


@pytest.mark.parametrize("name", SOURCES)
def test_cleaning_what_is_clean_changes_nothing(name):
    once = clean(pasted(name))
    assert clean(once) == tidy(once) == sanitize(once) == settled(once) == once


@pytest.mark.parametrize("name", SOURCES)
def test_only_the_allow_list_is_left(name):
    kept = ALLOWED_ATTRIBUTES["*"] | {"class", "rel"}
    for element in html5lib.parseFragment(clean(pasted(name)), namespaceHTMLElements=False).iter():
        assert element.tag == "DOCUMENT_FRAGMENT" or element.tag in ALLOWED_TAGS
        assert set(element.attrib) <= kept | ALLOWED_ATTRIBUTES.get(element.tag, set())


@pytest.mark.parametrize("name", SOURCES)
def test_a_word_processor_is_recognized(name):
    assert is_foreign(pasted(name))
    assert not is_foreign(clean(pasted(name)))


@pytest.mark.parametrize(
    ("dirty", "plain"),
    [
        ("<h1>A <b>b</b></h1>", "<h2>A b</h2>"),
        ("loose <i>words</i>", "<p>loose <em>words</em></p>"),
        ("<div>a</div><div>b</div>", "<p>a</p><p>b</p>"),
        ("<p>a<br><br>b<br></p>", "<p>a</p><p>b</p>"),
        ("<p>&nbsp;</p><p>a&nbsp;&nbsp; b</p>", "<p>a b</p>"),
        (
            '<p><a name="x">a</a> <a href="#x">b</a> <a href="file:///c:/d">c</a></p>',
            "<p>a b c</p>",
        ),
        ("<p><b>a</b><b>b</b></p>", "<p><strong>ab</strong></p>"),
        ("<p><span style='mso-hide:all'>x</span>y</p>", "<p>y</p>"),
        ("<ul><li>a</li><ul><li>b</li></ul></ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
        ("<p>x<script>1</script><o:p></o:p></p>", "<p>x</p>"),
        ("", ""),
    ],
)
def test_each_thing_is_said_plainly(dirty, plain):
    assert clean(dirty) == plain


def test_anything_at_all_can_be_pasted():
    pieces = [
        "<p class=MsoListParagraph style='mso-list:l0 level3 lfo1'>", "<span style='mso-list:Ignore'>1.",
        "</span>", "<table><tr><td>", "</table>", "<a href='#_ftn1' name='_ftnref1'>[1]</a>",
        "<div id=ftn1><p><a href='#_ftnref1' name='_ftn1'>[1]</a>", "</div>", "<b style='font-weight:normal'>",
        "<!--[if x]>", "<![endif]-->", "<li>", "<ol>", "한국어 & ", "<sup>", "</sup>", "<hr>", "<br>",
        "<h1>", "<caption>", "\x00", "&nbsp;", "<img src=data:x>", "<blockquote>", "<a href='http://[x'>",
    ]  # fmt: skip
    chance = random.Random(5)
    for _time in range(1500):
        once = clean("".join(chance.choices(pieces, k=chance.randint(1, 25))))
        assert sanitize(once) == once


def test_deep_and_long_pastes_end():
    assert clean("<div>" * 9000 + "deep") == "deep"
    assert clean("<p>x</p>" * 3_000).count("<p>") == 3_000
