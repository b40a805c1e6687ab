"""Merging at the desk."""

from typing import Any

import pytest
from lxml import html

from publications.actions import merging
from publications.models import Author, Merge
from tests.factories import a_tag, a_work, an_author, an_outlet
from tests.publications.desk import desk_url, messages_in, sign_in_with

pytestmark = pytest.mark.django_db
RIGHTS = ("view_author", "change_author", "delete_author", "change_publication")


def text_of(page: Any) -> str:
    content = html.fromstring(page.content.decode()).get_element_by_id("content-main")
    return " ".join(content.text_content().split())


@pytest.mark.parametrize("make", [an_author, a_tag, an_outlet])
def test_chosen_in_the_list_looked_at_and_merged(staff: Any, make: Any) -> None:
    kept, gone = make("Kim"), make("Kimm")
    name = kept._meta.model_name
    facts: dict[str, Any] = {
        "author": {"authors": [gone]}, "tag": {"tags": [gone]}, "outlet": {"outlet": gone},
    }[name]  # fmt: skip
    a_work("Ships", **facts)
    if name != "outlet":
        a_work("Boats", **{part: [kept, gone] for part in facts})
    sent = {"action": "merge_chosen", "_selected_action": [kept.pk, gone.pk]}
    page = staff.post(desk_url(name), sent, follow=True)
    assert "Which one stays?" in text_of(page)
    page = staff.get(desk_url(name, "merge"), {"ids": [kept.pk, gone.pk], "keep": kept.pk})
    said = text_of(page)
    works = "1 publication changes Ships" if name == "outlet" else "2 publications change Boats"
    assert f"“Kimm” goes into “Kim” {works}" in said
    assert f"{gone.get_absolute_url()} → {kept.get_absolute_url()}" in said
    assert type(kept).objects.count() == 2
    page = staff.post(
        desk_url(name, "merge"), {"ids": [kept.pk, gone.pk], "keep": kept.pk}, follow=True
    )
    assert "“Kimm” went into “Kim”" in messages_in(page)
    assert type(kept).objects.get() == kept
    page = staff.get(desk_url("merge"))
    undo = desk_url("merge", "undo", Merge.objects.get().pk)
    assert undo in page.content.decode()
    works = "1 publication names it again" if name == "outlet" else "2 publications name it again"
    assert works in text_of(staff.get(undo))
    assert "“Kimm” is back" in messages_in(staff.post(undo, follow=True))
    assert type(kept).objects.count() == 2


def test_both_in_one_byline_and_empty_fields_are_said_before(staff: Any) -> None:
    kept, gone = an_author("Kim"), an_author("Kimm", native_name="김", position="Fellow")
    for number in range(22):
        a_work(f"Both {number}", authors=[gone, kept])
    page = staff.get(desk_url("author", "merge"), {"ids": [kept.pk, gone.pk], "keep": kept.pk})
    said = text_of(page)
    assert "In 22 of them both stand There “Kim” is kept once" in said
    assert "and 2 more" in said
    assert "Name in native script김PositionFellow" in said


def test_one_alone_asks_for_another(staff: Any) -> None:
    author = an_author("Kim")
    form = staff.get(desk_url("author", "change", author.pk)).content.decode()
    assert f"{desk_url('author', 'merge')}?ids={author.pk}" in form
    page = staff.get(desk_url("author", "merge"), {"ids": [author.pk, ""], "keep": author.pk})
    assert "Add the one that is to go into it" in text_of(page)
    page = staff.post(desk_url("author", "merge"), {"ids": [author.pk], "keep": author.pk})
    assert "at least two" in messages_in(page)


@pytest.mark.parametrize(
    "query", ["", "ids=x&keep=y", "ids=99999999999999999999", "ids=%00&keep=1"]
)
def test_any_address_is_answered(staff: Any, query: str) -> None:
    assert staff.get(f"{desk_url('tag', 'merge')}?{query}").status_code == 200


@pytest.mark.parametrize("missing", RIGHTS[1:])
def test_whoever_lacks_a_right_merges_and_undoes_nothing(client: Any, missing: str) -> None:
    kept, gone, third = an_author("Kim"), an_author("Kimm"), an_author("Kimmm")
    (merge,) = merging.merge(kept, [third], by=None)
    sign_in_with(client, *(right for right in RIGHTS if right != missing), "view_merge")
    sent = {"ids": [kept.pk, gone.pk], "keep": kept.pk}
    assert client.get(desk_url("author", "merge"), sent).status_code == 403
    assert client.post(desk_url("author", "merge"), sent).status_code == 403
    assert client.post(desk_url("merge", "undo", merge.pk)).status_code == 403
    page = client.get(desk_url("author")).content.decode()
    assert "merge_chosen" not in page
    assert Author.objects.count() == 2


def test_whoever_has_the_rights_does(client: Any) -> None:
    kept, gone = an_author("Kim"), an_author("Kimm")
    sign_in_with(client, *RIGHTS)
    sent = {"ids": [kept.pk, gone.pk], "keep": kept.pk}
    assert client.post(desk_url("author", "merge"), sent).status_code == 302
    assert client.post(desk_url("merge", "undo", Merge.objects.get().pk)).status_code == 302
    assert Author.objects.count() == 2


def test_the_list_shows_merges_only_of_what_one_may_see(client: Any) -> None:
    merging.merge(an_author("Kim"), [an_author("Kimm")], by=None)
    merging.merge(a_tag("Sea"), [a_tag("Seas")], by=None)
    sign_in_with(client, "view_merge", "view_tag")
    page = client.get(desk_url("merge")).content.decode()
    assert "Seas" in page
    assert "Kimm" not in page
    sign_in_with(client, "view_tag")
    assert client.get(desk_url("merge")).status_code == 403
