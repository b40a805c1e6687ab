"""The allow-list for rich text."""

import re

import html5lib
import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from kei_site.common.html import ALLOWED_TAGS, URL_SCHEMES, sanitize, to_text
from publications.models import Publication
from tests.factories import a_work

XSS = settings.BASE_DIR.parent / "shared" / "data" / "security" / "xss"


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("<p onclick='x()'>Hi</p>", "<p>Hi</p>"),
        ("<script>alert(1)</script><p>Hi</p>", "<p>Hi</p>"),
        ("<p>Hi</p><iframe src='//evil.example'></iframe>", "<p>Hi</p>"),
        ("<a href='javascript:x()'>Hi</a>", '<a rel="noopener">Hi</a>'),
        ("<a href='/about/'>Hi</a>", '<a href="/about/" rel="noopener">Hi</a>'),
        ("<p>A<img src='https://evil.example/pixel.gif'>B</p>", "<p>AB</p>"),
        ("<p>N\x00UL</p>", "<p>NUL</p>"),
        ("<p> </p><p><br></p>", ""),
        (
            "<table><caption>C</caption><tr><td>1</td></tr></table>",
            "<table><caption>C</caption><tbody><tr><td>1</td></tr></tbody></table>",
        ),
        ("<div>" * 9000 + "deep & down", "deep &amp; down"),
        ('<sup id="fn1">1</sup>', '<sup id="fn1">1</sup>'),
    ],
)
def test_only_what_is_on_the_list_stays(dirty, clean):
    assert sanitize(dirty) == clean


@given(st.text())
def test_cleaning_twice_is_cleaning_once(markup):
    once = sanitize(markup)
    assert sanitize(once) == once


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One</p><p>Two &amp; three</p>", "One Two & three"),
        ("<ul><li>a</li><li>b</li></ul>", "a b"),
        ("", ""),
    ],
)
def test_markup_reads_as_words(markup, text):
    assert to_text(markup) == text


def test_no_way_of_writing_goes_round_the_list(db):
    work = a_work(body="<p>a</p><script>1</script>")
    Publication.objects.filter(pk=work.pk).update(body="<p>b</p><script>2</script>")
    assert Publication.objects.get(pk=work.pk).body == "<p>b</p>"
    work.body = "<p>c</p><script>3</script>"
    Publication.objects.bulk_update([work], ["body"])
    assert Publication.objects.get(pk=work.pk).body == "<p>c</p>"


@pytest.mark.skipif(not XSS.exists(), reason="the real data is not beside the checkout")
def test_attack_strings_lose_what_could_run():
    for path in XSS.iterdir():
        for line in path.read_text(errors="replace").splitlines():
            for element in html5lib.parseFragment(
                sanitize(line), namespaceHTMLElements=False
            ).iter():
                assert element.tag == "DOCUMENT_FRAGMENT" or element.tag in ALLOWED_TAGS, line
                assert not {name for name in element.attrib if name.startswith(("on", "style"))}
                # RFC 3986: anything else before a colon is no scheme, but part of a path.
                scheme = re.match(r"\s*([a-z][a-z0-9+.-]*):", element.get("href", "").lower())
                assert scheme is None or scheme[1] in URL_SCHEMES, line
