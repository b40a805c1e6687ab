"""RSS and Atom of every list."""

from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree as ET

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from publications.feeds import feed_links
from publications.models import Attachment, Contribution, Publication, SiteSettings
from tests.factories import a_series, a_tag, a_work, an_author, an_outlet

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
ALL = "/feeds/publications"
FORMATS = ["rss", "atom"]

pytestmark = pytest.mark.django_db


def rss(reader, address=f"{ALL}.rss"):
    response = reader.get(address)
    assert response.status_code == 200
    return ET.fromstring(response.content).find("channel")


def atom(reader, address=f"{ALL}.atom"):
    response = reader.get(address)
    assert response.status_code == 200
    return ET.fromstring(response.content)


def titles(reader, address):
    """The titles of a feed, whatever its format."""
    if address.endswith(".rss"):
        return [each.findtext("title") for each in rss(reader, address).iter("item")]
    return [each.findtext(f"{ATOM}title") for each in atom(reader, address).iter(f"{ATOM}entry")]


@pytest.fixture
def op_ed():
    """The op-ed that the institute's index starts with."""
    SiteSettings.objects.create(pk=1, name="Institute for Korean Affairs")
    kim = an_author("Chul-soo Kim", family_name="Kim", given_name="Chul-soo", slug="kim")
    work = a_work(
        "Rethink relations",
        kind="op-eds",
        slug="rethink",
        authors=[kim, an_author("홍길동")],
        tags=[a_tag("Russia"), a_tag("North Korea")],
        standfirst="Why A & B grew <closer>.",
        body='<p>See <a href="/about/">us</a> and <a href="#n1">1</a>.</p>',
        published_at=datetime(2024, 7, 10, 14, tzinfo=UTC),
        outlet=an_outlet("The Korea Times"),
        outlet_url="https://www.koreatimes.example/378",
        outlet_date=date(2024, 7, 10),
    )
    Attachment.objects.create(publication=work, file=ContentFile(b"%PDF-", "op-ed.pdf"), size=5)
    return work


def test_rss_has_the_elements_that_rss_2_requires(reader, op_ed):
    response = reader.get(f"{ALL}.rss")
    assert response["Content-Type"] == "application/rss+xml; charset=utf-8"
    root = ET.fromstring(response.content)
    assert root.tag == "rss"
    assert root.get("version") == "2.0"
    channel = root.find("channel")
    assert channel.findtext("title") == "Institute for Korean Affairs"
    assert channel.findtext("link") == "https://localhost/publications/"
    assert channel.findtext("description") == (
        "The newest publications of Institute for Korean Affairs."
    )
    assert channel.findtext("language") == "en-us"
    link = channel.find(f"{ATOM}link")
    assert link.attrib == {"rel": "self", "href": "https://localhost/feeds/publications.rss"}
    (item,) = channel.iter("item")
    assert item.findtext("title") == "[Op-Ed] Rethink relations"
    assert item.findtext("link") == "https://localhost/publications/rethink/"
    assert item.findtext("guid") == "https://localhost/publications/rethink/"
    assert item.find("guid").get("isPermaLink") == "true"
    assert parsedate_to_datetime(item.findtext("pubDate")) == op_ed.published_at
    assert [each.text for each in item.iter(f"{DC}creator")] == ["Chul-soo Kim", "홍길동"]
    assert [each.text for each in item.iter("category")] == ["Op-Ed", "North Korea", "Russia"]
    assert item.findtext("description") == "Why A &amp; B grew &lt;closer&gt;."
    attachment = op_ed.attachments.get()
    assert item.find("enclosure").attrib == {
        "url": f"https://localhost{attachment.get_absolute_url()}",
        "length": "5",
        "type": "application/pdf",
    }


def test_atom_has_the_elements_that_rfc_4287_requires(reader, op_ed):
    response = reader.get(f"{ALL}.atom")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ET.fromstring(response.content)
    assert feed.tag == f"{ATOM}feed"
    assert feed.findtext(f"{ATOM}title") == "Institute for Korean Affairs"
    assert feed.findtext(f"{ATOM}id") == "https://localhost/publications/"
    assert datetime.fromisoformat(feed.findtext(f"{ATOM}updated"))
    links = {each.get("rel"): each.get("href") for each in feed.findall(f"{ATOM}link")}
    assert links["self"] == "https://localhost/feeds/publications.atom"
    (entry,) = feed.iter(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == "https://localhost/publications/rethink/"
    assert entry.findtext(f"{ATOM}title") == "[Op-Ed] Rethink relations"
    assert datetime.fromisoformat(entry.findtext(f"{ATOM}published")) == op_ed.published_at
    assert datetime.fromisoformat(entry.findtext(f"{ATOM}updated")) >= op_ed.published_at
    names = [each.findtext(f"{ATOM}name") for each in entry.iter(f"{ATOM}author")]
    assert names == ["Chul-soo Kim", "홍길동"]
    assert entry.findtext(f"{ATOM}author/{ATOM}uri") == "https://localhost/authors/kim/"
    assert [each.get("term") for each in entry.iter(f"{ATOM}category")] == [
        "Op-Ed",
        "North Korea",
        "Russia",
    ]
    enclosure = entry.find(f"{ATOM}link[@rel='enclosure']")
    assert (enclosure.get("length"), enclosure.get("type")) == ("5", "application/pdf")
    assert entry.find(f"{ATOM}content").get("type") == "html"
    assert entry.get(XML_LANG) == "en"


def test_the_text_names_the_outlet_and_its_links_work_anywhere(reader, op_ed):
    (item,) = rss(reader).iter("item")
    text = item.findtext(f"{CONTENT}encoded")
    words = " ".join("".join(ET.fromstring(f"<div>{text}</div>").itertext()).split())
    assert words.startswith("This article was published in The Korea Times on July 10, 2024. See")
    assert 'href="https://www.koreatimes.example/378"' in text
    assert "class" not in text
    assert 'href="https://localhost/about/"' in text
    assert 'href="https://localhost/publications/rethink/#n1"' in text


def test_roles_other_than_author_are_contributors(reader):
    kim, lee = an_author("Kim"), an_author("Lee")
    work = a_work(authors=[kim, lee])
    Contribution.objects.filter(author=lee).update(role="translator")
    (item,) = rss(reader).iter("item")
    assert [each.text for each in item.iter(f"{DC}creator")] == ["Kim"]
    assert [each.text for each in item.iter(f"{DC}contributor")] == ["Lee"]
    (entry,) = atom(reader).iter(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}contributor/{ATOM}name") == "Lee", work


def test_an_entry_without_names_has_the_institute_for_its_author(reader):
    a_work()
    feed = atom(reader)
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Policy Institute"


def test_the_prefix_stands_only_where_the_kind_shows_it(reader):
    a_work("Trade", kind="op-eds")
    a_work("Chips", kind="reports")
    assert set(titles(reader, f"{ALL}.rss")) == {"[Op-Ed] Trade", "Chips"}


def an_excerpt(**facts):
    return a_work(
        standfirst="In short.",
        body="<p>The opening.</p><p>The rest.</p>",
        outlet=an_outlet("The Korea Times"),
        outlet_url="https://www.koreatimes.example/1?a=1&b=2",
        **facts,
    )


@pytest.mark.parametrize("extension", FORMATS)
def test_an_excerpt_carries_no_more_than_the_excerpt(reader, extension):
    an_excerpt(rights="excerpt")
    text = reader.get(f"{ALL}.{extension}").content.decode()
    assert "The opening." in text
    assert "In short." in text
    assert "Read it in The Korea Times" in text
    assert "The rest." not in text


@pytest.mark.parametrize("extension", FORMATS)
def test_a_full_text_comes_when_its_day_does(reader, extension, time_machine):
    time_machine.move_to("2026-03-01T12:00:00-05:00", tick=False)
    an_excerpt(rights="full_from", full_text_from=date(2026, 3, 2))
    before = reader.get(f"{ALL}.{extension}")
    assert "The rest." not in before.content.decode()
    time_machine.move_to("2026-03-02T12:00:00-05:00", tick=False)
    after = reader.get(f"{ALL}.{extension}")
    assert "The rest." in after.content.decode()
    dates = [parsedate_to_datetime(each["Last-Modified"]) for each in (before, after)]
    assert dates[0] < dates[1]


@pytest.mark.parametrize("extension", FORMATS)
@pytest.mark.parametrize("status", ["draft", "in_review", "approved", "withdrawn"])
def test_what_is_not_published_is_in_no_feed(reader, status, extension):
    tag, author = a_tag(), an_author()
    a_work("Secret", status=status, tags=[tag], authors=[author])
    assert titles(reader, f"{ALL}.{extension}") == []
    assert titles(reader, f"/feeds/tags/{tag.slug}.{extension}") == []
    assert titles(reader, f"/feeds/authors/{author.slug}.{extension}") == []


@pytest.mark.parametrize("extension", FORMATS)
def test_a_scheduled_work_appears_on_time_without_any_job(reader, extension, time_machine):
    time_machine.move_to("2026-03-01T12:00:00Z", tick=False)
    a_work("Soon", published_at=datetime(2026, 3, 1, 13, tzinfo=UTC))
    before = reader.get(f"{ALL}.{extension}")
    assert "Soon" not in before.content.decode()
    time_machine.move_to("2026-03-01T13:00:00Z", tick=False)
    again = reader.get(f"{ALL}.{extension}", headers={"if-modified-since": before["Last-Modified"]})
    assert again.status_code == 200
    assert "Soon" in again.content.decode()


@pytest.mark.parametrize("extension", FORMATS)
def test_a_reader_that_has_the_feed_gets_304(reader, extension):
    a_work()
    first = reader.get(f"{ALL}.{extension}")
    for headers in (
        {"if-none-match": first["ETag"]},
        {"if-modified-since": first["Last-Modified"]},
    ):
        assert reader.get(f"{ALL}.{extension}", headers=headers).status_code == 304
    assert not first.cookies
    assert "Cookie" not in first.get("Vary", "")


def test_a_withdrawal_is_news_to_a_reader_that_asks_by_date(reader, time_machine):
    time_machine.move_to("2026-03-01T12:00:00Z", tick=False)
    work = a_work("Wrong")
    first = reader.get(f"{ALL}.rss")
    time_machine.move_to("2026-03-01T13:00:00Z", tick=False)
    work.status = "withdrawn"
    work.save()
    again = reader.get(f"{ALL}.rss", headers={"if-modified-since": first["Last-Modified"]})
    assert again.status_code == 200
    assert "Wrong" not in again.content.decode()


@pytest.mark.parametrize("extension", FORMATS)
def test_an_empty_feed_is_the_same_every_time(reader, extension, time_machine):
    time_machine.move_to("2026-03-01T12:00:00Z", tick=False)
    first = reader.get(f"{ALL}.{extension}").content
    time_machine.move_to("2026-03-02T12:00:00Z", tick=False)
    assert reader.get(f"{ALL}.{extension}").content == first
    ET.fromstring(first)


@pytest.mark.parametrize("extension", FORMATS)
def test_every_list_has_a_feed_of_its_works_only(reader, extension):
    author, outlet, tag, series = an_author(), an_outlet(), a_tag(), a_series()
    mine = a_work(
        "Mine",
        kind="reports",
        authors=[author],
        outlet=outlet,
        tags=[tag],
        series=series,
        published_at=datetime(2019, 5, 1, tzinfo=UTC),
    )
    a_work("Other")
    lists = {
        ("kinds", "reports", "/reports/"),
        ("authors", author.slug, author.get_absolute_url()),
        ("outlets", outlet.slug, outlet.get_absolute_url()),
        ("tags", tag.slug, tag.get_absolute_url()),
        ("series", series.slug, series.get_absolute_url()),
        ("years", "2019", "/archive/2019/"),
    }
    for list_name, slug, page in lists:
        address = f"/feeds/{list_name}/{slug}.{extension}"
        assert titles(reader, address) == ["Mine"], address
        text = reader.get(address).content.decode()
        assert f"https://localhost{address}" in text
        assert f"https://localhost{page}" in text
    assert mine.is_public


@pytest.mark.parametrize("extension", FORMATS)
@pytest.mark.parametrize(
    "address",
    [
        *(f"{name}/nothing" for name in ("kinds", "authors", "outlets", "tags", "series", "years")),
        "years/1066", "years/0000", "years/9999", "years/20240", "years/２０２４", "years/-1",
        "kinds/%00", "authors/a%00b", "kinds/a%2Fb", "things/reports",
    ],
)  # fmt: skip
def test_a_list_that_is_not_there_answers_404(reader, address, extension):
    assert reader.get(f"/feeds/{address}.{extension}").status_code == 404


def test_a_format_that_is_not_there_answers_404(reader):
    assert reader.get(f"{ALL}.json").status_code == 404


def test_a_korean_address_works(reader):
    tag = a_tag("무역", slug="무역")
    a_work("Trade", tags=[tag])
    links = feed_links("tags", tag.slug, tag.name)
    assert titles(reader, links.rss.removeprefix("https://localhost")) == ["Trade"]
    assert links.atom == "https://localhost/feeds/tags/%EB%AC%B4%EC%97%AD.atom"


def test_the_links_for_the_head_of_a_page():
    links = feed_links()
    assert links.title == "All publications"
    assert links.rss == "https://localhost/feeds/publications.rss"
    links = feed_links("kinds", "op-eds", "Op-Eds")
    assert links.title == "Op-Eds"
    assert links.atom == "https://localhost/feeds/kinds/op-eds.atom"


@pytest.mark.parametrize("extension", FORMATS)
def test_characters_that_xml_forbids_are_left_out(reader, extension):
    work = a_work("Bell \x07 and \ufffe end", authors=[an_author("A\x01uthor")])
    Publication.objects.filter(pk=work.pk).update(body="<p>Form\x0cfeed ]]> &amp; <b>x</b></p>")
    (title,) = titles(reader, f"{ALL}.{extension}")
    assert title == "Bell and  end"
    assert "Formfeed ]]" in "".join(
        ET.fromstring(reader.get(f"{ALL}.{extension}").content).itertext()
    )


@pytest.mark.parametrize("extension", FORMATS)
def test_the_fifty_newest_are_in_the_feed_newest_first(reader, extension):
    now = timezone.now()
    for age in range(52):
        a_work(f"Work {age}", published_at=now - timedelta(days=age + 1))
    assert titles(reader, f"{ALL}.{extension}") == [f"Work {age}" for age in range(50)]


@pytest.mark.parametrize("extension", FORMATS)
def test_a_feed_costs_the_same_queries_for_twice_the_works(
    reader, extension, django_assert_max_num_queries
):
    tag, outlet = a_tag(), an_outlet()
    for _round in range(2):
        for _each in range(5):
            work = a_work(tags=[tag, a_tag()], authors=[an_author(), an_author()], outlet=outlet)
            Attachment.objects.create(publication=work, file=ContentFile(b"%PDF", "a.pdf"), size=4)
        with django_assert_max_num_queries(9):
            assert len(titles(reader, f"/feeds/tags/{tag.slug}.{extension}")) == 5 * (_round + 1)
