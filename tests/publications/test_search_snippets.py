"""What is marked in headlines and texts, and which passage of a text is shown."""

import html
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from publications.models import Publication, Rights
from publications.search.query import Group, Phrase, Query, parse
from publications.search.snippets import fragment, highlight, passage

XSS = settings.BASE_DIR.parent / "shared" / "data" / "security" / "xss"
NOT_A_MARK = re.compile(r"<(?!/?mark>)")


def marks(marked: str) -> list[str]:
    return [html.unescape(each) for each in re.findall(r"<mark>(.*?)</mark>", marked)]


@pytest.mark.parametrize(
    ("typed", "text", "marked"),
    [
        ("ship", "Many ships sail", ["ships"]),
        ("policies", "A policy on policing", ["policy"]),
        ("possible", "All possibilities", ["possibilities"]),
        ("dying", "They die", ["die"]),
        ("tax", "A taxonomy", []),
        ("senor", "El señor", ["señor"]),
        ("señor", "El senor", ["senor"]),
        ("kim jong-un", "Kim Jong Un met Jong-un", ["Kim", "Jong Un", "Jong-un"]),
        ("jongun", "Kim Jong-un", ["Jong-un"]),
        ("jong-un", "Kim Jongun", ["Jongun"]),
        ("us", "The U.S. and the US", ["U.S.", "US"]),
        ("R&D", "More R&D", ["R&D"]),
        ("1000", "1,000 ships", ["1,000"]),
        ("북한", "북한은 오늘", ["북한"]),
        ("북한은", "북한의 오늘", ["북한"]),
        ("한민국", "대한민국의 외교", ["한민국"]),
        ("국민", "한국 민요", []),
        ("ship*", "Shipping and shipyards", ["Shipping", "shipyards"]),
        ('"korean war"', "A war, the Korean War, a Korean", ["Korean War"]),
        ('"bank of korea"', "The Bank of Korea, a bank", ["Bank of Korea"]),
        ("korea OR japan", "Japan and Korea", ["Japan", "Korea"]),
        ("trade -china", "Trade with China", ["Trade"]),
        ("author:kim trade", "Kim on trade", ["trade"]),
        ("", "Nothing", []),
    ],
)
def test_what_matches_is_marked_and_nothing_else(typed, text, marked):
    assert marks(highlight(text, parse(typed))) == marked
    assert marks(fragment(f"<p>{text}</p>", parse(typed))) == marked


def phrase(*lexemes: str, apart: bool = False) -> Phrase:
    distance = 0 if apart else 1
    return Phrase(lexemes, (0, *(distance for _ in lexemes[1:])))


def test_synonyms_are_marked_as_what_was_typed():
    group = Group((phrase("dprk"), phrase("north", "korea"), phrase("북한")), "dprk")
    text = "The DPRK, North Korea and 북한, north of Korea"
    assert marks(highlight(text, Query("dprk", (group,)))) == ["DPRK", "North Korea", "북한"]


def test_words_of_a_name_that_may_stand_apart_are_each_marked_and_shown_together():
    group = Group((phrase("north", "korea", apart=True), phrase("dprk")), "north korea")
    query = Query("north korea", (group,))
    body = f"<p>The north. {'Filling words. ' * 40} North of it lies Korea.</p>"
    assert marks(fragment(body, query)) == ["North", "Korea"]


def test_the_passage_with_most_of_the_words_is_shown():
    one = "Trade. " + "Nothing of interest is said here. " * 20
    both = "Tariffs change what trade costs. " + "And so on, and on. " * 20
    shown = fragment(f"<p>{one}</p><p>{both}</p>", parse("trade tariffs"))
    assert marks(shown) == ["Tariffs", "trade"]


def test_of_two_passages_the_one_with_the_rare_word_is_shown():
    body = "trade and more trade. " * 30 + "filling " * 60 + "the tariff alone. " + "filling " * 60
    assert "tariff" in marks(fragment(f"<p>{body}</p>", parse("trade tariff")))


def test_a_passage_with_the_whole_phrase_is_preferred():
    body = "Korean " * 40 + "filling " * 60 + "the Korean War ended " + "filling " * 60
    assert marks(fragment(f"<p>{body}</p>", parse('"korean war"'))) == ["Korean War"]
    near = "korean " + "filling " * 10 + "war " + "filling " * 60 + "the korean war " + "end " * 60
    assert "<mark>korean</mark> <mark>war</mark>" in fragment(near, parse("korean war"))


def test_words_that_only_look_alike_hide_no_passage():
    body = "Korean and Korean. " * 30 + "At last Korea. " + "Korean and Korean. " * 30
    assert marks(fragment(f"<p>{body}</p>", parse("korea"))) == ["Korea"]


def test_a_passage_is_cut_between_words():
    shown = fragment(f"<p>{'before ' * 100}needle {'after ' * 100}</p>", parse("needle"))
    assert shown.startswith("… before ")
    assert shown.endswith(" after …")
    assert len(shown) < 280


def test_a_short_text_is_shown_whole():
    assert fragment("<p>5 &lt; 6 &amp; <em>tax</em></p>", parse("tax")) == (
        "5 &lt; 6 &amp; <mark>tax</mark>"
    )


@pytest.mark.parametrize("typed", ["zeppelin", "", "-trade", '"'])
def test_a_text_without_the_words_has_no_passage(typed):
    assert fragment("<p>About trade</p>", parse(typed)) == ""


def test_a_text_without_spaces_is_cut_all_the_same():
    shown = fragment(f"<p>{'貿易' * 300}北韓{'貿易' * 300}</p>", parse("北韓"))
    assert marks(shown) == ["北韓"]
    assert len(shown) < 280


def test_the_end_of_a_very_long_text_is_not_looked_at():
    body = "<p>some words</p>" * 10_000
    assert fragment(body + "<p>needle</p>", parse("needle")) == ""
    assert fragment("<p>needle</p>" + body, parse("needle"))


def test_a_very_long_text_is_not_cut_inside_a_tag():
    one_paragraph = f"<p>{'words ' * 16_664}needle"
    shown = fragment(f'{one_paragraph} <a href="/x/">{"more " * 9}</a></p>', parse("needle"))
    assert marks(shown) == ["needle"]
    assert "href" not in shown


def test_decomposed_letters_are_found():
    assert marks(fragment("<p>El sen\u0303or</p>", parse("señor"))) == ["señor"]


def test_no_more_of_an_excerpt_is_shown_than_the_rights_allow():
    work = Publication(
        body="<p>The opening.</p><p>The secret.</p>",
        rights=Rights.FULL_FROM,
        full_text_from=timezone.localdate() + timedelta(days=1),
    )
    assert passage(work, parse("secret")) == ""
    assert marks(passage(work, parse("opening"))) == ["opening"]
    work.full_text_from = timezone.localdate()
    assert marks(passage(work, parse("secret"))) == ["secret"]


def hostile_lines() -> list[str]:
    if not XSS.exists():
        pytest.skip("the real data is not beside the checkout")
    return [
        line
        for path in sorted(XSS.iterdir())
        for line in path.read_text(errors="replace").splitlines()
        if line.strip()
    ]


def test_hostile_texts_are_shown_as_texts():
    for line in hostile_lines():
        query = parse(line)
        for shown in (highlight(line, query), fragment(line, query), fragment(line, parse("a b"))):
            assert not NOT_A_MARK.search(shown), line
            assert shown.count("<mark>") == shown.count("</mark>")


@given(st.text(max_size=300), st.text(max_size=60))
def test_marks_change_nothing_but_add_themselves(text, typed):
    shown = highlight(text, parse(typed))
    assert html.unescape(re.sub("</?mark>", "", shown)) == html.unescape(html.escape(text))
    assert not NOT_A_MARK.search(shown)


@given(st.text(max_size=300), st.text(max_size=60))
def test_any_text_and_any_search_have_a_passage_or_none(text, typed):
    shown = fragment(text, parse(typed))
    assert not NOT_A_MARK.search(shown)
    assert bool(shown) == ("<mark>" in shown)


@given(st.lists(st.sampled_from(["Korean", "war", "Jong-un", "U.S.", "북한은", "of"]), max_size=80))
def test_a_text_with_a_word_always_has_a_passage(words):
    body = " ".join(words)
    assert ("<mark>" in highlight(body, parse("war 북한"))) == bool(
        fragment(body, parse("war 북한"))
    )
