"""Old addresses stay alive, in one hop and never in a circle."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from publications.actions import editing
from publications.actions.redirects import lead, save_redirect
from publications.models import Kind, Page, Redirect
from tests.factories import a_series, a_tag, a_user, a_work, an_author, an_outlet

pytestmark = pytest.mark.django_db


def known() -> dict[str, str]:
    return dict(Redirect.objects.values_list("old_path", "target"))


def test_a_chain_of_renames_is_one_hop() -> None:
    lead("/a/", "/b/")
    lead("/b/", "/c/")
    assert known() == {"/a/": "/c/", "/b/": "/c/"}


def test_a_rename_back_leaves_no_circle() -> None:
    lead("/a/", "/b/")
    lead("/b/", "/a/")
    assert known() == {"/b/": "/a/"}


def test_a_rename_to_the_same_address_leaves_nothing() -> None:
    lead("/a/", "/a/")
    assert not known()


def test_paths_are_kept_readable() -> None:
    lead("/publications/%ED%95%9C/", "/publications/%EA%B5%AD/")
    assert known() == {"/publications/한/": "/publications/국/"}


def test_a_redirect_of_staff_goes_straight_to_the_end() -> None:
    lead("/b/", "/c/")
    save_redirect(Redirect(old_path="/a/", target="/b/"))
    save_redirect(Redirect(old_path="/c/", target="https://example.org/"))
    assert known() == dict.fromkeys(("/a/", "/b/", "/c/"), "https://example.org/")


@pytest.mark.parametrize(("old", "target"), [("/a/", "/a/"), ("/b/", "/a/"), ("/%61/", "/a/")])
def test_a_circle_is_refused(old: str, target: str) -> None:
    lead("/a/", "/b/")
    with pytest.raises(ValidationError, match="back to itself"):
        save_redirect(Redirect(old_path=old, target=target))


class AnyRenames(TestCase):
    @settings(max_examples=40, deadline=None)
    @given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd")), max_size=12))
    def test_no_order_of_renames_makes_a_circle_or_a_chain(self, renames: Any) -> None:
        for old, new in renames:
            lead(f"/{old}/", f"/{new}/")
        assert not set(known()) & set(known().values())
        Redirect.objects.all().delete()


def everything_with_an_address() -> list[Any]:
    return [
        an_author("Hana Seo"),
        an_outlet("Times"),
        a_tag("Trade"),
        a_series("Papers"),
        Page.objects.create(title="About us", slug="about-us"),
        Kind.objects.get(slug="op-eds"),
        a_work(),
    ]


@pytest.mark.parametrize("number", range(7))
def test_whatever_changes_its_address_leads_there_from_the_old_one(
    reader: Any, number: int
) -> None:
    thing = everything_with_an_address()[number]
    old = thing.get_absolute_url()
    thing.slug = "moved"
    editing.save(thing, by=a_user("publish_publication"))
    response = reader.get(old)
    assert (response.status_code, response.headers["Location"]) == (301, thing.get_absolute_url())
    assert reader.get(thing.get_absolute_url()).status_code == 200
