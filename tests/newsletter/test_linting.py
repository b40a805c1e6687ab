"""What is wrong with an issue, said before it is sent."""

from datetime import timedelta

import pytest
from django.conf import settings as project
from django.utils import timezone

from newsletter.actions.sending import start
from newsletter.linting import Finding, lint
from newsletter.mail.rendering import facts_of, render
from newsletter.models import Issue, IssueItem
from publications.models import Image, Kind, Page, Redirect, SiteSettings
from publications.states import Status
from tests.factories import a_series, a_tag, a_work, an_author, an_outlet
from tests.newsletter.making import a_list, a_subscriber, an_issue

pytestmark = pytest.mark.django_db

SITE = "https://www.example.org"


@pytest.fixture
def weekly():
    weekly = a_list("Weekly")
    a_subscriber(lists=[weekly])
    return weekly


@pytest.fixture
def issue(weekly):
    """An issue that nothing is wrong with."""
    return an_issue(lists=[weekly], intro="<p>Good morning.</p>")


def errors(issue: Issue) -> list[str]:
    return [each.text for each in lint(issue) if each.level == "error"]


def warnings(issue: Issue) -> list[str]:
    return [each.text for each in lint(issue) if each.level == "warning"]


def with_intro(issue: Issue, intro: str) -> Issue:
    issue.intro = intro
    issue.save()
    return issue


def test_nothing_is_said_of_a_good_issue(issue):
    assert lint(issue) == []


def test_errors_come_before_warnings(issue):
    issue.lists.clear()
    issue.subject = "LOUD"
    assert [each.level for each in lint(issue)] == ["error", "warning"]
    assert lint(issue)[0] == Finding(
        "error", "No list is chosen, so that nobody would get the issue."
    )


@pytest.mark.parametrize(
    ("intro", "has_item", "is_empty"),
    [
        ("", False, True),
        ("<p></p>", False, True),
        ("<p>Words</p>", False, False),
        ("", True, False),
    ],
)
def test_an_issue_without_items_and_text_is_empty(weekly, intro, has_item, is_empty):
    issue = an_issue(lists=[weekly], works=[a_work()] if has_item else [], intro=intro)
    found = ["There is nothing in the issue: no publication and no text."]
    assert errors(issue) == (found if is_empty else [])


@pytest.mark.parametrize("status", [Status.DRAFT, Status.WITHDRAWN])
def test_an_item_that_is_not_public_is_named(issue, status):
    work = a_work("Gone", status=status)
    IssueItem.objects.create(issue=issue, publication=work, position=2)
    assert errors(issue) == ["“Gone” is not public, so that readers could not open it."]


def test_an_item_that_is_still_to_come_is_a_warning(issue):
    work = a_work("Soon", published_at=timezone.now() + timedelta(days=2))
    IssueItem.objects.create(issue=issue, publication=work, position=2)
    [said] = warnings(issue)
    assert said.startswith("“Soon” is left out unless the issue is sent after ")
    assert errors(issue) == []


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example/a?b=c#d",
        "http://elsewhere.example",
        "mailto:desk@example.org",
        "/",
        "/publications/",
        "/search/?q=trade",
        "/publications",
        "#note",
        "//elsewhere.example/a",
        f"{SITE}/newsletter/",
        "https://www.example.org.evil.example/nothing/",
    ],
)
def test_links_that_lead_somewhere_are_fine(issue, address):
    assert lint(with_intro(issue, f'<p><a href="{address}">x</a></p>')) == []


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (
            "ftp://a.example/b",
            "A link has no address that works, such as https://www.example.org/.",
        ),
        ("https:///x", "This is not a whole address: https:///x"),
        ("mailto:", "This is not a whole address: mailto:"),
        ("/no/such/page/", f"Readers find nothing at {SITE}/no/such/page/"),
        ("/nothing/", f"Readers find nothing at {SITE}/nothing/"),
        ("www.elsewhere.example/x", f"Readers find nothing at {SITE}/www.elsewhere.example/x"),
        (f"{SITE}/publications/none/", f"Readers find nothing at {SITE}/publications/none/"),
        ("/authors/none/", f"Readers find nothing at {SITE}/authors/none/"),
        ("/newsletter/archive/1/", f"Readers find nothing at {SITE}/newsletter/archive/1/"),
        ("/a%00b/", f"Readers find nothing at {SITE}/a%00b/"),
        ("/admin/", f"Readers find nothing at {SITE}/admin/"),
        ("/images/9/none.png", f"Readers find nothing at {SITE}/images/9/none.png"),
    ],
)
@pytest.mark.parametrize("place", ["intro", "closing"])
def test_links_that_lead_nowhere_are_errors(issue, place, address, said):
    setattr(issue, place, f'<p><a href="{address}">x</a></p>')
    issue.save()
    assert errors(issue) == [said]


def test_links_to_what_there_is_on_our_site_are_fine(issue, client):
    sent = an_issue("Before", lists=list(issue.lists.all()))
    start(sent.pk)
    Redirect.objects.create(old_path="/old/", target="/publications/")
    Page.objects.create(title="About", slug="about", body="<p>We.</p>")
    picture = Image.objects.create(file="a.png", width=1, height=1, alt="A", credit="C")
    things = [
        a_work("한국", slug="한국", lead_image=picture), Kind.objects.first(), an_author(),
        an_outlet(), a_tag("Trade", slug="trade"), a_series(), picture,
    ]  # fmt: skip
    paths = ["/old/", "/about/", f"/newsletter/archive/{sent.pk}/"]
    paths += [each.get_absolute_url() for each in things]
    links = "".join(f'<a href="{each}?from=mail#top">x</a>' for each in paths)
    assert lint(with_intro(issue, f"<p>{links}</p>")) == []
    # What staff alone see is no page for readers.
    Page.objects.update(is_public=False)
    assert errors(issue) == [f"Readers find nothing at {SITE}/about/?from=mail"]


def test_a_picture_that_readers_cannot_see_is_an_error(issue):
    picture = Image.objects.create(file="a.png", width=1, height=1, alt="A", credit="C")
    with_intro(issue, f'<p><img src="{picture.get_absolute_url()}" alt="A map"></p>')
    assert errors(issue) == [f"Readers find nothing at {SITE}{picture.get_absolute_url()}"]
    work = a_work(lead_image=picture)
    assert lint(issue) == []
    work.status = Status.DRAFT
    work.save()
    assert len(errors(issue)) == 1


@pytest.mark.parametrize("alt", ["", ' alt=""', ' alt=" "'])
def test_a_picture_without_alternative_text_is_a_warning(issue, alt):
    picture = Image.objects.create(file="a.png", width=1, height=1, alt="A", credit="C")
    a_work(lead_image=picture)
    address = picture.get_absolute_url()
    with_intro(issue, f'<p><img src="{address}"{alt}></p>')
    assert warnings(issue) == [f"A picture has no alternative text: {SITE}{address}"]


def test_a_message_that_gmail_would_clip_is_an_error(issue):
    room = 102_400 - len(render(facts_of(issue)).html.encode())
    with_intro(issue, f"{issue.intro[:-4]}{'x' * (room - 1)}</p>")
    assert lint(issue) == []
    with_intro(issue, f"{issue.intro[:-4]}x</p>")
    assert errors(issue) == [
        "The message has 100 KB; Gmail cuts it off at 100 KB. Take something out."
    ]


def test_a_site_without_a_postal_address_is_an_error(issue):
    SiteSettings.objects.update(address=" ")
    assert errors(issue) == [
        "The site settings have no postal address, which the law asks of every newsletter."
    ]


def with_own_template(settings, tmp_path, name: str, old: str, new: str) -> None:
    """Let an institute's own template stand before ours."""
    path = tmp_path / "newsletter/mail" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    original = (project.BASE_DIR / "templates/newsletter/mail" / name).read_text()
    assert old in original
    path.write_text(original.replace(old, new))
    [engine] = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": [tmp_path, *engine["DIRS"]]}]


@pytest.mark.parametrize(
    ("name", "part"),
    [("_issue_foot.html", "{{ site.disclosure|linebreaksbr }}"), ("issue.txt", "_foot.txt")],
)
def test_a_template_without_the_disclosure_is_an_error(issue, settings, tmp_path, name, part):
    SiteSettings.objects.update(disclosure="Funded by\r\nsomebody & else.")
    assert lint(issue) == []
    with_own_template(settings, tmp_path, name, part, "_leave.html" if "foot.txt" in part else "")
    assert errors(issue) == ["The disclosure of the site settings is missing from the message."]
    SiteSettings.objects.update(disclosure="")
    assert lint(issue) == []


@pytest.mark.parametrize("name", ["_issue_foot.html", "issue.txt"])
def test_a_template_without_the_way_out_is_an_error(issue, settings, tmp_path, name):
    with_own_template(settings, tmp_path, name, "{{ unsubscribe_link }}", "")
    assert errors(issue) == ["The link to unsubscribe is missing from the message."]


def test_an_empty_plain_text_is_an_error(issue, settings, tmp_path):
    with_own_template(settings, tmp_path, "issue.txt", "{% load i18n %}", "{% comment %}")
    path = tmp_path / "newsletter/mail/issue.txt"
    path.write_text(path.read_text() + "{% endcomment %}")
    assert "The plain-text part is empty." in errors(issue)


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ("x" * 70, []),
        ("x" * 71, ["The subject has 71 characters; many programs show only 70."]),
        ("READ THIS NOW", ["The subject is all in capitals, which looks like spam."]),
        ("News from KEI", []),
        ("한국 소식", []),
        ("한국의 KEI", []),
        ("2024", []),
    ],
)
def test_subjects_that_are_long_or_loud_are_warnings(issue, subject, said):
    issue.subject = subject
    issue.save()
    assert warnings(issue) == said


@pytest.mark.parametrize("subject", ["", "  "])
def test_an_empty_subject_is_an_error(issue, subject):
    issue.subject = subject
    assert errors(issue) == ["There is no subject."]


def test_the_subject_of_an_earlier_issue_is_a_warning(issue, weekly):
    other = an_issue(issue.subject.upper().title(), lists=[weekly])
    assert lint(issue) == []
    start(other.pk)
    assert warnings(issue) == ["An earlier issue had the same subject."]


def test_a_list_without_active_subscribers_is_a_warning(issue):
    trade = a_list("Trade")
    a_subscriber(lists=[trade], status="pending")
    a_subscriber(lists=[trade], status="unsubscribed")
    issue.lists.add(trade)
    assert warnings(issue) == ["Nobody is subscribed to “Trade”."]
    a_subscriber(lists=[trade])
    assert lint(issue) == []


def test_linting_costs_the_same_number_of_queries_however_long_the_issue(
    issue, weekly, django_assert_num_queries
):
    def fill(number: int) -> None:
        works = [a_work(authors=[an_author(), an_author()]) for _each in range(number)]
        for work in [*works, a_work(status=Status.DRAFT)]:
            place = issue.items.count() + 1
            IssueItem.objects.create(issue=issue, publication=work, position=place)
        issue.lists.add(a_list())
        links = [work.get_absolute_url() for work in works] + [
            "/nothing/", f"/authors/none-{number}/",
        ]  # fmt: skip
        with_intro(issue, "".join(f'<p><a href="{each}">x</a></p>' for each in links))

    fill(2)
    with django_assert_num_queries(14):
        lint(issue)
    fill(12)
    with django_assert_num_queries(14):
        assert len(errors(issue)) > 3
