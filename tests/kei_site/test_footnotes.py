"""Footnotes: one way of writing them, whoever wrote them first."""

# Markup is easier to read on one line.
# ruff: noqa: E501, ISC004

import pytest

from kei_site.common.footnotes import dress, settle, without_links
from kei_site.common.html import sanitize, to_text
from kei_site.common.pasting import settled

OURS = (
    '<p>A<sup><a href="#fn-1" id="fnref-1" rel="noopener">1</a></sup></p>'
    '<ol class="footnotes"><li id="fn-1">Note.</li></ol>'
)


@pytest.mark.parametrize(
    ("source", "theirs"),
    [
        ("ours", OURS),
        (
            "WordPress",
            '<p>A<sup data-fn="5f-1" class="fn"><a href="#5f-1" id="5f-1-link">1</a></sup></p>'
            '<ol class="wp-block-footnotes"><li id="5f-1">Note. <a href="#5f-1-link">↩︎</a></li></ol>',
        ),
        (
            "Markdown",
            '<p>A<sup id="fnref:1"><a class="footnote-ref" href="#fn:1">1</a></sup></p>'
            '<div class="footnote"><hr/><ol><li id="fn:1"><p>Note.&nbsp;'
            '<a class="footnote-backref" href="#fnref:1">↩</a></p></li></ol></div>',
        ),
        (
            "an old plug-in",
            '<p>A<sup id="r-7"><a href="#n-7">[7]</a></sup></p><hr><p id="n-7">'
            '<a href="#r-7">[7]</a> Note.</p>',
        ),
        (
            "an old plug-in with a list",
            '<p>A<sup class="footnote"><a href="#fn1">1</a></sup></p>'
            '<ol><li id="fn1">Note.</li></ol>',
        ),
    ],
)  # fmt: skip
def test_footnotes_are_kept_whoever_wrote_them(source, theirs):
    assert settled(theirs) == OURS


@pytest.mark.parametrize(
    "markup",
    [
        '<p>See <a href="#s" rel="noopener">1</a></p><h2 id="s">S</h2>',
        '<p><a href="#top" id="x" rel="noopener">up</a></p>',
        '<p>A<sup>2</sup></p><ol><li id="fn-9">an item</li></ol>',
        '<p><a href="https://example.org/#fn-1" rel="noopener">1</a></p><ol><li id="fn-1">x</li></ol>',
    ],
)
def test_what_is_no_footnote_stays(markup):
    assert settled(markup) == markup


def test_notes_are_numbered_as_they_are_referred_to():
    moved = (
        '<p>B<sup><a href="#fn-2" id="fnref-2">2</a></sup> A<sup><a href="#fn-1" id="fnref-1">1</a>'
        '</sup> B<sup><a href="#fn-2" id="fnref-2-2">2</a></sup></p>'
        '<ol class="footnotes"><li id="fn-1">a</li><li id="fn-2">b</li><li id="fn-3">kept</li></ol>'
        "<p>typed behind</p>"
    )
    assert settle(moved) == (
        '<p>B<sup><a href="#fn-1" id="fnref-1" rel="noopener">1</a></sup> A<sup><a href="#fn-2" id="fnref-2" rel="noopener">2</a>'
        '</sup> B<sup><a href="#fn-1" id="fnref-1-2" rel="noopener">1</a></sup></p>'
        "<p>typed behind</p>"
        '<ol class="footnotes"><li id="fn-1">b</li><li id="fn-2">a</li><li id="fn-3">kept</li></ol>'
    )


def test_settled_notes_pass_the_sanitizer_unchanged():
    assert sanitize(OURS) == settle(OURS) == OURS


def test_readers_get_ways_there_and_back():
    shown = dress(OURS)
    assert '<section class="footnotes" role="doc-endnotes" aria-label="Notes">' in shown
    assert '<a role="doc-noteref" href="#fn-1" id="fnref-1" rel="noopener">1</a>' in shown
    assert (
        '<li id="fn-1">Note. <a href="#fnref-1" role="doc-backlink" '
        'aria-label="Back to reference 1">↩</a></li>' in shown
    )


def test_a_note_of_several_lines_has_its_way_back_on_the_last():
    shown = dress(OURS.replace("Note.", "<p>One.</p><ul><li>x</li></ul><p>Two.</p>"))
    assert '<p>Two. <a href="#fnref-1"' in shown


def test_numbers_are_no_words_but_notes_are():
    assert to_text(OURS) == "A Note."


def test_away_from_the_page_numbers_lead_nowhere():
    assert without_links(OURS).startswith("<p>A<sup>1</sup></p><ol")
