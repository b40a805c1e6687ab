"""Lines of an import file, whatever they hold, become a record or a problem."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publications.importing import cleaning
from publications.importing.kinds import Rules
from publications.importing.languages import language_of
from publications.importing.mapping import PreparedWork, prepare
from publications.importing.names import name_of
from publications.importing.records import ImportedWork, Problem, parse
from publications.importing.remarks import Remark
from publications.models import AuthorType, Language, Rights
from publications.states import Status

RULES = Rules({"commentary": "commentary", "op-eds": "op-eds", "op-ed": "op-eds", "blog": "blog"})
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=10,
)
FIELDS = st.fixed_dictionaries(
    {"id": ANY_JSON | st.text(min_size=1), "title": ANY_JSON | st.text(min_size=1)},
    optional={
        name: ANY_JSON | st.text()
        for name in ("date", "outlet", "outlet_url", "summary", "body_html", "lang", "source")
    }
    | {name: st.lists(st.text(max_size=300), max_size=5) for name in ("authors", "tags")},
)
MARKUP = st.lists(
    st.sampled_from(
        [
            "<",
            ">",
            "<p>",
            "</p>",
            "<table>",
            "<tr><td>",
            "<a href='",
            "'>",
            "<script>",
            "<iframe src=",
            "<!--",
            "-->",
            '"',
            "&#0;",
            "&lt;",
            "text",
            "<h1>",
            "</h1>",
            "<div>",
            "<img src=//x/y>",
            "\x00",
            "<svg>",
            "<math>",
            "<a href='//[x'>",
            "</a>",
            "http://[",
            "<caption>",
            "<li>",
        ]
    )
).map("".join)


@pytest.mark.parametrize(
    ("line", "what"),
    [
        (b"\xff\xfe\x00", "not UTF-8 text"),
        (b"{", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"id": 1' + b"0" * 5000 + b"}", "not JSON"),
        (b'["a"]', "not a JSON object"),
        (b"3", "not a JSON object"),
        (b"{}", "no id"),
        (b'{"id": "  "}', "no id"),
        (b'{"id": true, "title": "A"}', "no id"),
        (b'{"id": "a"}', "no title"),
        (b'{"id": "a", "title": " "}', "no title"),
        (b'{"id": "a", "title": ["A"]}', "“title” is not text"),
        (b'{"id": "a", "title": "A", "date": 20240710}', "“date” is not text"),
        (b'{"id": "a", "title": "A", "authors": "Kim"}', "“authors” is not a list of texts"),
        (b'{"id": "a", "title": "A", "tags": [1]}', "“tags” is not a list of texts"),
        (
            json.dumps({"id": "a", "title": "A", "tags": ["x"] * 501}).encode(),
            "“tags” has more than 500 entries",
        ),
    ],
)
def test_a_line_that_is_no_work_gives_the_reason(line, what) -> None:
    problem = parse(7, line)
    assert isinstance(problem, Problem)
    assert (problem.line, problem.what) == (7, what)


def test_a_line_with_nothing_but_id_and_title_is_a_work() -> None:
    assert parse(1, b'{"id": 12, "title": "A", "authors": null}') == ImportedWork(
        line=1, source="", external_id="12", title="A"
    )


def test_what_the_database_cannot_store_is_dropped() -> None:
    record = parse(1, b'{"id": "a", "title": "A\\u0000B\\ud800C"}')
    assert isinstance(record, ImportedWork)
    assert record.title == "ABC"


@given(st.binary(max_size=200))
def test_random_bytes_never_raise(data) -> None:
    assert isinstance(parse(1, data), ImportedWork | Problem)


@given(FIELDS)
def test_random_fields_become_storable_content_or_a_problem(fields) -> None:
    record = parse(1, json.dumps(fields).encode())
    if isinstance(record, Problem):
        return
    work = prepare(record, RULES)
    if isinstance(work, Problem):
        return
    content = work.content
    assert 0 < len(content.title) <= 500
    assert 0 < len(work.slug) <= 192
    assert 0 < len(work.external_id) <= 300
    assert 0 < len(work.source) <= 60
    assert all(0 < len(name) <= 200 for name in content.authors)
    assert all(0 < len(tag) <= 100 and "," not in tag for tag in content.tags)
    assert content.outlet or not (content.outlet_url or content.outlet_date)
    assert content.published_at or content.status == Status.DRAFT
    assert content.outlet_url or content.rights == Rights.FULL
    assert "\x00" not in repr(content)
    content.fingerprint.encode()


@given(MARKUP)
def test_cleaned_markup_is_clean_for_good(markup) -> None:
    cleaned, _notes = cleaning.body(markup, "")
    assert cleaning.body(cleaned, "")[0] == cleaned
    assert "<script" not in cleaned
    assert "<iframe" not in cleaned


def prepared(**fields) -> PreparedWork:
    facts = {"line": 1, "source": "s", "external_id": "a", "title": "Title"} | fields
    work = prepare(ImportedWork(**facts), RULES)
    assert isinstance(work, PreparedWork), work
    return work


def remarks(work) -> set[Remark]:
    return {noted.remark for noted in work.remarks}


@pytest.mark.parametrize(
    ("markup", "clean", "remark"),
    [
        ("<p>a</p><script>x()</script>", "<p>a</p>", Remark.SCRIPT),
        (
            '<iframe src="//tube.example/v?a=1&amp;b=2" title="A talk"></iframe>',
            '<p><a href="https://tube.example/v?a=1&amp;b=2" rel="noopener">A talk</a></p>',
            Remark.EMBED,
        ),
        ('<iframe src="javascript:x()"></iframe><p>a</p>', "<p>a</p>", Remark.EMBED),
        ('<p>a<img src="https://x.example/a.png" alt="b"></p>', "<p>a</p>", Remark.PICTURE),
        ('<p><a href="">a</a> <a href="/b/">b</a></p>', "<p>a b</p>", Remark.RELATIVE_LINK),
        ("<form><p>a</p></form>", "<p>a</p>", Remark.FORM),
        ('<p><a href="#n1" id="r1">1</a></p>',
         '<p><a href="#n1" id="r1" rel="noopener">1</a></p>', None),
        ('<p><a href="//x.example/a">a</a></p>',
         '<p><a href="https://x.example/a" rel="noopener">a</a></p>', None),
        ("<H1>a</H1><h6>b</h6>", "<h2>a</h2><h4>b</h4>", None),
        ("<div>a</div><div>b</div>", "a\n\nb", None),
        ("<p>a</p><p> </p>\x00", "<p>a</p><p> </p>", None),
        ("<p> </p>", "", Remark.NOTHING_TO_READ),
    ],
)  # fmt: skip
def test_markup_is_cleaned_and_what_is_lost_is_said(markup, clean, remark) -> None:
    work = prepared(body_html=markup, date="2020-01-02", authors=("A B",))
    assert work.content.body == clean
    assert remarks(work) == ({remark} if remark else set())


def test_relative_links_hang_on_the_address_at_the_outlet() -> None:
    work = prepared(
        body_html='<a href="../b">b</a>', outlet="O", outlet_url="https://o.example/x/a"
    )
    assert work.content.body == '<a href="https://o.example/b" rel="noopener">b</a>'


def test_a_text_of_deep_nesting_is_refused_before_it_costs_time() -> None:
    work = prepare(ImportedWork(1, "s", "a", "Title", body_html="<div>" * 300_000), RULES)
    assert isinstance(work, Problem)
    assert "nest" in work.what


def test_many_paragraphs_are_not_deep() -> None:
    assert prepared(body_html="<ul>" + "<li>a<p>b" * 2000).content.body


def test_a_text_beyond_the_limit_is_refused() -> None:
    work = prepare(ImportedWork(1, "s", "a", "Title", body_html="x" * 2_000_001), RULES)
    assert isinstance(work, Problem)
    assert "longer than" in work.what


@pytest.mark.parametrize(
    ("date", "status", "remark"),
    [
        ("2024-07-10", Status.PUBLISHED, None),
        ("2024-07-10T23:30:00Z", Status.PUBLISHED, None),
        ("", Status.DRAFT, Remark.NO_DATE),
        ("2104-09-08", Status.DRAFT, Remark.FUTURE_DATE),
        ("0204-09-08", Status.DRAFT, Remark.ODD_DATE),
        ("2023-02-30", Status.DRAFT, Remark.ODD_DATE),
        ("10 July 2024", Status.DRAFT, Remark.ODD_DATE),
    ],
)
def test_a_date_decides_between_published_and_draft(date, status, remark) -> None:
    work = prepared(date=date, body_html="<p>a</p>", authors=("A B",))
    assert work.content.status == status
    assert remarks(work) == ({remark} if remark else set())
    assert bool(work.content.published_at) == (status == Status.PUBLISHED)


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Seoul", "UTC", "Pacific/Honolulu"])
def test_a_day_is_the_same_day_in_utc(zone, settings) -> None:
    settings.TIME_ZONE = zone
    moment = prepared(date="2024-07-10").content.published_at
    assert moment is not None
    assert moment.utctimetuple()[:3] == (2024, 7, 10)


def test_an_empty_text_with_an_address_is_an_excerpt() -> None:
    work = prepared(outlet="The Korea Times", outlet_url="https://kt.example/1", date="2024-07-10")
    assert work.content.rights == Rights.EXCERPT
    assert work.content.kind == "op-eds"
    assert Remark.EXCERPT in remarks(work)


def test_an_address_without_an_outlet_names_the_site() -> None:
    work = prepared(outlet_url="https://www.kt.example/1")
    assert work.content.outlet == "kt.example"
    assert Remark.OUTLET_FROM_ADDRESS in remarks(work)


def test_what_is_no_web_address_is_dropped() -> None:
    work = prepared(outlet="O", outlet_url="javascript:alert(1)", body_html="<p>a</p>")
    assert work.content.outlet_url == ""
    assert Remark.BAD_ADDRESS in remarks(work)


@pytest.mark.parametrize(
    ("fields", "kind", "doubtful"),
    [
        ({"kind": "Op-Ed"}, "op-eds", False),
        ({"kind": "op-eds"}, "op-eds", False),
        ({"kind": "sonnet"}, "commentary", True),
        ({"source": "our blog"}, "blog", False),
        ({"outlet": "The Daily Herald"}, "commentary", False),
        ({}, "commentary", False),
    ],
)
def test_a_kind_comes_from_the_line_or_from_rules(fields, kind, doubtful) -> None:
    work = prepared(**fields)
    assert work.content.kind == kind
    assert (Remark.UNKNOWN_KIND in remarks(work)) == doubtful


def test_long_values_are_shortened_and_long_ids_stay_different() -> None:
    one = prepared(
        title="word " * 200, authors=("n" * 300,), tags=("t" * 300,), external_id="i" * 400 + "1"
    )
    two = prepared(external_id="i" * 400 + "2", source="s" * 100)
    assert one.external_id != two.external_id
    assert len(two.source) == 60
    assert len(one.content.title) <= 500
    assert one.content.title.endswith("word…")
    assert Remark.SHORTENED in remarks(one)


def test_names_are_matched_without_case_and_spaces_and_stand_once() -> None:
    work = prepared(
        authors=("Kim  Jong-un", "kim jong-UN", "O&#39;Neill"),
        tags=("Trade, policy", "TRADE POLICY"),
    )
    assert work.content.authors == ("Kim Jong-un", "O'Neill")
    assert work.content.tags == ("Trade policy",)
    assert Remark.COMMA_IN_TAG in remarks(work)


@pytest.mark.parametrize(
    ("display", "given", "family"),
    [
        ("Alycia Piazza", "Alycia", "Piazza"),
        ("Victoria Bitzer-Wales", "Victoria", "Bitzer-Wales"),
        ("Kyle S. Richardson", "Kyle S.", "Richardson"),
        ("R. David Edelman", "R. David", "Edelman"),
        ("Dr. DJ Patil", "DJ", "Patil"),
        ("Kristen Honey, PhD", "Kristen", "Honey"),
        ("James Kim", "James", "Kim"),
        ("Kim, Chul-soo", "Chul-soo", "Kim"),
        ("José González", "José", "González"),
        ("Kim Jong-un", "", ""),
        ("Chul-soo Kim", "Chul-soo", "Kim"),
        ("Yoon Suk Yeol", "", ""),
        ("Lee Wilcox", "", ""),
        ("홍길동", "", ""),
        ("Melody", "", ""),
        ("Dawn Pointer McCleskey", "", ""),
        ("Amando E. Gavino, Jr.", "", ""),
        ("Archivist of the United States", "", ""),
        ("", "", ""),
    ],
)
def test_a_name_is_split_only_when_that_is_sure(display, given, family) -> None:
    name = name_of(display, outlet="X")
    assert name.type == AuthorType.PERSON
    assert (name.given, name.family) == (given, family)


@pytest.mark.parametrize(
    "display",
    ["HHS Digital Analytics Team", "Office of Information Policy, DOJ", "AIDS.gov", "18F", "Site",
     "한국경제연구원"],
)  # fmt: skip
def test_a_corporate_body_is_an_organization(display) -> None:
    name = name_of(display, outlet="Site")
    assert (name.type, name.given, name.family) == (AuthorType.ORGANIZATION, "", "")


SPANISH = "Declaraciones del Presidente sobre la reunión con los líderes de la región en Lima"
KOREAN = "한미 동맹의 새로운 방향과 과제"


@pytest.mark.parametrize(
    ("declared", "text", "language", "remark"),
    [
        ("en", "The alliance and its next task in the region", Language.ENGLISH, None),
        ("en-US", "The alliance", Language.ENGLISH, None),
        ("", "The alliance", Language.ENGLISH, None),
        ("en", SPANISH, Language.SPANISH, Remark.OTHER_LANGUAGE),
        ("en", KOREAN, Language.KOREAN, Remark.OTHER_LANGUAGE),
        ("", KOREAN, Language.KOREAN, None),
        ("ko_KR", "A title in English", Language.KOREAN, None),
        ("tlh", SPANISH, Language.SPANISH, Remark.UNKNOWN_LANGUAGE),
        ("fr", "", Language.FRENCH, None),
    ],
)
def test_the_language_is_what_the_file_says_or_the_text_reads_like(
    declared, text, language, remark
) -> None:
    found, notes = language_of(declared, text)
    assert found == language
    assert [noted.remark for noted in notes] == ([remark] if remark else [])
