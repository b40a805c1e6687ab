"""The address of the search page is its whole state."""

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from publications.models import Kind, TagGroup
from publications.search.engine import Sort
from publications.search.facets import Facet, language_value
from publications.search.labels import FIELDS, NOBODY, Name, names_of, resolve
from publications.search.params import MAX_CHARS, MAX_VALUES, SearchParams
from tests.factories import a_series, a_tag, a_work, an_author, an_outlet


def read(address: str) -> SearchParams:
    return SearchParams.from_query(QueryDict(address))


# --- Addresses ---------------------------------------------------------------
@pytest.mark.parametrize(
    ("address", "canonical"),
    [
        ("", ""),
        ("q=trade", "q=trade"),
        ("q=+trade%00policy%0A", "q=trade+policy"),
        ("q=%ED%95%9C%EA%B5%AD", "q=%ED%95%9C%EA%B5%AD"),
        ("q=a&q=b", "q=b"),
        ("kind=reports&kind=op-eds&kind=reports", "kind=op-eds&kind=reports"),
        ("kind=&author=+", ""),
        ("author=ada&q=x&kind=reports", "q=x&kind=reports&author=ada"),
        ("year=2019", "year=2019"),
        ("year=2019..2024", "year=2019..2024"),
        ("year=2024..2019", "year=2019..2024"),
        ("year=2019..2019", "year=2019"),
        ("year=2019-2024", "year=2019..2024"),
        ("year=2019%E2%80%932024", "year=2019..2024"),
        ("year=2019.2024", ""),
        ("year=2019..", "year=2019.."),
        ("year=..2024", "year=..2024"),
        # The form's two boxes.
        ("year=2019&year=2024", "year=2019..2024"),
        ("year=2024&year=2019", "year=2019..2024"),
        ("year=2019&year=", "year=2019.."),
        ("year=&year=2024", "year=..2024"),
        ("year=&year=", ""),
        ("year=..", ""),
        ("year=999", ""),
        ("year=10000", ""),
        ("year=%D9%A2%D9%A0%D9%A1%D9%A9", ""),
        ("lang=ko&pdf=1", "lang=ko&pdf=1"),
        ("pdf=yes", ""),
        ("sort=newest", "sort=newest"),
        ("sort=relevance", ""),
        ("sort=foo", ""),
        ("page=3", "page=3"),
        ("page=1", ""),
        ("page=0", ""),
        ("page=abc", ""),
        ("page=-2", ""),
        ("page=%D9%A3", ""),
        ("page=9999999", "page=9999999"),
        ("page=10000000", ""),
        ("exact=1", "exact=1"),
        ("exact=true", ""),
        ("utm_source=mail&q=x", "q=x"),
    ],
)
def test_an_address_is_understood_and_written_in_one_way(address, canonical):
    assert read(address).to_query() == canonical


TEXTS = st.text(max_size=30) | st.sampled_from(["1", "2019", "2019..2024", "newest", "op-eds"])
NAMES = st.sampled_from([*map(str, Facet), "q", "sort", "page", "exact", "other"])


@given(st.dictionaries(NAMES, st.lists(TEXTS, max_size=4)))
def test_an_address_read_from_anything_reads_back_the_same(lists):
    params = SearchParams.from_query(lists)
    assert read(params.to_query()) == params


@given(st.text(max_size=300))
def test_any_address_is_understood(address):
    params = SearchParams.from_query(QueryDict(address.encode("utf-8", "replace")))
    assert read(params.to_query()) == params


def test_an_address_has_bounds():
    long = read("q=" + "x" * 5000)
    assert len(long.q) == MAX_CHARS
    many = SearchParams.from_query({"author": [f"author-{number}" for number in range(100)]})
    assert len(many.filters[Facet.AUTHOR]) == MAX_VALUES


PARAMS = read("q=trade&kind=reports&year=2019..2024&author=ada&sort=newest&page=4")


@pytest.mark.parametrize(
    ("changed", "address"),
    [
        (
            PARAMS.with_value(Facet.KIND, "op-eds"),
            "q=trade&kind=op-eds&kind=reports&year=2019..2024&author=ada&sort=newest",
        ),
        (
            PARAMS.with_value(Facet.KIND, "reports"),
            "q=trade&kind=reports&year=2019..2024&author=ada&sort=newest",
        ),
        (
            PARAMS.without_value(Facet.KIND, "reports"),
            "q=trade&year=2019..2024&author=ada&sort=newest",
        ),
        (PARAMS.without_facet(Facet.AUTHOR), "q=trade&kind=reports&year=2019..2024&sort=newest"),
        (PARAMS.without_facet(Facet.YEAR), "q=trade&kind=reports&author=ada&sort=newest"),
        (PARAMS.cleared(), "q=trade&sort=newest"),
        (
            PARAMS.with_sort(Sort.RELEVANCE),
            "q=trade&kind=reports&year=2019..2024&author=ada",
        ),
        (
            PARAMS.with_page(2),
            "q=trade&kind=reports&year=2019..2024&author=ada&sort=newest&page=2",
        ),
        (
            PARAMS.as_typed(),
            "q=trade&kind=reports&year=2019..2024&author=ada&sort=newest&exact=1",
        ),
    ],
)
def test_a_link_changes_one_thing_and_starts_at_the_first_page(changed, address):
    assert changed.to_query() == address
    assert read(address) == changed


def test_the_facets_in_use_are_known():
    assert PARAMS.active == [Facet.KIND, Facet.YEAR, Facet.AUTHOR]
    assert PARAMS.cleared().active == []


# --- From names to ids, and back ---------------------------------------------
@pytest.fixture
def shelf(db):
    a_work(
        kind="reports",
        language="ko",
        published_at="2019-05-01T12:00Z",
        authors=[
            an_author("Kim Jong-un", slug="kim-jong-un", native_name="김정은"),
            an_author("José Kim", slug="jose-kim"),
            an_author("Kimberly Lee", slug="kimberly-lee"),
        ],
        tags=[
            a_tag("Trade"),
            a_tag("Trade policy"),
            a_tag("North Korea", group=TagGroup.REGION),
        ],
        outlet=an_outlet("The Korea Times"),
        series=a_series("Working Papers"),
    )
    a_work(published_at="2021-05-01T12:00Z")


def meant(address: str = "", **fields: str) -> tuple[dict[str, set[str]], list[tuple[str, str]]]:
    """Return what an address and typed fields mean, in slugs, and what they fail to name."""
    filters, unknown = resolve(read(address), {name: [text] for name, text in fields.items()})
    names = names_of(filters)
    slugs = {
        facet.value: {names[facet, pk].slug for pk in ids if pk != NOBODY}
        for facet, ids in filters.items()
    }
    return slugs, unknown


@pytest.mark.parametrize(
    ("field", "text", "slugs"),
    [
        ("author", "kim", {"author": {"kim-jong-un", "jose-kim"}}),
        ("author", "Kim Jong Un", {"author": {"kim-jong-un"}}),
        ("author", "jong-un", {"author": {"kim-jong-un"}}),
        ("author", "jose-kim", {"author": {"jose-kim"}}),
        ("author", "JOSE", {"author": {"jose-kim"}}),
        ("author", "김정은", {"author": {"kim-jong-un"}}),
        ("tag", "trade", {"topic": {"trade"}}),
        ("tag", "policy", {"topic": {"trade-policy"}}),
        ("tag", "north korea", {"region": {"north-korea"}}),
        ("topic", "trade", {"topic": {"trade"}}),
        ("region", "korea", {"region": {"north-korea"}}),
        ("kind", "report", {"kind": {"reports"}}),
        ("kind", "op-ed", {"kind": {"op-eds"}}),
        ("lang", "ko", {"lang": {"ko"}}),
        ("lang", "Korean", {"lang": {"ko"}}),
        ("year", "2019", {"year": {"2019"}}),
        ("year", "2000..2030", {"year": {"2019", "2021"}}),
        ("year", "..2020", {"year": {"2019"}}),
        ("year", "1950..1960", {"year": set()}),
        ("filetype", "PDF", {"pdf": {"1"}}),
    ],
)
def test_what_is_typed_after_a_field_is_found_by_name_or_slug(shelf, field, text, slugs):
    assert meant(**{field: text}) == (slugs, [])


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("author", "nobody"),
        ("author", "kim nobody"),
        ("author", "'"),
        ("author", "{}"),
        ("author", "%"),
        ("tag", "kimchi"),
        ("topic", "north korea"),
        ("region", "trade"),
        ("outlet", "gazette"),
        ("series", "none"),
        ("kind", "poem"),
        ("lang", "tlh"),
        ("year", "soon"),
        ("filetype", "doc"),
    ],
)
def test_what_names_nothing_is_said(shelf, field, text):
    slugs, unknown = meant(**{field: text})
    # No work has the value, rather than any.
    assert list(slugs.values()) == [set()]
    assert unknown == [(field, text)]


@pytest.mark.django_db
@given(st.text(max_size=60))
def test_anything_may_be_a_name(text):
    params = SearchParams.from_query({name: [text] for name in [*Facet, "q"]})
    # What the query parser hands on is as clean as the parameters.
    fields = [*FIELDS, "year", "lang", "filetype"]
    filters, _unknown = resolve(params, {field: [params.q] for field in fields})
    assert set(filters) >= set(params.active)


def test_chosen_and_typed_values_of_a_facet_join(shelf):
    slugs, unknown = meant("author=kimberly-lee&author=none&lang=ko&pdf=1&year=2021", author="josé")
    assert slugs == {
        "author": {"kimberly-lee", "jose-kim"},
        "lang": {"ko"},
        "pdf": {"1"},
        "year": {"2021"},
    }
    assert unknown == [("author", "none")]


def test_an_address_takes_slugs_only(shelf):
    assert meant("author=kim") == ({"author": set()}, [("author", "kim")])
    assert meant("topic=north-korea") == ({"topic": set()}, [("topic", "north-korea")])


def test_resolving_and_naming_are_a_query_each(shelf, django_assert_num_queries):
    with django_assert_num_queries(1):
        resolve(
            read("author=jose-kim&topic=trade&year=2019&kind=reports"),
            {"author": ["kim"], "outlet": ["korea"], "year": ["2021"]},
        )
    with django_assert_num_queries(0):
        resolve(read("q=trade&lang=ko&pdf=1"), {})
    kind = Kind.objects.get(slug="reports").pk
    with django_assert_num_queries(1):
        names = names_of(
            {Facet.KIND: [kind, 0], Facet.YEAR: [2019], Facet.LANGUAGE: [language_value("ko")]}
        )
    assert names[Facet.KIND, kind].label == "Reports"
    assert (Facet.KIND, 0) not in names
    assert names[Facet.YEAR, 2019] == Name("2019", "2019")
    assert names[Facet.LANGUAGE, language_value("ko")] == Name("ko", "Korean")
