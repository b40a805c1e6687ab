"""An issue as a message: facts, HTML and plain text."""

import json
import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import html5lib
import pytest
from django.utils import timezone

from newsletter.actions.sending import start
from newsletter.mail.clicks import tracked
from newsletter.mail.rendering import (
    TOKEN,
    content_hash,
    facts_of,
    render,
    without_counting,
)
from newsletter.models import IssueItem, NewsletterSettings
from publications import models
from publications.models import SiteSettings
from publications.states import Status
from tests.factories import a_work, an_author, an_outlet
from tests.newsletter.making import a_list, a_subscriber, an_issue

pytestmark = pytest.mark.django_db

LEAVE = f"https://www.example.org/newsletter/unsubscribe/{TOKEN}/"
PREFERENCES = f"https://www.example.org/newsletter/preferences/{TOKEN}/"
INTRO = (
    '<h2>This week</h2><p>See <a href="/about/">us</a> &amp; <a href="https://a.example/">A</a>.</p>'
    '<p><img src="/images/1/map.png" alt="A map"></p>'
    "<ul><li><p>One</p></li><li>Two<ol><li>Three</li><li>Four</li></ol></li></ul>"
    "<blockquote><p>Quoted</p></blockquote><hr>"
    "<table><tr><th>Year</th><td>2024</td></tr></table>"
)


def plant_what_the_text_links_to() -> None:
    """Nothing is sent that leads nowhere."""
    models.Page.objects.create(title="About", slug="about", body="<p>Us.</p>")
    picture = models.Image.objects.create(
        pk=1, file="images/map.png", width=9, height=9, alt="A map", credit="Us"
    )
    an_author(portrait=picture)


class Page(HTMLParser):
    """Links, pictures and words of a message."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.pictures: list[dict] = []
        self.tags: list[str] = []
        self.words = ""
        self.feed(markup)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag == "a":
            self.links.append(dict(attrs)["href"])
        if tag == "img":
            self.pictures.append(dict(attrs))

    def handle_data(self, data):
        self.words += data


@pytest.fixture
def op_ed():
    return a_work(
        "[Op-Ed] 한미동맹의 미래 & <more>",
        kind="op-eds",
        slug="alliance",
        authors=[an_author("Chul-soo Kim"), an_author("홍길동")],
        standfirst="Why it matters.",
        outlet=an_outlet("The Korea Times"),
        published_at=datetime(2024, 7, 11, 2, tzinfo=UTC),
    )


@pytest.fixture
def issue(op_ed):
    issue = an_issue(
        lists=[a_list("Trade"), a_list("Security")],
        works=[op_ed, a_work("Second", standfirst="Two.")],
        preheader="The alliance, and more",
        intro=INTRO,
        closing='<p>Write to <a href="mailto:desk@example.org">us</a>.</p>',
    )
    SiteSettings.objects.update(native_name="정책연구원", disclosure="Funded by\nsomebody < else.")
    return issue


def test_facts_say_all_there_is_to_say_of_an_item(issue, op_ed):
    first, second = facts_of(issue)["items"]
    assert first == {
        "number": 1,
        "position": 1,
        "publication": op_ed.pk,
        "headline": "[Op-Ed] 한미동맹의 미래 & <more>",
        "blurb": "Why it matters.",
        "kind": "Op-Ed",
        "byline": "Chul-soo Kim and 홍길동",
        # By the clock of the site it was the evening before.
        "date": "2024-07-10",
        "outlet": "The Korea Times",
        "language": "en",
        "url": "https://www.example.org/publications/alliance/",
    }
    assert (second["number"], second["outlet"], second["byline"]) == (2, "", "")


def test_own_headline_and_blurb_stand_in_for_those_of_the_work(issue):
    IssueItem.objects.filter(issue=issue, position=2).update(headline="Mine", blurb="My words")
    first, second = facts_of(issue)["items"]
    assert (first["blurb"], second["headline"], second["blurb"]) == (
        "Why it matters.", "Mine", "My words",
    )  # fmt: skip


def test_a_long_byline_is_cut_short(issue):
    work = a_work(authors=[an_author(name) for name in ("Ann", "Ben", "Cho", "Dan")])
    IssueItem.objects.create(issue=issue, publication=work, position=3)
    assert facts_of(issue)["items"][2]["byline"] == "Ann, Ben and 2 others"


def test_only_what_readers_may_see_now_is_included(issue):
    tomorrow = timezone.now() + timedelta(days=1)
    for position, facts in enumerate(
        ({"status": Status.DRAFT}, {"status": Status.WITHDRAWN}, {"published_at": tomorrow}, {}), 3
    ):
        work = a_work(f"Number {position}", **facts)
        IssueItem.objects.create(issue=issue, publication=work, position=position)
    shown = [(each["headline"], each["number"]) for each in facts_of(issue)["items"]]
    assert shown[1:] == [("Second", 2), ("Number 6", 3)]


def test_items_stand_in_their_order(issue):
    IssueItem.objects.filter(issue=issue, position=1).update(position=9)
    assert [each["position"] for each in facts_of(issue)["items"]] == [2, 9]


def test_facts_survive_json_and_the_database_and_render_the_same(issue):
    facts = facts_of(issue)
    read = json.loads(json.dumps(facts))
    assert read == facts
    assert render(read) == render(facts)
    plant_what_the_text_links_to()
    content = start(issue.pk).content
    content.refresh_from_db()
    assert content.facts == facts_of(issue)
    assert content.content_hash == content_hash(content.facts)
    assert render(content.facts).html == content.html


def test_rendering_asks_the_database_nothing(issue, django_assert_num_queries):
    facts = facts_of(issue)
    with django_assert_num_queries(0):
        assert render(facts).html
        assert render(facts, left_out=1).text


def test_facts_cost_the_same_number_of_queries_however_many_items(issue, django_assert_num_queries):
    with django_assert_num_queries(6):
        facts_of(issue)
    for position in range(3, 24):
        work = a_work(authors=[an_author(), an_author()], outlet=an_outlet())
        IssueItem.objects.create(issue=issue, publication=work, position=position)
    with django_assert_num_queries(6):
        assert len(facts_of(issue)["items"]) == 23


def test_the_hash_follows_the_content_and_not_the_order_of_keys(issue):
    facts = facts_of(issue)
    turned = dict(reversed(facts.items()))
    assert re.fullmatch(r"[0-9a-f]{64}", content_hash(facts))
    assert content_hash(turned) == content_hash(facts)
    issue.closing = "<p>Other words.</p>"
    assert content_hash(facts_of(issue)) != content_hash(facts)


def test_the_token_passes_every_encoding(issue):
    assert re.fullmatch(r"[A-Za-z0-9]{24}", TOKEN)
    rendered = render(facts_of(issue))
    for part in (rendered.html, rendered.text):
        assert part.count(TOKEN) == 2
        assert LEAVE in part
        assert PREFERENCES in part


def test_both_parts_say_the_same(issue):
    rendered = render(without_counting(facts_of(issue)))
    page = Page(rendered.html)
    for words in (
        "[Op-Ed] 한미동맹의 미래 & <more>", "Why it matters.", "The Korea Times", "July 10, 2024",
        "This week", "Security, Trade", "1 Main Street, Washington", "The Institute", "정책연구원",
    ):  # fmt: skip
        assert words in page.words, words
        assert words in rendered.text, words
    assert "Funded by\nsomebody < else." in rendered.text
    assert "somebody < else." in page.words
    links = set(page.links) - {"mailto:desk@example.org"}
    assert links == {line for line in rendered.text.splitlines() if line.startswith("https://")}
    assert "https://www.example.org/publications/alliance/" in links
    assert "https://www.example.org/about/" in links
    assert LEAVE in links


def test_every_link_of_the_text_stands_on_a_line_of_its_own(issue):
    text = render(facts_of(issue)).text
    assert text.count("://") == len(re.findall(r"^https://\S+$", text, re.MULTILINE)) > 6
    assert max(len(line) for line in text.splitlines() if "://" not in line) <= 72


def test_rich_text_reads_well_without_markup(issue):
    text = render(facts_of(issue)).text
    assert (
        "This week\n\n"
        "See us & A.\nhttps://www.example.org/about/\nhttps://a.example/\n\n"
        "[A map]\n\n"
        "* One\n* Two\n  1. Three\n  2. Four\n\n"
        "Quoted\n\n* * *\n\nYear 2024\n\n"
    ) in text


def test_korean_takes_two_columns_of_a_line_for_each_syllable(issue):
    issue.intro = f"<p>{'한미동맹의 미래를 ' * 20}</p>"
    text = render(facts_of(issue)).text
    lines = [line for line in text.splitlines() if "미래를 한미" in line]
    assert len(lines) > 4
    assert max(len(line) for line in lines) <= 40


def test_the_message_is_valid_and_holds_no_script_and_nothing_from_elsewhere(issue):
    parser = html5lib.HTMLParser()
    markup = render(facts_of(issue)).html
    parser.parse(markup)
    assert parser.errors == []
    page = Page(markup)
    assert not {"script", "link", "iframe", "form"} & set(page.tags)
    assert page.pictures == [
        {
            "src": "https://www.example.org/images/1/map.png",
            "alt": "A map",
            "style": "display:block;max-width:100%;height:auto",
        }
    ]
    assert "{#" not in markup


def test_hostile_words_stay_words(issue):
    hostile = '"><script>alert(1)</script>'
    issue.preheader = issue.intro = hostile
    IssueItem.objects.filter(issue=issue).update(headline=hostile, blurb=hostile)
    SiteSettings.objects.update(name=hostile, native_name=hostile, address=hostile)
    assert "<script" not in render(facts_of(issue)).html


def test_the_preheader_comes_first_and_is_hidden(issue):
    markup = render(facts_of(issue)).html
    body = markup.split("<body")[1]
    assert re.search(r'<div aria-hidden="true" style="display:none[^>]*>The alliance, and', body)
    assert body.index("The alliance, and more") < body.index("The Institute")
    issue.preheader = ""
    assert "display:none" not in render(facts_of(issue)).html


def test_the_first_item_is_shown_larger_also_when_another_was_left_out(issue):
    facts = facts_of(issue)
    for left_out, lead in ((0, "more&gt;"), (0b01, "Second")):
        leads = re.findall(r'<h2 class="lead".*?</h2>', render(facts, left_out=left_out).html)
        assert len(leads) == 1
        assert lead in leads[0]


@pytest.mark.parametrize(
    ("left_out", "shown"), [(0b00, [True, True]), (0b01, [False, True]), (0b10, [True, False])]
)
def test_items_are_left_out_by_their_bits(issue, left_out, shown):
    rendered = render(facts_of(issue), left_out=left_out)
    for part in (rendered.html, rendered.text):
        assert ["Why it matters." in part, "Two." in part] == shown


def test_clicks_are_counted_only_where_they_are_to_be(issue):
    plain = "https://www.example.org/publications/alliance/"
    counted = tracked(issue.pk, 1)
    on, off = render(facts_of(issue)), render(without_counting(facts_of(issue)))
    NewsletterSettings.objects.update_or_create(pk=1, defaults={"counts_clicks": False})
    switched_off = render(facts_of(issue))
    for rendered, used, unused in ((on, counted, plain), (off, plain, counted)):
        for part in (rendered.html, rendered.text):
            assert used in part
            assert unused not in part
    assert switched_off == off
    # The text of a link keeps its address even where clicks are counted.
    assert "https://www.example.org/about/" in on.html


def test_what_is_not_on_the_web_has_no_link_to_the_web(issue):
    link = f"https://www.example.org/newsletter/archive/{issue.pk}/"
    assert link in render(facts_of(issue)).html
    assert link in render(facts_of(issue)).text
    issue.is_archived = False
    assert link not in render(facts_of(issue)).html
    assert link not in render(facts_of(issue)).text


def test_a_message_with_24_long_items_is_far_below_what_gmail_clips(db):
    works = [
        a_work(
            f"한국 경제와 안보의 미래에 관한 매우 긴 제목의 글 {number} and its English half",
            authors=[an_author("Chul-soo Kim"), an_author("홍길동"), an_author("Hana Seo")],
            standfirst="Why the alliance matters for trade, and what comes next. " * 5,
            outlet=an_outlet(),
        )
        for number in range(24)
    ]
    issue = an_issue(lists=[a_list()], works=works, intro=INTRO * 3)
    assert len(render(facts_of(issue)).html.encode()) < 60_000


def test_a_color_that_cannot_be_read_is_not_used(issue):
    SiteSettings.objects.update(brand_color="#ffd400")
    assert "#ffd400" not in render(facts_of(issue)).html
    SiteSettings.objects.update(brand_color="#a01020")
    assert "color:#a01020" in render(facts_of(issue)).html


def test_what_is_sent_carries_the_recipients_own_links(issue, visitor):
    reader = a_subscriber(lists=list(issue.lists.all()))
    plant_what_the_text_links_to()
    content = start(issue.pk).content
    assert reader.deliveries.get().left_out == 0
    assert visitor.get(LEAVE.removeprefix("https://www.example.org")).status_code == 404
    assert TOKEN in content.html
