"""Two versions made one, and posted rows made to fit: tables."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publications.forms.rows import renumber
from publications.models import Outlet, Publication
from publications.snapshots.merging import compare, merge


def an_outlet_of(name: str, **more: Any) -> dict[str, Any]:
    return {"fields": {"name": name, **more}, "parts": {}}


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "seen"),
    [
        ("a", "a", "a", None),
        ("a", "b", "b", None),
        ("a", "b", "a", ("mine", "mine")),
        ("a", "a", "b", ("theirs", "theirs")),
        ("a", "b", "c", ("both", "mine")),
        (None, "b", "c", ("both", "mine")),
        (None, "b", "b", None),
    ],
)
def test_who_changed_it_and_what_is_chosen_at_first(base, mine, theirs, seen):
    told = compare(
        Outlet,
        base=None if base is None else an_outlet_of(base),
        mine=an_outlet_of(mine),
        theirs=an_outlet_of(theirs),
    )
    assert [(each.changed_by, each.chosen) for each in told] == ([seen] if seen else [])


def test_what_was_chosen_before_stays_chosen_and_some_fields_are_left():
    versions = {
        "base": an_outlet_of("a", slug="a", home_page=""),
        "mine": an_outlet_of("b", slug="b", home_page=""),
        "theirs": an_outlet_of("c", slug="c", home_page="https://c.example"),
    }  # fmt: skip
    told = compare(Outlet, **versions, chosen={"name": "theirs", "home_page": "x"}, leave={"slug"})
    assert {each.name: each.chosen for each in told} == {"name": "theirs", "home_page": "theirs"}


def a_version(title: str, *tags: str, first: int = 1) -> dict[str, Any]:
    rows = [{"id": number, "tag": {"id": ord(name), "name": name}}
            for number, name in enumerate(tags, start=first)]  # fmt: skip
    return {"fields": {"title": title, "standfirst": ""}, "parts": {"taggings": rows}}


@pytest.mark.parametrize(
    ("choices", "title", "tags"),
    [
        ({}, "Theirs", "c"),
        ({"title": "mine"}, "Mine", "c"),
        ({"taggings": "mine"}, "Theirs", "ab"),
        ({"title": "mine", "taggings": "mine"}, "Mine", "ab"),
        ({"title": "theirs", "nonsense": "mine", "slug": "mine"}, "Theirs", "c"),
        ({"title": "MINE"}, "Theirs", "c"),
    ],
)
def test_a_merge_takes_whole_fields_and_parts(choices, title, tags):
    mine, theirs = a_version("Mine", "a", "b"), a_version("Theirs", "c", first=9)
    merged = merge(Publication, mine=mine, theirs=theirs, choices=choices)
    assert merged["fields"] == {"title": title, "standfirst": ""}
    assert "".join(row["tag"]["name"] for row in merged["parts"]["taggings"]) == tags
    assert theirs == a_version("Theirs", "c", first=9)


def form(*rows: str, initial: int, **more: str) -> dict[str, list[str]]:
    """Rows as "id" or "id:note", for a form set named `r`."""
    fields = {"r-TOTAL_FORMS": [str(len(rows))], "r-INITIAL_FORMS": [str(initial)]}
    for place, row in enumerate(rows):
        number, _colon, note = row.partition(":")
        fields |= {f"r-{place}-id": [number], f"r-{place}-note": [note]}
    return fields | {name.replace("__", "-"): [value] for name, value in more.items()}


@pytest.mark.parametrize(
    ("posted", "known", "fits"),
    [
        (form(initial=0), "", form(initial=0)),
        (form("1:a", "2:b", ":c", initial=2), "12", form("1:a", "2:b", ":c", initial=2)),
        (form("1:a", "2:b", ":c", initial=2), "2", form("2:b", ":a", ":c", initial=1)),
        (form("1:a", "2:b", initial=2), "", form(":a", ":b", initial=0)),
        (form("1:a", "2:b", initial=2, r__0__DELETE="on"), "2", form("2:b", initial=1)),
        (form("1:a", initial=1, r__0__DELETE="on"), "1", form("1:a", initial=1, r__0__DELETE="on")),
        (form(":a", "2:b", initial=0), "2", form("2:b", ":a", initial=1)),
        (
            form("1:a", "2:b", initial=2, **{"initial-r-0-note": "z"}), "2",
            form("2:b", ":a", initial=1, **{"initial-r-1-note": "z"}),
        ),
        (
            form("1:a", initial=1, other__0__id="7", r__x__id="8", **{"r-__prefix__-id": ""}), "1",
            form("1:a", initial=1, other__0__id="7", r__x__id="8", **{"r-__prefix__-id": ""}),
        ),
        (form("1:a", initial=1) | {"r-TOTAL_FORMS": ["0"]}, "1", form(initial=0)),
        (form("1:a", initial=1) | {"r-TOTAL_FORMS": ["many"]}, "1", form(initial=0)),
    ],
)  # fmt: skip
def test_rows_that_are_still_there_come_first_and_others_become_new(posted, known, fits):
    assert renumber(posted, {}, "r", known=set(known)).fields == fits


def test_files_move_with_their_rows_and_a_row_without_its_file_is_left_out():
    posted = form("1:a", "2:b", "3:c", ":d", initial=3)
    files = {"r-1-file": ["new b"], "r-3-file": ["new d"], "logo": ["other"]}
    done = renumber(posted, files, "r", known={"3"}, file="file")
    assert done.fields == form("3:c", ":b", ":d", initial=1)
    assert done.files == {"r-1-file": ["new b"], "r-2-file": ["new d"], "logo": ["other"]}


names = st.text("r-0129idfile_x", max_size=12)
posts = st.dictionaries(names, st.lists(st.text(max_size=3), max_size=2), max_size=8)


@given(posts, posts, st.sets(st.text("0123", max_size=1)))
def test_whatever_is_posted_can_be_made_to_fit(fields, files, known):
    renumber(fields, files, "r", known=known, file="file")
