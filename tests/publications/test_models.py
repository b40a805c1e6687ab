"""Rules that the database keeps, whoever writes; and what the desk says of each."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from publications.models import (
    Attachment,
    AttachmentPage,
    Author,
    Contribution,
    Correction,
    Image,
    Kind,
    Outlet,
    Page,
    Publication,
    Redirect,
    Series,
    SiteSettings,
    SocialLink,
    Spotlight,
    Tag,
    Tagging,
    User,
)
from tests.factories import a_series, a_tag, a_work, an_author, an_outlet
from tests.publications.desk import errors_in, save

pytestmark = pytest.mark.django_db


def work_with(**facts: Any) -> Publication:
    """A work written past every form and action."""
    given: dict[str, Any] = {"kind": Kind.objects.all()[0], "title": "A title", "slug": "a-title"}
    return Publication.objects.create(**given | facts)


def page_of_a_file(number: int) -> AttachmentPage:
    file = Attachment.objects.create(publication=a_work(), file="a.pdf")
    return AttachmentPage.objects.create(attachment=file, number=number, text="")


def twice(make: Callable[[], Any]) -> Callable[[], Any]:
    return lambda: [make(), make()]


def same_external_id() -> None:
    for slug in ("one", "two"):
        work_with(slug=slug, source="wordpress", external_id="1")


def same_series_number() -> None:
    series = a_series()
    for slug in ("one", "two"):
        work_with(slug=slug, series=series, series_number=1)


def same_language_twice() -> None:
    original = work_with(slug="en")
    for slug in ("one", "two"):
        work_with(slug=slug, language="ko", translation_of=original)


def translation_of_itself() -> None:
    work = work_with()
    Publication.objects.filter(pk=work.pk).update(translation_of=work.pk)


def same_place_in_the_byline() -> None:
    work = a_work(authors=[an_author()])
    Contribution.objects.create(publication=work, author=an_author(), position=1)
    connection.check_constraints()


def same_author_twice() -> None:
    author = an_author()
    work = a_work(authors=[author])
    Contribution.objects.create(publication=work, author=author, position=2)


def same_tag_twice() -> None:
    tag = a_tag()
    Tagging.objects.create(content_object=a_work(tags=[tag]), tag=tag)


def image_with(**facts: Any) -> Image:
    given = {"file": "a.png", "width": 1, "height": 1, "alt": "A port", "credit": "Agency"}
    return Image.objects.create(**given | facts)


def same_mail_twice() -> None:
    for name, email in (("one", "Kim@example.org"), ("two", "kim@example.org")):
        User.objects.create(username=name, email=email)


REFUSED: dict[str, Callable[[], Any]] = {
    "publication_has_a_title": lambda: work_with(title="  "),
    "publication_has_an_address": lambda: work_with(slug=""),
    "publications_publication_slug_key": twice(work_with),
    "publication_status_known": lambda: work_with(status="lost"),
    "published_has_a_date": lambda: work_with(status="published"),
    "outlet_facts_need_an_outlet": lambda: work_with(outlet_date=date(2024, 7, 10)),
    "outlet_url_is_a_web_address": lambda: work_with(
        outlet=an_outlet(), outlet_url="javascript:alert(1)"
    ),
    "one_translation_in_a_language": same_language_twice,
    "translation_of_another_work": translation_of_itself,
    "translation_fits": lambda: work_with(slug="b", translation_of=work_with(slug="a")),
    "withdrawn_after_it_was_published": lambda: work_with(
        published_at=timezone.now(), withdraw_at=timezone.now() - timedelta(days=9)
    ),
    "excerpt_links_to_the_outlet": lambda: work_with(rights="excerpt"),
    "full_text_date_when_excerpt_ends": lambda: work_with(full_text_from=date(2024, 7, 10)),
    "series_number_needs_a_series": lambda: work_with(series_number=1),
    "series_number_unique": same_series_number,
    "publication_external_id_unique": same_external_id,
    "contribution_position_unique": same_place_in_the_byline,
    "contribution_author_once_per_role": same_author_twice,
    "contribution_position_from_one": lambda: Contribution.objects.create(
        publication=a_work(), author=an_author(), position=0
    ),
    "correction_has_a_note": lambda: Correction.objects.create(publication=a_work(), note=" "),
    "tagging_unique": same_tag_twice,
    "tag_name_unique": lambda: [a_tag("Trade"), a_tag("TRADE")],
    "tag_name_without_comma": lambda: a_tag("Trade, policy"),
    "outlet_name_unique": lambda: [an_outlet("Times"), an_outlet("TIMES")],
    "outlet_has_a_name": lambda: an_outlet(" "),
    "outlet_home_page_is_web": lambda: Outlet.objects.create(
        name="A", slug="a", home_page="ftp://a.example"
    ),
    "series_title_unique": lambda: [a_series("Papers"), a_series("PAPERS")],
    "series_has_a_title": lambda: a_series(" "),
    "author_has_a_display_name": lambda: an_author(" "),
    "author_orcid_form": lambda: an_author(orcid="1234"),
    "kind_name_unique": lambda: Kind.objects.create(name="op-ed", plural="X", slug="x"),
    "page_has_a_title": lambda: Page.objects.create(title=" ", slug="a"),
    "image_alt_required": lambda: image_with(alt=" "),
    "image_credit_required": lambda: image_with(credit=""),
    "image_focus_in_percent": lambda: image_with(focus_x=101),
    "image_rendering_known": lambda: image_with(rendering="lost"),
    "attachment_page_from_one": lambda: page_of_a_file(0),
    "spotlight_ends_after_it_starts": lambda: Spotlight.objects.create(
        publication=a_work(), starts_at="2026-05-02T00:00Z", ends_at="2026-05-01T00:00Z"
    ),
    "one_spotlight_at_a_time": twice(lambda: Spotlight.objects.create(publication=a_work())),
    "redirect_from_a_path": lambda: Redirect.objects.create(old_path="a/", target="/b/"),
    "redirect_to_a_path_or_web_address": lambda: Redirect.objects.create(
        old_path="/a/", target="//evil.example"
    ),
    "redirect_goes_elsewhere": lambda: Redirect.objects.create(old_path="/a/", target="/a/"),
    "site_settings_are_one_row": lambda: SiteSettings.objects.create(pk=2),
    "site_has_a_name": lambda: SiteSettings.objects.create(pk=1, name=" "),
    "site_colors_are_hex": lambda: SiteSettings.objects.create(pk=1, brand_color="red"),
    "social_link_is_web": lambda: SocialLink.objects.create(
        site=SiteSettings.objects.get_or_create(pk=1)[0], label="X", url="javascript:x"
    ),
    "user_email_unique": same_mail_twice,
}


@pytest.mark.parametrize("name", REFUSED)
def test_the_database_itself_refuses(name: str) -> None:
    with pytest.raises(DatabaseError, match=name), transaction.atomic():
        REFUSED[name]()


def test_every_constraint_is_tried() -> None:
    models = {
        Attachment, AttachmentPage, Author, Contribution, Correction, Image, Kind, Outlet, Page,
        Publication, Redirect, Series, SiteSettings, SocialLink, Spotlight, Tag, Tagging, User,
    }  # fmt: skip
    names = {each.name for model in models for each in model._meta.constraints}
    assert names - {"attachment_page_unique"} <= set(REFUSED)


KIND = {"plural": "Notes", "schema_org": "Article", "csl": "post", "dublin_core": "blogPost"}
SAID: list[tuple[str, dict[str, Any], str]] = [
    ("author", {"display_name": "Kim", "orcid": "1234"}, "sixteen digits in groups of four"),
    ("author", {"display_name": " "}, "This field is required"),
    ("outlet", {"name": "the korea times"}, "There is an outlet of this name already"),
    ("outlet", {"name": "A", "home_page": "javascript:x"}, "Enter a valid URL"),
    ("tag", {"name": "TRADE"}, "There is a tag of this name already"),
    ("tag", {"name": "Trade, policy"}, "the name has no comma in it"),
    ("series", {"title": "PAPERS"}, "There is a series of this title already"),
    ("kind", {"name": "OP-ED", **KIND}, "There is a kind of this name already"),
    ("page", {"title": ""}, "This field is required"),
    ("page", {"title": "Search"}, "Another part of the site has this address"),
    ("page", {"title": "Op-Eds"}, "Another part of the site has this address"),
    ("kind", {"name": "Authors", **KIND, "plural": "Authors"}, "Another part of the site"),
    ("redirect", {"old_path": "a/", "target": "/b/"}, "The old path starts with a slash"),
    ("redirect", {"old_path": "/a/", "target": "//evil.example"}, "Give a path such as /about/"),
    ("redirect", {"old_path": "/a/", "target": "javascript:x"}, "Give a path such as /about/"),
    ("redirect", {"old_path": "/a/", "target": "/a/"}, "lead back to itself"),
    ("redirect", {"old_path": "/new/", "target": "/old/"}, "lead back to itself"),
]


@pytest.mark.parametrize(("model", "typed", "said"), SAID)
def test_the_desk_says_it_in_plain_words(
    staff: Any, model: str, typed: dict[str, Any], said: str
) -> None:
    an_outlet("The Korea Times")
    a_tag("Trade")
    a_series("Papers")
    Redirect.objects.create(old_path="/old/", target="/new/")
    response = save(staff, model, **typed)
    assert response.status_code == 200
    assert said in errors_in(response)
