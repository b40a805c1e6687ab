"""Issues at the editorial desk, through its own pages."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime
from lxml import html

from newsletter.actions import composing, sending
from newsletter.models import (
    Delivery,
    Digest,
    DigestSkip,
    Issue,
    IssueContent,
    MailingList,
    NewsletterSettings,
    Subscriber,
    Subscription,
)
from publications.models import SiteSettings, User
from publications.states import Status
from tests.conftest import HttpsClient
from tests.factories import a_user, a_work
from tests.newsletter.conftest import the_list
from tests.newsletter.test_composing import an_issue, titles
from tests.publications.desk import errors_in, form_in, messages_in

EDITOR = ("view_issue", "add_issue", "change_issue")


@pytest.fixture
def site(db) -> None:
    """An institute that has what every issue needs."""
    furnish()


def furnish() -> None:
    facts = {"name": "Institute", "address": "1 Main Street, Washington, DC"}
    SiteSettings.objects.update_or_create(pk=1, defaults=facts)


def signed_in(*rights: str) -> Client:
    client = HttpsClient()
    client.force_login(a_user(*rights))
    return client


@pytest.fixture
def editor(site) -> Client:
    """Somebody who writes and sends issues and has no other right."""
    return signed_in(*EDITOR)


def page(name: str, *args: Any) -> str:
    return reverse(f"admin:newsletter_{name}", args=args)


def save(client: Client, *args: Any, press: str = "_continue", **typed: Any) -> Any:
    """Open the form of a new issue, or of this one, type, press a button, and see what comes."""
    url = page("issue_change" if args else "issue_add", *args)
    sent = form_in(client.get(url), "issue") | {press: "Save"} | typed
    return client.post(url, sent, follow=True)


def press(client: Client, issue: Issue, step: str, **typed: str) -> Any:
    return client.post(page(f"issue_{step}", issue.pk), typed, follow=True)


def buttons(client: Client, issue: Issue) -> set[str]:
    """The steps that the form offers."""
    panel = html.fromstring(client.get(page("issue_change", issue.pk)).content).find_class("panel")
    [panel] = panel
    links = [*panel.xpath(".//a/@href"), *panel.xpath(".//form/@action")]
    return {each.rstrip("/").rpartition("/")[2] for each in links}


def row(number: int, **typed: Any) -> dict[str, Any]:
    return {f"items-{number}-{name}": value for name, value in typed.items()}


def readers(*names: str) -> list[Subscriber]:
    found = []
    for name in names:
        address = f"{name}@example.org"
        reader = Subscriber.objects.create(address=address, normalized=address)
        Subscription.objects.create(
            subscriber=reader, mailing_list=the_list(), status="active",
            confirmed_at=timezone.now(),
        )  # fmt: skip
        found.append(reader)
    return found


def ready(**facts: Any) -> Issue:
    """A draft that has all it needs to be sent."""
    issue = an_issue(**facts)
    composing.append(issue, [a_work("Rethink trade")])
    return issue


# --- Writing -----------------------------------------------------------------


def test_an_issue_is_written_in_one_form(editor):
    one, two, three = a_work("One"), a_work("Two"), a_work("Three")
    response = save(
        editor,
        subject=" 7월의\n소식 ",
        preheader="What is in it",
        intro="<p>Dear readers</p><script>alert(1)</script>",
        lists=[the_list().pk],
        **{"items-TOTAL_FORMS": 3},
        **row(0, publication=one.pk, position=2, headline="첫째", blurb="Look."),
        **row(1, publication=two.pk, position=1),
        **row(2, publication=three.pk, position=""),
    )
    issue = Issue.objects.get()
    assert errors_in(response) == ""
    assert (issue.subject, issue.intro) == ("7월의 소식", "<p>Dear readers</p>")
    assert (issue.status, issue.is_archived) == ("draft", True)
    assert issue.created_by.has_perm("newsletter.add_issue")
    assert list(issue.lists.all()) == [the_list()]
    assert titles(issue) == ["Two", "One", "Three"]
    assert [each.position for each in issue.items.all()] == [1, 2, 3]
    assert issue.items.get(publication=one).headline == "첫째"


def test_rows_are_moved_swapped_and_removed(editor):
    issue = an_issue()
    works = [a_work(name) for name in ("One", "Two", "Three")]
    composing.append(issue, works)
    response = save(
        editor,
        issue.pk,
        **row(0, publication=works[1].pk),
        **row(1, publication=works[0].pk, position="9"),
        **row(2, DELETE="on"),
    )
    assert errors_in(response) == ""
    assert titles(issue) == ["Two", "One"]
    assert [each.position for each in issue.items.all()] == [1, 2]


def test_what_the_form_refuses_it_refuses_in_words(editor):
    shown, draft = a_work("Shown"), a_work("Hidden", status=Status.DRAFT)
    for typed, words in [
        ({"subject": ""}, "required"),
        ({"subject": "x" * 201}, "at most 200 characters"),
        ({"subject": "bell\x07"}, "one line of text"),
        ({"lists": []}, "required"),
        (row(0, publication=draft.pk), "Readers do not see this work"),
        (row(0, publication="nonsense"), "Readers do not see this work"),
        (row(0, publication="9" * 30), "Readers do not see this work"),
        (
            {**row(0, publication=shown.pk), **row(1, publication=shown.pk)},
            "stands in the issue twice",
        ),
    ]:
        sent = {"subject": "July", "lists": [the_list().pk], "items-TOTAL_FORMS": 2} | typed
        assert words in errors_in(save(editor, **sent)), typed
    assert not Issue.objects.exists()


@pytest.mark.parametrize("subject", ["한" * 200, "a" * 200])
def test_a_subject_of_200_characters_is_fine_everywhere(editor, subject):
    save(editor, subject=subject, lists=[the_list().pk])
    issue = Issue.objects.get()
    assert issue.subject == subject
    for name in ("issue_change", "issue_send", "issue_schedule", "issue_preview"):
        assert subject in editor.get(page(name, issue.pk)).content.decode()
    assert subject in editor.get(page("issue_changelist")).content.decode()


def test_too_many_publications_are_refused(editor):
    issue = an_issue()
    composing.append(issue, [a_work() for _ in range(60)])
    more = {"items-TOTAL_FORMS": 61} | row(60, publication=a_work().pk)
    assert "at most 60 publications" in errors_in(save(editor, issue.pk, **more))


def test_one_button_saves_and_adds_what_is_new(editor):
    a_work("New")
    response = save(editor, press="_add_new", subject="July", lists=[the_list().pk])
    assert "1 publication was added" in messages_in(response)
    issue = Issue.objects.get()
    assert titles(issue) == ["New"]
    again = save(editor, issue.pk, press="_add_new", subject="August")
    assert "Nothing was published since the last issue" in messages_in(again)
    issue.refresh_from_db()
    assert issue.subject == "August"


def test_the_chooser_offers_published_works_only(editor):
    a_work("Trade in the open")
    a_work("Trade in secret", status=Status.DRAFT)
    a_work("Trade tomorrow", published_at=timezone.now() + timedelta(days=1))
    question = {
        "app_label": "newsletter", "model_name": "issueitem", "field_name": "publication",
        "term": "trade",
    }  # fmt: skip
    found = editor.get(page("issue_works"), question).json()["results"]
    assert [each["text"] for each in found] == ["Trade in the open"]
    assert editor.get(page("issue_works"), question | {"field_name": "x"}).status_code == 403
    assert signed_in("view_issue").get(page("issue_works"), question).status_code == 403


# --- Rights ------------------------------------------------------------------


def test_without_the_right_nothing_is_written_or_sent(site):
    issue = ready()
    onlooker, stranger = signed_in("view_issue"), signed_in("view_publication")
    assert onlooker.get(page("issue_change", issue.pk)).status_code == 200
    assert onlooker.get(page("issue_add")).status_code == 403
    assert buttons(onlooker, issue) == {"preview"}
    assert onlooker.post(page("issue_change", issue.pk), {"subject": "x"}).status_code == 403
    for name in ("issue_changelist", "issue_add", "issue_preview"):
        args = [issue.pk] if name == "issue_preview" else []
        assert stranger.get(page(name, *args)).status_code == 403
    steps = "approve send schedule unschedule pause resume cancel"
    for step in [*steps.split(), "resend-failed", "resend-unknown", "resend-excluded"]:
        for client in (onlooker, stranger):
            assert press(client, issue, step).status_code == 403, step
            assert client.get(page(f"issue_{step}", issue.pk)).status_code == 403, step
    issue.refresh_from_db()
    assert issue.status == "draft"


def test_who_may_change_but_not_add_begins_no_issue(site):
    changer = signed_in("view_issue", "change_issue")
    assert changer.get(page("issue_add")).status_code == 403
    issue = an_issue()
    assert save(changer, issue.pk, subject="August").status_code == 200
    issue.refresh_from_db()
    assert issue.subject == "August"


def test_buttons_need_a_token_against_forgery(site):
    issue = ready()
    client = HttpsClient(enforce_csrf_checks=True)
    client.force_login(a_user(*EDITOR))
    assert press(client, issue, "send").status_code == 403
    asked = client.get(page("issue_send", issue.pk))
    token = html.fromstring(asked.content).xpath("//main//input[@name='csrfmiddlewaretoken']")[0]
    done = client.post(
        page("issue_send", issue.pk),
        {"csrfmiddlewaretoken": token.value},
        headers={"Referer": "https://testserver/"},
        follow=True,
    )
    assert "Sending has begun" in messages_in(done)


# --- Sending -----------------------------------------------------------------


def test_sending_asks_first_and_names_the_audience(editor):
    readers("one", "two", "three")
    issue = ready()
    asked = editor.get(page("issue_send", issue.pk)).content.decode()
    assert "<strong>3</strong> subscribers" in asked
    issue.refresh_from_db()
    assert issue.status == "draft"
    assert "Sending has begun" in messages_in(press(editor, issue, "send"))
    issue.refresh_from_db()
    assert (issue.status, issue.candidates) == ("sending", 3)


def test_errors_block_and_warnings_do_not(editor):
    readers("one")
    issue = ready(subject="SHOUTING")
    SiteSettings.objects.update(address="")
    asked = html.fromstring(editor.get(page("issue_send", issue.pk)).content)
    assert "postal address" in asked.find_class("errorlist")[0].text_content()
    assert not asked.xpath("//main//form//button")
    for step, typed in (("send", {}), ("schedule", tomorrow())):
        assert "postal address" in messages_in(press(editor, issue, step, **typed))
    issue.refresh_from_db()
    assert issue.status == "draft"
    furnish()
    asked = editor.get(page("issue_send", issue.pk)).content.decode()
    assert "capitals" in asked
    press(editor, issue, "send")
    issue.refresh_from_db()
    assert issue.status == "sending"


def tomorrow(**more: int) -> dict[str, str]:
    moment = localtime(timezone.now() + timedelta(days=1, **more))
    return {"at_0": f"{moment:%Y-%m-%d}", "at_1": f"{moment:%H:%M}"}


def test_an_issue_is_scheduled_and_unscheduled(editor, settings):
    settings.TIME_ZONE = "America/New_York"
    readers("one")
    issue = ready()
    assert "America/New_York" in editor.get(page("issue_schedule", issue.pk)).content.decode()
    said = messages_in(press(editor, issue, "schedule", **tomorrow()))
    issue.refresh_from_db()
    assert "Sending begins on" in said
    assert "UTC−0" in said
    assert issue.status == "scheduled"
    assert abs(issue.scheduled_for - timezone.now() - timedelta(days=1)) < timedelta(minutes=2)
    assert buttons(editor, issue) == {"preview", "send", "unschedule", "cancel"}
    press(editor, issue, "unschedule")
    issue.refresh_from_db()
    assert (issue.status, issue.scheduled_for) == ("draft", None)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"at_0": "2020-01-01", "at_1": "08:00"}, "is past"),
        ({"at_0": "9999-12-30", "at_1": "23:59"}, "within the next year"),
        ({"at_0": "0001-01-01", "at_1": "00:00"}, ""),
        ({"at_0": "yesterday", "at_1": "noon"}, "Enter a valid date"),
        ({"at_0": "2030-02-30", "at_1": "08:00"}, "Enter a valid date"),
        ({}, "Choose a day and a time"),
    ],
)
def test_a_time_that_cannot_be_is_refused_in_words(editor, typed, words):
    issue = ready()
    answer = press(editor, issue, "schedule", **typed)
    assert answer.status_code == 200
    assert words in errors_in(answer)
    assert errors_in(answer)
    issue.refresh_from_db()
    assert issue.status == "draft"


def test_an_hour_that_the_clocks_skip_is_refused(editor, settings, time_machine):
    settings.TIME_ZONE = "America/New_York"
    time_machine.move_to("2026-03-07T12:00Z", tick=False)
    issue = ready()
    answer = press(editor, issue, "schedule", at_0="2026-03-08", at_1="02:30")
    assert "the clocks skip from 2 a.m. to 3 a.m." in errors_in(answer)
    issue.refresh_from_db()
    assert issue.status == "draft"


def test_pause_resume_and_cancel(editor):
    readers("one")
    issue = ready()
    sending.start(issue.pk)
    for step, status, offered in [
        ("pause", "paused", {"preview", "resume", "cancel"}),
        ("resume", "sending", {"preview", "pause", "cancel"}),
        ("cancel", "cancelled", {"preview"}),
    ]:
        assert step in buttons(editor, issue)
        press(editor, issue, step)
        issue.refresh_from_db()
        assert issue.status == status
        # Of a cancelled issue those who were left out are shown, too.
        assert offered <= buttons(editor, issue)


def test_cancelling_asks_first(editor):
    issue = ready()
    sending.start(issue.pk)
    asked = editor.get(page("issue_cancel", issue.pk)).content.decode()
    assert "cannot be taken back" in asked
    issue.refresh_from_db()
    assert issue.status == "sending"


@pytest.mark.parametrize(
    ("kind", "was"),
    [("failed", {"status": "failed"}), ("unknown", {"status": "unknown"}),
     ("excluded", {"status": "excluded", "exclusion": "suppressed"})],
)  # fmt: skip
def test_some_get_it_again_when_staff_say_so(editor, kind, was):
    readers("one", "two")
    issue = ready()
    sending.start(issue.pk)
    now = timezone.now()
    Delivery.objects.update(status="sent", sent_at=now)
    sending.finish(issue.pk)
    step = f"resend-{kind}"
    assert step not in buttons(editor, issue)
    one = Delivery.objects.first()
    Delivery.objects.filter(pk=one.pk).update(sent_at=None, **was)
    assert step in buttons(editor, issue)
    assert "1 message is queued again" in messages_in(press(editor, issue, step))
    one.refresh_from_db()
    assert one.status == "queued"


def test_a_stale_button_gets_a_sentence(editor):
    issue = ready()
    sending.start(issue.pk)
    for step in ("send", "unschedule", "resume"):
        answer = press(editor, issue, step)
        assert answer.status_code == 200
        assert "is “Sending” by now" in messages_in(answer)
    assert "is “Sending” by now" in messages_in(press(editor, issue, "schedule", **tomorrow()))
    for step in ("send", "schedule", "resume"):
        back = editor.get(page(f"issue_{step}", issue.pk), follow=True)
        assert back.redirect_chain == [(page("issue_change", issue.pk), 302)]
        assert "Nothing was done" in messages_in(back)
    assert editor.get(page("issue_send", 10**18)).status_code == 404


def test_what_began_is_shown_and_not_edited(editor):
    issue = ready()
    form = form_in(editor.get(page("issue_change", issue.pk)), "issue")
    sending.start(issue.pk)
    shown = editor.get(page("issue_change", issue.pk)).content.decode()
    assert 'name="subject"' not in shown
    assert "Rethink trade" in shown
    stale = editor.post(page("issue_change", issue.pk), form | {"subject": "Changed"}, follow=True)
    assert "only drafts can be changed" in messages_in(stale)
    issue.refresh_from_db()
    assert issue.subject == "July"


def test_only_what_was_never_sent_is_deleted(site):
    client = signed_in(*EDITOR, "delete_issue", "delete_issueitem")
    sent, draft = ready(), ready()
    sending.start(sent.pk)
    for issue in (sent, draft):
        client.post(page("issue_delete", issue.pk), {"post": "yes"})
    assert list(Issue.objects.all()) == [sent]


def test_twenty_presses_of_send_have_one_effect(committed):
    furnish()
    readers(*(f"reader-{number}" for number in range(5)))
    issue = ready()
    user = a_user(*EDITOR)
    work = issue.publications.get()
    start = Barrier(20)

    def one(_number: int) -> str:
        client = HttpsClient()
        client.force_login(user)
        try:
            start.wait()
            return messages_in(press(client, issue, "send"))
        finally:
            connection.close()

    try:
        with ThreadPoolExecutor(20) as threads:
            said = list(threads.map(one, range(20)))
        assert sum("Sending has begun" in each for each in said) == 1
        assert sum("is “Sending” by now" in each for each in said) == 19
        assert IssueContent.objects.count() == 1
        assert Delivery.objects.count() == 5
    finally:
        Delivery.objects.all().delete()
        Issue.objects.all().delete()
        work.delete()
        # An account that the log names stays; nobody signs in with it any more.
        User.objects.filter(pk=user.pk).update(is_active=False)
        SiteSettings.objects.all().delete()


# --- Approval ----------------------------------------------------------------


def test_a_second_person_approves_and_then_it_may_be_sent(site):
    NewsletterSettings.objects.create(pk=1, needs_approval=True)
    author, second = signed_in(*EDITOR), signed_in(*EDITOR)
    work = a_work("Rethink trade")
    save(author, subject="July", lists=[the_list().pk], **{"items-TOTAL_FORMS": 1},
         **row(0, publication=work.pk))  # fmt: skip
    issue = Issue.objects.get()
    assert buttons(author, issue) == {"preview"}
    assert "somebody else has to approve" in messages_in(press(author, issue, "approve"))
    assert "second person" in messages_in(press(author, issue, "send"))
    assert buttons(second, issue) == {"preview", "approve"}
    shown = html.fromstring(second.get(page("issue_change", issue.pk)).content)
    [seen] = shown.xpath("//input[@name='seen']/@value")
    assert "is approved" in messages_in(press(second, issue, "approve", seen=seen))
    assert "send" in buttons(author, issue)
    save(author, issue.pk, subject="August")
    assert "send" not in buttons(author, issue)
    assert "needs approval again" in messages_in(press(author, issue, "send"))
    assert "changed while you looked" in messages_in(press(second, issue, "approve", seen=seen))
    issue.refresh_from_db()
    assert issue.status == "draft"


def test_whoever_edits_last_does_not_approve(site):
    NewsletterSettings.objects.create(pk=1, needs_approval=True)
    author, second = signed_in(*EDITOR), signed_in(*EDITOR)
    save(author, subject="July", intro="<p>One</p>", lists=[the_list().pk])
    issue = Issue.objects.get()
    save(second, issue.pk, subject="August")
    assert "approve" not in buttons(second, issue)
    assert "somebody else has to approve" in messages_in(press(second, issue, "approve"))


# --- Lists -------------------------------------------------------------------


def test_the_list_shows_where_issues_are_and_how_far(editor):
    readers("one", "two")
    issue = ready(subject="소식지")
    sending.start(issue.pk)
    one = Delivery.objects.first()
    Delivery.objects.filter(pk=one.pk).update(status="sent", sent_at=timezone.now())
    other = MailingList.objects.create(name="Other", slug="other")
    an_issue(other, subject="Elsewhere")
    shown = editor.get(page("issue_changelist")).content.decode()
    assert "1 of 2" in shown
    for query, found in {
        "q=소식": True, "q=Elsewhere": False, "status__exact=sending": True,
        "status__exact=draft": False, f"lists__id__exact={other.pk}": False,
    }.items():  # fmt: skip
        shown = editor.get(f"{page('issue_changelist')}?{query}").content.decode()
        assert ("소식지</a>" in shown) is found, query


def test_list_and_form_cost_the_same_queries_however_long(editor, django_assert_max_num_queries):
    readers("one")
    long = an_issue()

    def queries(address: str) -> int:
        with django_assert_max_num_queries(40) as done:
            assert editor.get(address).status_code == 200
            return len(done)

    def more() -> None:
        for _ in range(3):
            sending.start(ready().pk)
        composing.append(long, [a_work() for _ in range(3)])

    more()
    addresses = [
        page("issue_changelist"),
        page("issue_change", long.pk),
        page("issue_send", long.pk),
    ]
    # A process asks for content types once.
    ContentType.objects.get_for_model(Issue)
    before = [queries(each) for each in addresses]
    more()
    assert [queries(each) for each in addresses] == before


# --- Digests and settings ----------------------------------------------------


def test_a_digest_is_set_up_and_shows_what_became_of_it(site):
    rights = ("view_digest", "add_digest", "change_digest", "view_issue")
    client = signed_in(*rights)
    form = {"mailing_list": the_list().pk, "frequency": "weekly", "weekday": 1, "hour": 8}
    response = client.post(page("digest_add"), form | {"is_active": "on"})
    assert response.status_code == 302, errors_in(response)
    digest = Digest.objects.get()
    assert "Tuesday at 8:00" in client.get(page("digest_changelist")).content.decode()
    again = client.post(page("digest_add"), form)
    assert "has such a digest already" in errors_in(again)
    late = client.post(page("digest_change", digest.pk), form | {"hour": 24})
    assert "less than or equal to 23" in errors_in(late)
    an_issue(subject="New on New publications: 소식", digest=digest)
    DigestSkip.objects.create(digest=digest, reason="Nothing new was published.")
    shown = client.get(page("digest_change", digest.pk)).content.decode()
    assert "New on New publications: 소식</a> (Draft)" in shown
    assert "Nothing new was published." in shown
    assert signed_in("view_issue").get(page("digest_changelist")).status_code == 403
    assert signed_in("view_digest").post(page("digest_add"), form).status_code == 403


def test_a_digest_that_rested_begins_anew(site):
    client = signed_in("view_digest", "change_digest")
    long_ago = timezone.now() - timedelta(days=90)
    digest = Digest.objects.create(
        mailing_list=the_list(), frequency="daily", is_active=False, covered_until=long_ago
    )
    form = {"mailing_list": the_list().pk, "frequency": "daily", "weekday": 1, "hour": 9}
    client.post(page("digest_change", digest.pk), form)
    digest.refresh_from_db()
    assert (digest.hour, digest.covered_until) == (9, long_ago)
    client.post(page("digest_change", digest.pk), form | {"is_active": "on"})
    digest.refresh_from_db()
    assert digest.covered_until > long_ago + timedelta(days=89)


def test_the_settings_are_one_row_that_nobody_deletes(site):
    client = signed_in("view_newslettersettings", "change_newslettersettings",
                       "add_newslettersettings", "delete_newslettersettings")  # fmt: skip
    front = client.get(page("newslettersettings_changelist"), follow=True)
    assert "a second person approves" in front.content.decode().lower()
    assert not NewsletterSettings.objects.exists()
    form = {"needs_approval": "on", "messages_per_second": 5, "domain_per_second": 0}
    saved = client.post(page("newslettersettings_change", 1), form)
    assert saved.status_code == 302, errors_in(saved)
    stored = NewsletterSettings.objects.get()
    assert (stored.needs_approval, stored.counts_clicks) == (True, False)
    for name, args in (("add", []), ("delete", [1])):
        assert client.get(page(f"newslettersettings_{name}", *args)).status_code == 403
    assert client.post(page("newslettersettings_delete", 1), {"post": "yes"}).status_code == 403
    onlooker = signed_in("view_newslettersettings")
    assert onlooker.post(page("newslettersettings_change", 1), form).status_code == 403
    assert signed_in("view_issue").get(page("newslettersettings_changelist")).status_code == 403


def test_each_figure_leads_to_the_deliveries_behind_it(site):
    readers("one", "two", "three")
    issue = sending.start(ready().pk)
    other = sending.start(ready(subject="Another").pk)
    issue.deliveries.filter(subscriber__address__startswith="two").update(
        status="unknown", claimed_by=1, claimed_at=timezone.now()
    )
    form = page("issue_change", issue.pk)
    assert "/delivery/?" not in signed_in(*EDITOR).get(form).content.decode()
    client = signed_in(*EDITOR, "view_delivery")
    panel = html.fromstring(client.get(form).content).find_class("panel__numbers")[0]
    links = {each.text_content(): each.get("href") for each in panel.iter("a")}
    shown = client.get(panel.xpath(".//dt[.='Outcome unknown']/../dd/a")[0].get("href"))
    assert shown.context["cl"].result_count == 1
    assert "two@example.org" in shown.content.decode()
    assert client.get(links["3"]).context["cl"].result_count == 3
    assert client.get(page("delivery_changelist")).context["cl"].result_count == 6
    for strange in ("x", "-1", "9" * 40, "%00", str(other.pk + 1000)):
        assert client.get(f"{page('delivery_changelist')}?issue={strange}").status_code in {
            200,
            302,
        }


def test_the_list_counts_no_delivery_of_a_sent_issue(editor):
    readers("one", "two")
    issue = sending.start(ready().pk)
    Delivery.objects.update(status="sent", sent_at=timezone.now())
    assert sending.finish(issue.pk)
    assert "2 of 2" in editor.get(page("issue_changelist")).content.decode()
    Issue.objects.update(sent_total=1)
    assert "1 of 2" in editor.get(page("issue_changelist")).content.decode()
