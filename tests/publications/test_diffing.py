"""What differs between two texts, and between two snapshots."""

import random
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publications.models import Publication, SiteSettings
from publications.snapshots import take
from publications.snapshots.diffing import changes, folded, word_diff
from publications.snapshots.readable import readable
from tests.factories import a_tag, a_work, an_author, an_outlet


def marked(before: str, after: str) -> str:
    """Write a comparison on one line: [-gone-] and {+new+}."""
    shapes = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    return "".join(shapes[piece.kind].format(piece.text) for piece in word_diff(before, after))


@pytest.mark.parametrize(
    ("before", "after", "seen"),
    [
        ("", "", ""),
        ("same", "same", "same"),
        ("", "new", "{+new+}"),
        ("old", "", "[-old-]"),
        ("a quick fox", "a slow fox", "a [-quick-]{+slow+} fox"),
        ("the quick fox", "the very old fox", "the [-quick-]{+very old+} fox"),
        ("red green blue", "one two blue", "[-red green-]{+one two+} blue"),
        ("Trade. Peace.", "Trade, peace.", "Trade[-. Peace-]{+, peace+}."),
        ("one\ntwo\nthree\n", "one\n2\nthree\n", "one\n[-two-]{+2+}\nthree\n"),
        ("a\nb\nc\nd", "c\nd\na\nb", "[-a\nb\n-]c\nd{+\na\nb+}"),
        ("한국 경제의 미래", "한국 무역의 미래", "한국 [-경제의-]{+무역의+} 미래"),
        ("東京の天気", "京都の天気", "[-東-]京{+都+}の天気"),
        ("**bold** word", "bold word", "[-**-]bold[-**-] word"),
    ],
)
def test_words_that_went_and_came(before, after, seen):
    assert marked(before, after) == seen


def whole(pieces, without):
    return "".join(piece.text for piece in pieces if piece.kind != without)


@given(st.text("ab \n<>.한", max_size=60), st.text("ab \n<>.한", max_size=60))
def test_both_texts_can_be_read_from_their_comparison(before, after):
    pieces = word_diff(before, after)
    assert whole(pieces, "added") == before
    assert whole(pieces, "removed") == after
    assert all(piece.text for piece in pieces)
    assert all(one.kind != other.kind for one, other in pairwise(pieces))


def a_long_text(words, seed):
    chosen = random.Random(seed)
    return "".join(chosen.choice(words) for _ in range(200_000 // len(words[0])))


@pytest.mark.parametrize(
    "words",
    [["a "], ["ab "], ["a b\n"], ["x\n", "y\n"], ["one ", "two ", "six "], ["\n"], ["<p>x</p>\n"]],
)
def test_a_long_text_is_compared_in_bounded_time(words):
    """The worst: few words, many times, in another order each time."""
    before, after = a_long_text(words, 1), a_long_text(words, 2) + "end"
    start = time.process_time()
    pieces = word_diff(before, after)
    assert time.process_time() - start < 5
    assert whole(pieces, "added") == before
    assert whole(pieces, "removed") == after


def test_one_word_is_found_in_a_long_report():
    lines = [f"Line {number} of a long report about trade.\n" for number in range(20_000)]
    before = "".join(lines)
    lines[12_345] = lines[12_345].replace("trade", "peace")
    pieces = [piece for piece in word_diff(before, "".join(lines)) if piece.kind != "same"]
    assert [(piece.kind, piece.text) for piece in pieces] == [
        ("removed", "trade"),
        ("added", "peace"),
    ]


def test_what_is_far_from_a_change_is_set_apart():
    one, two, three = (
        "".join(f"word{number} " for number in range(start, start + 300))
        for start in (1000, 2000, 3000)
    )
    after = f"{one}new {two}new {three}"
    pieces = folded(word_diff(f"{one}old {two}old {three}", after))
    kinds = ["skipped", "same", "removed", "added"]
    assert [piece.kind for piece in pieces] == [
        *kinds, "same", "skipped", "same", "removed", "added", "same", "skipped",
    ]  # fmt: skip
    assert whole(pieces, "removed") == after
    assert all(piece.text.lstrip().startswith(("word", "old", "new")) for piece in pieces)
    assert folded(word_diff(after, after)) == word_diff(after, after)


@given(st.text("ab \n", max_size=30), st.text("ab \n", max_size=30), st.integers(1, 200))
def test_folding_loses_nothing(before, after, times):
    pieces = folded(word_diff(before * times, after * times))
    assert whole(pieces, "added") == before * times
    assert whole(pieces, "removed") == after * times


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("", ""),
        ("plain", "plain"),
        ("<p>One</p><p>Two</p>", "One\nTwo"),
        ("<h2>Head</h2><p>Text<br>more</p>", "## Head\nText\nmore"),
        ("<ul><li>a</li><li>b</li></ul>", "• a\n• b"),
        ("<p>so <strong>very</strong> <em>odd</em></p>", "so **very** *odd*"),
        ('<p><a href="https://a.example/?a=1&amp;b=2">here</a></p>', "here [https://a.example/?a=1&b=2]"),
        ('<img src="/images/1/a.png" alt="A &quot;port&quot;">', '![A "port"](/images/1/a.png)'),
        ("<ul><li><p>a</p></li><li><p>b</p></li></ul><hr>", "• a\n• b\n———"),
        ("<ul><li><blockquote><p>b</p></blockquote></li></ul>", "• > b"),
        ("<ul><li></li></ul>", "•"),
        ("<table><tr><td>1</td><td>2</td></tr></table>", "1 | 2 |"),
        ("<p>1 &lt; 2 &amp;lt;script&gt;</p>", "1 < 2 &lt;script>"),
        ("</a></a>", ""),
        ("a < b <", "a < b <"),
        ('<a href="', '<a href="'),
    ],
)  # fmt: skip
def test_rich_text_is_read_with_its_structure(markup, text):
    assert readable(markup) == text


@pytest.mark.parametrize("bit", ["<a ", '<a "', "<!--", "<", "</p>", '<a href="x">', "&amp;"])
def test_rich_text_is_read_in_bounded_time(bit):
    start = time.process_time()
    readable(bit * (400_000 // len(bit)))
    assert time.process_time() - start < 5


@given(st.text('<>/"= apbr&;!-\n', max_size=80))
def test_any_markup_can_be_read(markup):
    readable(markup)


@pytest.fixture
def work(db):
    return a_work(
        "First", authors=[an_author("Kim"), an_author("Lee")],
        tags=[a_tag("Trade"), a_tag("Peace")],
        body="<p>One two</p>", outlet=an_outlet("The Korea Times"), outlet_date="2024-07-10",
    )  # fmt: skip


def test_each_field_that_differs_is_told_in_words(work):
    before = take(work)
    work.title, work.body, work.language, work.outlet = "Second", "<p>One three</p>", "ko", None
    work.outlet_date = None
    work.save()
    work.taggings.get(tag__name="Trade").delete()
    first, second = work.contributions.all()
    first.role = "editor"
    first.save()
    second.delete()
    told = {each.name: each for each in changes(Publication, before, take(work))}
    told_of = {
        name: (each.label, each.before, each.after, each.kind) for name, each in told.items()
    }
    assert told_of == {
        "title": ("Headline", "First", "Second", "line"),
        "body": ("Text", "One two", "One three", "text"),
        "language": ("Language", "English", "Korean", "line"),
        "outlet": ("Outlet", "The Korea Times", "", "line"),
        "outlet_date": ("Date at the outlet", "July 10, 2024", "", "line"),
        "contributions": ("Byline", "Kim · Author\nLee · Author", "Kim · Editor", "rows"),
        "taggings": ("Tags", "Peace\nTrade", "Peace", "rows"),
    }  # fmt: skip
    assert [piece.text for piece in told["body"].pieces] == ["One ", "two", "three"]


def test_ids_numbers_and_new_names_are_no_difference(work):
    before, after = take(work), take(work)
    for place, row in enumerate(after["parts"]["contributions"]):
        row["id"] += 1000
        row["position"] = place + 7
        row["author"] = {**row["author"], "name": "Renamed"}
    after["parts"]["taggings"].reverse()
    assert changes(Publication, before, after) == []


def test_the_order_of_names_is_a_difference(work):
    before, after = take(work), take(work)
    after["parts"]["contributions"].reverse()
    assert [each.name for each in changes(Publication, before, after)] == ["contributions"]


def test_markup_alone_is_a_difference_that_says_so(work):
    before = take(work)
    work.body = '<p id="start">One two</p>'
    work.save()
    (change,) = changes(Publication, before, take(work))
    assert change.is_unseen


def test_what_a_snapshot_of_long_ago_does_not_have_is_not_compared(work):
    before, after = take(work), take(work)
    del before["fields"]["language"]
    del before["parts"]["spotlights"]
    assert changes(Publication, before, after) == []


def test_settings_are_compared_with_their_links(db):
    site = SiteSettings.objects.get_or_create(pk=1)[0]
    before = take(site)
    site.social_links.create(label="Mastodon", url="https://social.example/@us")
    (change,) = changes(SiteSettings, before, take(site))
    assert (change.label, change.after) == ("Social links", "Mastodon · https://social.example/@us")
