import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from newsletter.actions.suppressing import suppress
from newsletter.addresses import parse
from newsletter.models import (
    Confirmation,
    ConsentEvent,
    MailingList,
    Subscriber,
    Subscription,
    SuppressionReason,
)
from newsletter.wording import CONSENT_TEXT, CONSENT_VERSION
from tests.newsletter.conftest import link_in, the_list

HOUR = timedelta(hours=1, seconds=1)


def confirmed(visitor, inbox, email="reader@example.org") -> None:
    visitor.sign_up(email)
    visitor.post(link_in(inbox()[-1]))
    inbox()


def test_signing_up_stores_a_pending_subscription_and_its_proof(visitor, inbox):
    answer = visitor.sign_up("Reader@Example.org", headers={"Referer": "https://testserver/about/"})
    assert (answer.status_code, answer.url) == (302, "/newsletter/check-your-mail/")
    [subscription] = Subscription.objects.all()
    assert (subscription.status, subscription.mailing_list) == ("pending", the_list())
    assert subscription.subscriber.address == "Reader@example.org"
    assert subscription.subscriber.normalized == "reader@example.org"
    [event] = ConsentEvent.objects.all()
    assert (event.kind, event.subscriber, event.form_address) == (
        "requested", subscription.subscriber, "/about/",
    )  # fmt: skip
    assert (event.text, event.text_version) == (str(CONSENT_TEXT), CONSENT_VERSION)
    assert event.network == "127.0.0.0/24"


def test_the_mail_to_confirm_reads_well_and_repeats_nothing_that_was_typed(visitor, inbox):
    visitor.sign_up("reader+buy-pills-now@example.org")
    [message] = inbox()
    assert message.to == ["reader+buy-pills-now@example.org"]
    [(markup, kind)] = message.alternatives
    assert kind == "text/html"
    for part in (message.body, markup):
        assert "pills" not in part
        assert "New publications" in part
        assert re.search(r"https://www.example.org/newsletter/confirm/[\w-]{43}/", part)
    assert "\n\n\n" not in message.body
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    assert message.extra_headers["Message-ID"].endswith("@www.example.org>")


def test_the_database_does_not_know_the_secret_of_the_link(visitor, inbox):
    visitor.sign_up()
    token = link_in(inbox()[0]).split("/")[-2]
    assert token not in str(Confirmation.objects.values())


# Lists; four limits; subscriber, subscriptions, link and its lists, proof; mail; suppression.
THE_WORK = [
    "SELECT", *["INSERT"] * 4,
    *["INSERT"] * 2, "UPDATE", *["INSERT"] * 3, "SELECT", "SELECT",
]  # fmt: skip


@pytest.mark.parametrize("who", ["new", "pending", "active", "unsubscribed", "suppressed"])
def test_the_answer_and_the_work_are_the_same_whoever_the_address_belongs_to(visitor, inbox, who):
    email = f"{who}@example.org"
    if who == "pending":
        visitor.sign_up(email)
    if who in {"active", "unsubscribed"}:
        confirmed(visitor, inbox, email)
    if who == "unsubscribed":
        visitor.post(link_in(inbox()[-1]))
    if who == "suppressed":
        suppress(parse(email), reason=SuppressionReason.COMPLAINT)
    with time_machine.travel(timezone.now() + HOUR, tick=False):
        with CaptureQueriesContext(connection) as done:
            answer = visitor.sign_up(email)
            work = [each["sql"].split()[0] for each in done if "SAVEPOINT" not in each["sql"]]
        page = visitor.get(answer.url)
    assert work == THE_WORK
    assert (answer.status_code, answer.url) == (302, "/newsletter/check-your-mail/")
    assert page.status_code == 200
    assert email not in page.content.decode()


def test_a_suppressed_address_gets_no_mail_and_leaves_no_trace(visitor, inbox):
    suppress(parse("gone@example.org"), reason=SuppressionReason.BOUNCE)
    visitor.sign_up("Gone@Example.org")
    assert inbox() == []
    assert not Subscriber.objects.exists()
    assert not ConsentEvent.objects.exists()
    visitor.sign_up("here@example.org")
    assert len(inbox()) == 1


def test_an_active_subscriber_is_told_so_and_stays_active(visitor, inbox):
    confirmed(visitor, inbox)
    with time_machine.travel(timezone.now() + HOUR):
        visitor.sign_up("READER@example.org")
    assert inbox()[-1].subject.startswith("You are subscribed")
    assert Subscription.objects.get().status == "active"


def test_whoever_left_can_come_back_by_confirming_again(visitor, inbox):
    confirmed(visitor, inbox)
    visitor.post(link_in(inbox()[-1]))
    assert Subscription.objects.get().status == "unsubscribed"
    with time_machine.travel(timezone.now() + HOUR):
        visitor.sign_up()
        assert Subscription.objects.get().status == "pending"
        visitor.post(link_in(inbox()[-1]))
    assert Subscription.objects.get().status == "active"


def test_a_list_can_be_chosen_and_a_list_that_is_not_on_offer_cannot(visitor, inbox):
    MailingList.objects.create(name="Trade", slug="trade")
    MailingList.objects.create(name="Staff", slug="staff", is_public=False)
    refused = visitor.sign_up("a@example.org", lists=["staff"])
    assert refused.status_code == 422
    assert "not on offer" in refused.content.decode()
    assert visitor.sign_up("a@example.org", lists=["trade"]).status_code == 302
    assert [each.mailing_list.slug for each in Subscription.objects.all()] == ["trade"]


def test_where_lists_were_shown_one_must_be_chosen(visitor, inbox):
    MailingList.objects.create(name="Trade", slug="trade")
    assert 'name="choosing"' in visitor.get("/newsletter/").content.decode()
    refused = visitor.sign_up(choosing="1")
    assert refused.status_code == 422
    assert "Choose at least one list." in refused.content.decode()
    assert " checked" not in refused.content.decode()
    assert inbox() == []
    assert visitor.sign_up(choosing="1", lists=["trade"]).status_code == 302
    assert [each.mailing_list.slug for each in Subscription.objects.all()] == ["trade"]


@pytest.mark.parametrize("slug", ["\x00", "x" * 5000, "' OR 1=1 --"])
def test_a_strange_list_is_refused_clearly(visitor, slug):
    answer = visitor.sign_up(lists=[slug])
    assert answer.status_code == 422
    assert "not on offer any more" in answer.content.decode()


def test_a_bad_address_comes_back_with_what_was_typed_and_what_is_wrong(visitor, inbox):
    answer = visitor.sign_up('reader"at"example.org')
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="reader&quot;at&quot;example.org"' in page
    assert "there is no @ in it" in page
    assert 'aria-invalid="true" aria-describedby="email-error"' in page
    assert 'id="email-error"' in page
    assert not Subscriber.objects.exists()
    assert inbox() == []


def test_a_robot_gets_the_usual_answer_and_nothing_is_stored(visitor, inbox):
    answer = visitor.sign_up(website="https://spam.example")
    assert (answer.status_code, answer.url) == (302, "/newsletter/check-your-mail/")
    assert not Subscriber.objects.exists()
    assert inbox() == []


FROM_ELSEWHERE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "https://testserver"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "https://[broken"},
    {"Sec-Fetch-Site": "same-site", "Origin": "https://blog.testserver"},
]
FROM_HERE = [
    {},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "https://testserver"},
    {"Origin": "https://www.example.org"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://testserver"},
]


@pytest.mark.parametrize("headers", FROM_ELSEWHERE)
def test_a_form_on_another_site_is_refused(visitor, inbox, headers):
    answer = visitor.sign_up("reader@example.org", headers=headers)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "sent from another site" in page
    assert 'value="reader@example.org"' in page
    assert not Subscriber.objects.exists()
    assert inbox() == []


@pytest.mark.parametrize("headers", FROM_HERE)
def test_a_form_on_this_site_needs_neither_cookie_nor_token(visitor, headers):
    answer = visitor.sign_up(headers=headers)
    assert answer.status_code == 302
    assert not answer.cookies
    assert Subscriber.objects.count() == 1


def test_the_sign_up_page_sets_no_cookie_and_may_be_cached(visitor):
    answer = visitor.get("/newsletter/")
    assert answer.status_code == 200
    assert not answer.cookies
    assert "public" in answer["Cache-Control"]
    assert "Vary" not in answer or "Cookie" not in answer["Vary"]


def test_the_answer_to_a_sign_up_is_nobody_elses(visitor):
    assert "no-store" in visitor.get("/newsletter/check-your-mail/")["Cache-Control"]
    assert "no-store" in visitor.sign_up("nonsense")["Cache-Control"]


def test_every_form_shows_the_text_that_is_recorded(visitor):
    for path in ("/newsletter/", "/newsletter/confirm/unknown/"):
        assert str(CONSENT_TEXT) in visitor.get(path).content.decode()


def test_the_sign_up_page_costs_the_same_queries_however_many_lists(
    visitor, django_assert_num_queries
):
    visitor.get("/newsletter/")
    with django_assert_num_queries(2):
        visitor.get("/newsletter/")
    for number in range(10):
        MailingList.objects.create(name=f"List {number}", slug=f"list-{number}")
    with django_assert_num_queries(2):
        page = visitor.get("/newsletter/").content.decode()
    assert page.count('type="checkbox"') == 11


def test_without_any_list_the_form_says_so(visitor):
    MailingList.objects.all().delete()
    answer = visitor.sign_up()
    assert answer.status_code == 422
    assert "no list to sign up for" in answer.content.decode()
