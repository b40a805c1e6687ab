"""A stored text on its page: pictures, notes, links and cards as the site knows them today."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kei_site.common.html import sanitize
from newsletter.mail.rich_text import to_plain, with_whole_links
from publications import embeds
from publications.actions import editing
from publications.models import Image, Page
from publications.prose import dress
from publications.states import Status
from tests.factories import a_work, an_outlet
from tests.journeys.test_writing import DOT
from tests.publications.desk import save, sign_in_with

NOTED = (
    '<p>Trade grew<sup><a href="#fn-1" id="fnref-1">1</a></sup> fast.</p>'
    '<ol class="footnotes"><li id="fn-1">Customs data.</li></ol>'
)


@pytest.fixture
def picture(db):
    return Image.objects.create(
        file=SimpleUploadedFile("harbor.png", DOT), alt="A harbor", credit="Ha & Na", caption="Dawn"
    )


def figure(picture, caption=""):
    return f'<figure><img src="{picture.get_absolute_url()}" alt="old">{caption}</figure>'


def shown(reader, work) -> str:
    return reader.get(work.get_absolute_url()).content.decode()


def test_a_picture_says_what_the_library_says(reader, picture, admin_user):
    work = a_work(body=figure(picture))
    page = shown(reader, work)
    assert 'alt="A harbor" loading="lazy" width="1" height="1"' in page
    assert "<figcaption>Dawn" in shown(
        reader, a_work(body=figure(picture, "<figcaption></figcaption>"))
    )
    assert '<figcaption>Dawn <span class="credit">Ha &amp; Na</span></figcaption>' in page
    picture.alt = "The harbor of Incheon"
    editing.save(picture, by=admin_user)
    assert 'alt="The harbor of Incheon"' in shown(reader, work)


def test_a_caption_of_its_own_goes_before_that_of_the_library(reader, picture):
    page = shown(reader, a_work(body=figure(picture, "<figcaption>At <em>dusk</em></figcaption>")))
    assert '<figcaption>At <em>dusk</em> <span class="credit">' in page
    assert "Dawn" not in page


def test_of_a_picture_that_is_gone_nothing_is_left(reader, picture):
    work = a_work(body=f"<p>Before</p>{figure(picture)}<p>After</p>")
    picture.delete()
    page = shown(reader, work)
    assert "<p>Before</p><p>After</p>" in page


def test_feeds_name_the_photographer_too(reader, picture):
    a_work(body=figure(picture))
    assert "Ha &amp;amp; Na" in reader.get("/feeds/publications.rss").content.decode()


def test_links_follow_a_work_wherever_it_goes(reader, admin_user):
    target = a_work("Target", slug="first")
    work = a_work(body=f'<p><a href="/work/{target.pk}/#s-end">see</a></p>')
    assert 'href="/publications/first/#s-end"' in shown(reader, work)
    target.slug = "second"
    editing.save(target, by=admin_user)
    a_work("Another that takes the old address", slug="first")
    assert 'href="/publications/second/#s-end"' in shown(reader, work)
    assert reader.get(f"/work/{target.pk}/").headers["Location"] == "/publications/second/"


def test_the_number_of_a_work_that_is_not_out_says_nothing(reader):
    draft = a_work("Secret", slug="secret-plans", status=Status.DRAFT)
    work = a_work(body=f'<p><a href="/work/{draft.pk}/">see</a></p>')
    assert "secret-plans" not in shown(reader, work)
    assert reader.get(f"/work/{draft.pk}/").status_code == 404
    assert reader.get("/work/999999/").status_code == 404


def test_notes_have_ways_back_and_are_found(reader):
    work = a_work("Trade", body=NOTED)
    page = shown(reader, work)
    assert 'role="doc-noteref" href="#fn-1"' in page
    assert 'href="#fnref-1" role="doc-backlink" aria-label="Back to reference 1"' in page
    found = reader.get('/search/?q="grew fast"').content.decode()
    assert f"/publications/{work.slug}/" in found
    assert f"/publications/{work.slug}/" in reader.get("/search/?q=customs").content.decode()


def test_notes_in_feeds_lead_to_the_page(reader):
    work = a_work("Trade", body=NOTED)
    feed = reader.get("/feeds/publications.rss").content.decode()
    assert f"https://localhost/publications/{work.slug}/#fn-1" in feed


def test_notes_in_mail_are_numbers(db):
    mail = with_whole_links(NOTED)
    assert "<sup>1</sup>" in mail
    assert "#fn-1" not in mail
    assert to_plain(mail).endswith("1. Customs data.")


def test_the_opening_of_an_excerpt_has_no_numbers(reader):
    work = a_work(
        body=NOTED, rights="excerpt", outlet=an_outlet("Times"), outlet_url="https://times.example/"
    )
    page = shown(reader, work)
    assert "Trade grew fast." in page
    assert "Customs" not in page


def test_heads_of_tables_say_what_they_are_for(db):
    table = "<table><tr><th>Year</th><th>n</th></tr><tr><th>2024</th><td>1</td></tr></table>"
    shown = dress(sanitize(table)).markup
    assert '<thead><tr><th scope="col">Year</th><th scope="col">n</th>' in shown
    assert '<th scope="row">2024</th>' in shown


def test_pictures_and_links_cost_a_query_each(db, picture):
    targets = [a_work() for _ in range(4)]
    links = "".join(f'<a href="/work/{each.pk}/">x</a>' for each in targets)
    with CaptureQueriesContext(connection) as captured:
        dress(sanitize(f"<p>{links}</p>{figure(picture) * 4}"))
    assert len(captured) == 2


@pytest.mark.parametrize(
    ("address", "frame"),
    [
        ("https://www.youtube.com/watch?v=a-B_1", "https://www.youtube-nocookie.com/embed/a-B_1?autoplay=1"),
        ("https://youtube.com/watch?t=1&v=ab&list=x", "https://www.youtube-nocookie.com/embed/ab?autoplay=1"),
        ("http://youtu.be/ab?t=3", "https://www.youtube-nocookie.com/embed/ab?autoplay=1"),
        ("https://vimeo.com/12345", "https://player.vimeo.com/video/12345?dnt=1&autoplay=1"),
        ("https://soundcloud.com/kei/last-ferry", "https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/kei/last-ferry&auto_play=true"),
        ("https://www.datawrapper.de/_/aBc12/", "https://datawrapper.dwcdn.net/aBc12/"),
        ("https://datawrapper.dwcdn.net/aBc12/3/", "https://datawrapper.dwcdn.net/aBc12/3/"),
        ("https://evil.example/youtube.com/watch?v=ab", None),
        ("https://youtube.com.evil.example/watch?v=ab", None),
        ("https://www.youtube.com/@channel", None),
        ("https://youtu.be/a\"><script>", None),
        ("javascript:alert(1)//youtu.be/ab", None),
        ("youtu.be/ab", None),
        ("https://youtu.be/" + "a" * 600, None),
        ("", None),
    ],
)  # fmt: skip
def test_only_known_providers_are_shown(address, frame):
    found = embeds.read(address)
    assert (found and found.frame) == frame


@pytest.mark.parametrize(
    "body",
    [
        "<p>https://youtu.be/ab</p>",
        '<p><a href="https://youtu.be/ab">https://youtu.be/ab</a></p>',
        '<figure class="embed"><a href="https://youtu.be/ab">A talk</a></figure>',
        '<figure class="embed"><p><a href="https://youtu.be/ab">A talk</a></p></figure>',
    ],
)
def test_a_card_stands_for_what_is_elsewhere(reader, body):
    response = reader.get(a_work(body=body).get_absolute_url())
    page = response.content.decode()
    assert 'data-frame="https://www.youtube-nocookie.com/embed/ab?autoplay=1"' in page
    assert '<a href="https://youtu.be/ab" rel="noopener noreferrer">' in page
    assert "<iframe" not in page
    assert "frame-src https://www.youtube-nocookie.com" in response["Content-Security-Policy"]
    assert "js/embeds.js" in page


@pytest.mark.parametrize(
    "body",
    [
        "<p>See https://youtu.be/ab for more.</p>",
        '<figure class="embed"><a href="https://evil.example/ab">A talk</a></figure>',
        "<p>https://evil.example/ab</p>",
    ],
)
def test_other_addresses_stay_what_they_are(reader, body):
    response = reader.get(a_work(body=body).get_absolute_url())
    assert "frame-src" not in response["Content-Security-Policy"]
    assert "data-frame" not in response.content.decode()


def test_simple_pages_have_the_same(reader, picture):
    Page.objects.create(
        title="P", slug="p", body=f"{figure(picture)}<p>https://youtu.be/ab</p>{NOTED}"
    )
    response = reader.get("/p/")
    page = response.content.decode()
    assert 'alt="A harbor"' in page
    assert "doc-backlink" in page
    assert "frame-src https://www.youtube-nocookie.com" in response["Content-Security-Policy"]


# --- What the editor asks ---------------------------------------------------------
def ask(client, name, **query):
    return client.get(reverse(f"admin:writing_{name}"), query)


def test_the_editor_cleans_a_paste(staff):
    url = reverse("admin:writing_paste")
    sent = "<h1>A</h1><p class=MsoNormal onclick=x>b<o:p></o:p></p>"
    response = staff.post(url, sent, content_type="text/html")
    assert response.content.decode() == "<h2>A</h2><p>b</p>"
    assert "no-store" in response["Cache-Control"]
    assert response["Content-Type"].startswith("text/plain")
    assert staff.get(url).status_code == 405


def test_the_editor_finds_works_and_pictures(staff, picture):
    work = a_work("The last ferry")
    a_work("A train")
    choices = ask(staff, "works", q="ferr").json()["choices"]
    assert [(each["title"], each["url"]) for each in choices] == [
        ("The last ferry", f"/work/{work.pk}/")
    ]
    assert len(ask(staff, "works").json()["choices"]) == 2
    assert (
        ask(staff, "pictures", q="harbor").json()["choices"][0]["url"] == picture.get_absolute_url()
    )
    assert ask(staff, "pictures", q="mountain").json()["choices"] == []
    assert ask(staff, "pictures", q="\x00").status_code == 200


@pytest.mark.parametrize("name", ["paste", "works", "pictures"])
def test_readers_are_told_nothing(reader, name):
    assert ask(reader, name).status_code == 302


def test_who_may_not_see_works_or_pictures_is_not_shown_any(client, picture):
    sign_in_with(client, "view_page")
    assert ask(client, "works").status_code == 403
    assert ask(client, "pictures").status_code == 403
    sign_in_with(client, "view_publication", "view_image")
    assert ask(client, "works").status_code == ask(client, "pictures").status_code == 200


def test_without_javascript_a_paste_from_word_is_cleaned_when_saved(staff):
    work = a_work("Typed")
    save(
        staff,
        "publication",
        work.pk,
        body="<p class=MsoNormal>x<o:p></o:p></p><p class=MsoNormal>&nbsp;</p>",
    )
    work.refresh_from_db()
    assert work.body == "<p>x</p>"
