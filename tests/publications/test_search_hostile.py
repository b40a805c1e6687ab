"""Whatever stands in an address of the search, it answers; a small part of `make bench-search`."""

import random

import pytest

from publications.models import SearchWord
from tests.bench.search_hostile import PAGES, naughty_strings, parameters
from tests.factories import a_tag, a_work, an_author, an_outlet

SEARCHES = 120
# Nothing of the sort is at these addresses: a page beyond the last, a feed of no known name.
ANSWERS = {200, 400, 404}


@pytest.fixture
def library(db):
    for number in range(30):
        a_work(
            f"Shipyards and deterrence {number}",
            standfirst="북한의 조선소는 어디로",
            body="<p>U.S. yards in Geoje build R&amp;D vessels, F-35 decks and O’Brien masts.</p>",
            authors=[an_author(f"Minji Kang {number}", slug=f"author-of-{number}")],
            tags=[a_tag(f"Steel {number}")],
            outlet=an_outlet(f"The Daily {number}"),
        )


def test_random_and_hostile_addresses_are_answered(reader, library):
    chance = random.Random(1)
    words = list(SearchWord.objects.order_by("word").values_list("word", flat=True))
    naughty = naughty_strings()
    for _ in range(SEARCHES):
        address = f"{chance.choice(PAGES)}?{parameters(chance, words, naughty)}"
        response = reader.get(address)
        assert response.status_code in ANSWERS, address
        assert b"Traceback" not in b"".join(response), address
