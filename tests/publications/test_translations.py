"""The same work in several languages."""

import json
import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html

from publications.actions import editing
from publications.models import Publication
from publications.states import Status
from tests.factories import a_work
from tests.publications.desk import errors_in, save


@pytest.fixture
def english(db):
    return a_work("Ferries", slug="ferries")


@pytest.fixture
def korean(english):
    return a_work("연락선", slug="연락선", language="ko", translation_of=english)


def heads(reader, work) -> list[tuple[str, str]]:
    page = html.fromstring(reader.get(work.get_absolute_url()).content.decode())
    return [
        (each.get("hreflang"), each.get("href")) for each in page.xpath("//head/link[@hreflang]")
    ]


def test_each_leads_to_the_other(reader, english, korean):
    there = reader.get("/publications/ferries/").content.decode()
    back = reader.get(korean.get_absolute_url()).content.decode()
    path = korean.get_absolute_url()
    assert f'<a href="{path}" lang="ko" hreflang="ko" rel="alternate">한국어로 읽기</a>' in there
    assert 'hreflang="en" rel="alternate">Read in English</a>' in back
    assert heads(reader, english) == [
        ("en", "https://localhost/publications/ferries/"),
        ("ko", f"https://localhost{path}"),
    ]
    assert sorted(heads(reader, korean)) == sorted(heads(reader, english))


def test_a_work_alone_has_no_other_languages(reader, english):
    assert heads(reader, english) == []
    assert "Other languages" not in reader.get("/publications/ferries/").content.decode()


@pytest.mark.parametrize(
    "facts",
    [
        {"status": Status.DRAFT},
        {"status": Status.WITHDRAWN},
        {"published_at": timezone.now() + timedelta(days=1)},
    ],
)
def test_what_is_not_out_is_not_told(reader, english, facts):
    a_work("비밀", language="ko", translation_of=english, slug="secret", **facts)
    assert "secret" not in reader.get("/publications/ferries/").content.decode()
    assert "secret" not in reader.get("/sitemap-publications-1.xml").content.decode()


def test_translations_find_each_other_while_the_original_is_away(reader, english, korean):
    a_work("Les ferries", slug="fr", language="fr", translation_of=english)
    Publication.objects.filter(pk=english.pk).update(status=Status.WITHDRAWN)
    assert "Lire en français" in reader.get(korean.get_absolute_url()).content.decode()
    assert "Read in English" not in reader.get(korean.get_absolute_url()).content.decode()


def test_search_engines_are_told_too(reader, english, korean):
    a_work("Alone", slug="alone")
    sitemap = reader.get("/sitemap-publications-1.xml").content.decode()
    assert sitemap.count('hreflang="ko"') == 2
    assert sitemap.count('hreflang="en"') == 2
    alone = next(line for line in sitemap.splitlines() if "/alone/" in line)
    assert "hreflang" not in alone


def test_metadata_says_which_is_the_original(reader, english, korean):
    def graph(work):
        page = reader.get(work.get_absolute_url()).content.decode()
        return json.loads(re.search(r"ld\+json\">(.*?)</script>", page)[1])["@graph"][0]

    assert graph(english)["workTranslation"][0]["inLanguage"] == "ko"
    assert graph(korean)["translationOfWork"][0]["inLanguage"] == "en"


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_database_lets_no_language_stand_twice(english, korean, language):
    with pytest.raises(IntegrityError), transaction.atomic():
        a_work("Twice", language=language, translation_of=english)


def test_the_database_lets_no_original_take_the_language_of_a_translation(english, korean):
    with pytest.raises(IntegrityError), transaction.atomic():
        Publication.objects.filter(pk=english.pk).update(language="ko")
    with pytest.raises(IntegrityError), transaction.atomic():
        a_work("Third", language="fr", translation_of=korean)


def test_the_form_has_one_field_for_it(staff, english, korean):
    french = a_work("Les ferries", language="fr")
    # Chosen is the Korean one; meant is the work.
    assert save(staff, "publication", french.pk, translation_of=korean.pk).status_code == 302
    french.refresh_from_db()
    assert french.translation_of == english


def test_the_form_says_which_work_has_the_language(staff, english, korean):
    other = a_work("다른 글", language="ko")
    response = save(staff, "publication", other.pk, translation_of=english.pk)
    assert "There is a translation into this language already." in errors_in(response)
    response = save(staff, "publication", english.pk, language="ko")
    assert "“연락선” is the same work in this language already." in errors_in(response)


def test_an_original_is_no_translation(staff, english, korean):
    other = a_work("Other", language="fr")
    response = save(staff, "publication", english.pk, translation_of=other.pk)
    assert "has translations itself" in errors_in(response)


def test_going_back_does_not_take_a_language_from_another_work(english, korean, admin_user):
    editing.save(korean, by=admin_user)
    korean.translation_of = None
    editing.save(korean, by=admin_user)
    a_work("새 번역", language="ko", translation_of=english)
    remarks = editing.restore(korean, 1, by=admin_user)
    assert "in this language already" in " ".join(remarks)
    korean.refresh_from_db()
    assert korean.translation_of is None


def test_the_original_may_go(english, korean):
    english.delete()
    korean.refresh_from_db()
    assert korean.translation_of is None


def test_a_page_costs_one_query_more_at_most(reader, english):
    reader.get("/publications/ferries/")
    with CaptureQueriesContext(connection) as alone:
        reader.get("/publications/ferries/")
    for language in ("ko", "fr", "de"):
        a_work(language, language=language, translation_of=english)
    with CaptureQueriesContext(connection) as four:
        reader.get("/publications/ferries/")
    assert len(four) == len(alone)
