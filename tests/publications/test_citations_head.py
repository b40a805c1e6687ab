"""What the head of a publication's page says to Zotero, Scholar, search engines and networks."""

import json
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from itertools import product

import pytest
from django.core.files.base import ContentFile
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from publications.citations import citation_record, head_metadata, read_site_facts
from publications.citations.record import File, Name, Picture, one_line
from publications.models import (
    Attachment,
    AuthorType,
    Contribution,
    Image,
    Kind,
    Publication,
    Role,
    SiteSettings,
)
from tests.factories import a_series, a_tag, a_work, an_author, an_outlet
from tests.publications.records import HONG, KIM, a_record, a_report, in_the_korea_times

KINDS = {
    # slug: (schema.org, Dublin Core, is a report, for scholars)
    "op-eds": ("OpinionNewsArticle", "newspaperArticle", False, False),
    "commentary": ("Article", "blogPost", False, False),
    "reports": ("Report", "report", True, True),
    "academic-papers": ("ScholarlyArticle", "report", True, True),
    "policy-briefs": ("Report", "report", True, True),
    "blog": ("BlogPosting", "blogPost", False, False),
    "testimony": ("Article", "hearing", False, False),
    "interviews": ("Article", "interview", False, False),
    "podcasts": ("PodcastEpisode", "podcast", False, False),
    "videos": ("VideoObject", "videoRecording", False, False),
    "events": ("Event", "presentation", False, False),
    "press-releases": ("NewsArticle", "blogPost", False, False),
}


def loaded(work):
    return Publication.objects.with_detail().get(pk=work.pk)


def record_of(work):
    return citation_record(loaded(work), read_site_facts())


def metas(record) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for _attribute, name, content in head_metadata(record).metas:
        found.setdefault(name, []).append(content)
    return found


def graph(record) -> dict[str, dict]:
    data = json.loads(head_metadata(record).jsonld)
    assert data["@context"] == "https://schema.org"
    return {node["@type"]: node for node in data["@graph"]}


@pytest.mark.django_db
def test_the_table_below_has_every_kind():
    assert set(Kind.objects.values_list("slug", flat=True)) == set(KINDS)


@pytest.mark.django_db
@pytest.mark.parametrize(("slug", "elsewhere"), list(product(KINDS, [False, True])))
def test_the_tags_that_zotero_reads_follow_the_kind_and_the_outlet(slug, elsewhere):
    schema_org, dublin_core, is_report, for_scholars = KINDS[slug]
    kim = an_author("Chul-soo Kim", family_name="Kim", given_name="Chul-soo")
    outlet = {"outlet": an_outlet("The Korea Times")} if elsewhere else {}
    work = a_work("Trade", kind=slug, authors=[kim], report_number="24-03", **outlet)
    Attachment.objects.create(publication=work, file=ContentFile(b"%PDF", "paper.pdf"), size=4)
    record = record_of(work)
    tags = metas(record)
    assert tags["citation_title"] == ["Trade"]
    assert tags["citation_author"] == ["Kim, Chul-soo"]
    assert tags["DC.type"] == [dublin_core]
    assert tags.get("prism.publicationName") == (["The Korea Times"] if elsewhere else None)
    institution = ["The Korea Times" if elsewhere else "Policy Institute"] if is_report else None
    assert tags.get("citation_technical_report_institution") == institution
    assert tags.get("citation_technical_report_number") == (["24-03"] if is_report else None)
    assert ("citation_pdf_url" in tags) == for_scholars
    # With either Zotero would take the work for a journal article.
    assert "citation_journal_title" not in tags
    assert "citation_conference_title" not in tags
    assert schema_org in graph(record)


@pytest.mark.django_db
def test_the_crosswalk_is_read_from_the_row_not_from_the_name():
    Kind.objects.filter(slug="op-eds").update(
        name="Opinion", csl="report", dublin_core="report", schema_org="Report", for_scholars=True
    )
    tags = metas(record_of(a_work(kind="op-eds")))
    assert tags["DC.type"] == ["report"]
    assert tags["citation_technical_report_institution"] == ["Policy Institute"]
    assert tags["citation_abstract_html_url"] == tags["citation_public_url"]


@pytest.mark.django_db
def test_making_a_record_asks_the_database_nothing(django_assert_num_queries):
    tags, authors = [a_tag(), a_tag()], [an_author(), an_author()]
    work = a_work(tags=tags, authors=authors, outlet=an_outlet(), series=a_series())
    Attachment.objects.create(publication=work, file=ContentFile(b"%PDF", "paper.pdf"), size=4)
    work, site = loaded(work), read_site_facts()
    with django_assert_num_queries(0):
        head_metadata(citation_record(work, site))


@pytest.mark.django_db
def test_a_record_has_names_as_they_are_cited():
    authors = [
        an_author("Chul-soo Kim", family_name="Kim", given_name="Chul-soo", affiliation="KEI",
                  orcid="0000-0002-1825-0097"),
        an_author("홍길동", family_name="홍", given_name="길동"),
        an_author("Ministry of Trade", family_name="Trade", given_name="Ministry of",
                  type=AuthorType.ORGANIZATION),
        an_author("Suharto", family_name="Suharto"),
    ]  # fmt: skip
    work = a_work(authors=authors)
    Contribution.objects.filter(author=authors[0]).update(affiliation="Yonsei University")
    names = record_of(work).names
    assert [name.inverted for name in names] == [
        "Kim, Chul-soo",
        "홍길동",
        "Ministry of Trade",
        "Suharto",
    ]
    assert names[0].direct == "Chul-soo Kim"
    assert names[0].affiliation == "Yonsei University"
    assert names[0].orcid == "https://orcid.org/0000-0002-1825-0097"
    assert names[0].url == f"https://localhost/authors/{authors[0].slug}/"
    assert [name.is_organization for name in names] == [False, False, True, False]


@pytest.mark.django_db
def test_a_record_has_dates_by_the_clock_of_the_site():
    late = datetime(2024, 7, 11, 1, 30, tzinfo=UTC)  # still July 10 in New York
    record = record_of(a_work(published_at=late))
    assert record.date == date(2024, 7, 10)
    assert record.published.isoformat() == "2024-07-10T21:30:00-04:00"


@pytest.mark.django_db
def test_a_work_that_ran_elsewhere_is_dated_as_there():
    record = record_of(a_work(outlet=an_outlet(), outlet_date=date(2024, 7, 8)))
    assert record.date == date(2024, 7, 8)
    assert record.published.date() != date(2024, 7, 8)


@pytest.mark.django_db
def test_a_scheduled_work_is_not_changed_before_it_is_published():
    record = record_of(a_work(published_at=datetime(2300, 1, 1, tzinfo=UTC)))
    assert record.modified == record.published


@pytest.mark.django_db
def test_a_draft_without_a_date_can_be_previewed():
    record = record_of(a_work(status="draft", published_at=None))
    assert "citation_publication_date" not in metas(record)
    assert "datePublished" not in graph(record)["Article"]


@pytest.mark.django_db
def test_the_description_of_an_excerpt_shows_no_more_than_readers_see():
    work = a_work(
        body="<p>The opening.</p><p>The secret rest.</p>",
        rights="excerpt",
        outlet=an_outlet(),
        outlet_url="https://www.koreatimes.example/1",
    )
    assert head_metadata(record_of(work)).description == "The opening."


@pytest.mark.django_db
def test_the_institutes_name_and_logo_come_from_its_settings():
    row = SiteSettings.objects.create(pk=1, name="Institute for Korean Affairs")
    row.logo.name = "site/logo.png"
    row.save()
    publisher = graph(record_of(a_work()))["Organization"]
    assert publisher["name"] == "Institute for Korean Affairs"
    assert publisher["logo"]["url"] == "https://localhost/logo/logo.png"


@pytest.mark.django_db
def test_the_picture_of_a_work_stands_for_it_on_networks():
    image = Image.objects.create(file=ContentFile(_gif(), "port.gif"), alt="A port", credit="KEI")
    tags = metas(record_of(a_work(lead_image=image)))
    assert tags["og:image"] == [f"https://localhost{image.get_absolute_url()}"]
    assert tags["og:image:alt"] == ["A port"]
    assert tags["twitter:card"] == ["summary_large_image"]


def _gif() -> bytes:
    return bytes.fromhex(
        "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
    )


def test_highwire_names_every_author_and_what_belongs_to_each():
    people = (Name("Chul-soo Kim", "Kim", "Chul-soo", affiliation="Yonsei University"), HONG)
    names = [
        (name, content)
        for _, name, content in head_metadata(in_the_korea_times(names=people)).metas
        if name.startswith("citation_author")
    ]
    assert names == [
        ("citation_author", "Kim, Chul-soo"),
        ("citation_author_institution", "Yonsei University"),
        ("citation_author", "홍길동"),
    ]


def test_a_number_in_a_series_is_the_number_of_a_report():
    tags = metas(a_report(series="Papers", series_number=12))
    assert tags["citation_technical_report_number"] == ["12"]


def test_dates_are_written_as_each_reader_wants_them():
    tags = metas(in_the_korea_times())
    assert tags["citation_publication_date"] == ["2024/07/10"]
    assert tags["DC.date"] == ["2024-07-10"]
    assert tags["prism.publicationDate"] == ["2024-07-10"]
    assert tags["article:published_time"] == ["2024-07-10T09:30:00-04:00"]


def test_open_graph_stands_in_property_and_the_rest_in_name():
    for attribute, name, _content in head_metadata(in_the_korea_times()).metas:
        expected = "property" if name.startswith(("og:", "article:")) else "name"
        assert attribute == expected, name


def test_json_ld_links_work_publisher_and_breadcrumbs():
    kim = Name("Chul-soo Kim", "Kim", "Chul-soo", orcid="https://orcid.org/0000-0002-1825-0097",
               url="https://www.example.org/authors/kim/")  # fmt: skip
    nodes = graph(in_the_korea_times(names=(kim, HONG), series="Views", keywords=("Russia",)))
    work = nodes["OpinionNewsArticle"]
    assert work["author"][0] == {
        "@type": "Person",
        "name": "Chul-soo Kim",
        "givenName": "Chul-soo",
        "familyName": "Kim",
        "url": "https://www.example.org/authors/kim/",
        "sameAs": "https://orcid.org/0000-0002-1825-0097",
    }
    assert work["datePublished"] == "2024-07-10T09:30:00-04:00"
    assert [part["@type"] for part in work["isPartOf"]] == ["Newspaper", "CreativeWorkSeries"]
    assert work["keywords"] == ["Russia"]
    assert work["publisher"]["@id"] == nodes["Organization"]["@id"]
    trail = nodes["BreadcrumbList"]["itemListElement"]
    assert [(each["position"], each["name"]) for each in trail] == [
        (1, "Institute for Korean Affairs"),
        (2, "Op-Eds"),
        (3, "Rethink North Korea-Russia relations"),
    ]


def test_an_event_in_json_ld_has_performers_and_no_author():
    event = graph(a_record(schema_org="Event", names=(KIM,)))["Event"]
    assert event["performer"][0]["name"] == "Chul-soo Kim"
    assert "author" not in event


def test_guests_and_editors_in_json_ld_are_not_authors():
    names = (KIM, Name("Guest", role=Role.GUEST), Name("Editor", role=Role.EDITOR))
    work = graph(a_report(names=names))["Report"]
    assert [each["name"] for each in work["author"]] == ["Chul-soo Kim"]
    assert [each["name"] for each in work["contributor"]] == ["Guest"]
    assert [each["name"] for each in work["editor"]] == ["Editor"]


def test_a_pdf_and_a_picture_are_in_json_ld():
    record = a_report(
        pdf=File("https://www.example.org/files/1/a.pdf", 10),
        image=Picture("https://www.example.org/images/1/a.png", 1200, 630, "A port"),
    )
    report = graph(record)["Report"]
    assert report["encoding"]["contentUrl"] == "https://www.example.org/files/1/a.pdf"
    assert report["image"]["width"] == 1200


class Head(HTMLParser):
    """Reads a head back: its metas, and the text of its script."""

    def __init__(self):
        super().__init__()
        self.metas, self.links, self.script, self.in_script, self.others = [], [], "", False, []

    def handle_starttag(self, tag, attrs):
        facts = dict(attrs)
        if tag == "meta":
            self.metas.append((facts.get("name") or facts["property"], facts["content"]))
        elif tag == "link":
            self.links.append(facts)
        elif tag == "script":
            assert facts == {"type": "application/ld+json"}
            self.in_script = True
        else:
            self.others.append(tag)

    def handle_endtag(self, tag):
        self.in_script = self.in_script and tag != "script"

    def handle_data(self, data):
        if self.in_script:
            self.script += data


def rendered(record) -> Head:
    head = Head()
    html = render_to_string("publications/_citation_head.html", {"head": head_metadata(record)})
    head.feed(html)
    head.close()
    return head


def test_the_rendered_head_says_what_the_metadata_says():
    record = in_the_korea_times()
    head = rendered(record)
    assert head.metas == [(name, content) for _, name, content in head_metadata(record).metas]
    alternates = {link["type"]: link["href"] for link in head.links if link["rel"] == "alternate"}
    assert alternates == {
        "application/x-bibtex": record.bibtex_url,
        "application/x-research-info-systems": record.ris_url,
    }


nasty = st.sampled_from(["</script>", "<!--", "<script>", "]]>", '"', "'", "&", "&lt;", "\\", "{{"])


@given(parts=st.lists(st.one_of(nasty, st.text(max_size=20)), max_size=6))
def test_no_title_breaks_out_of_the_head(parts):
    title = one_line("".join(parts)) or "Untitled"
    head = rendered(a_record(title=title, names=(Name(title),), description=title))
    assert head.others == []
    assert ("citation_title", title) in head.metas
    assert json.loads(head.script)["@graph"][0]["name"] == title
