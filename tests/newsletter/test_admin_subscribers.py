from datetime import timedelta

import pytest
from django.utils import timezone

from kei_site.common import capped
from newsletter.actions.suppressing import suppress
from newsletter.addresses import parse
from newsletter.admin import bulk
from newsletter.models import (
    ConsentEvent,
    Delivery,
    Issue,
    MailEvent,
    Subscriber,
    Subscription,
    Suppression,
    SuppressionReason,
)
from tests.newsletter.conftest import the_list
from tests.newsletter.making import a_list, a_subscriber
from tests.newsletter.test_admin import signed_in

LIST = "/admin/newsletter/subscriber/"
NOW = timezone.now()


def found(client, query: str) -> set[str]:
    """The names before the @ of those whom the list shows."""
    page = client.get(f"{LIST}?{query}").content.decode()
    return {
        each.address.partition("@")[0]
        for each in Subscriber.objects.all()
        if f">{each.address}</a>" in page
    }


def test_people_are_found_by_the_beginning_of_their_address(staff):
    a_subscriber("Kim.Lee@Example.org")
    a_subscriber("kimchi@example.org")
    a_subscriber("yun@bücher.example")
    for typed, names in {
        "kim": {"Kim.Lee", "kimchi"},
        "KIM.LEE@example.org": {"Kim.Lee"},
        "kim.lee@exam": {"Kim.Lee"},
        "lee": set(),
        "yun@BÜCHER.example": {"yun"},
        "k%25": set(),
        "k_m": set(),
        " kimchi@example.org ": {"kimchi"},
    }.items():
        assert found(staff, f"q={typed}") == names, typed


def test_people_are_found_by_what_keeps_mail_from_them(staff):
    a_subscriber("plain@example.org")
    a_subscriber("ko@example.org", language="ko", frequency="weekly")
    a_subscriber("away@example.org", paused_until=timezone.localdate() + timedelta(days=2))
    a_subscriber("back@example.org", paused_until=timezone.localdate())
    a_subscriber("full@example.org", bounced_at=NOW, soft_bounces=2)
    for query, names in {
        "mail=paused": {"away"},
        "mail=bounced": {"full"},
        "language__exact=ko": {"ko"},
        "frequency__exact=weekly": {"ko"},
    }.items():
        assert found(staff, query) == names, query


@pytest.mark.parametrize("query", ["p=999999", "p=x", "q=%00", "mail=x", "list=x&status=y", "o=1"])
def test_whatever_stands_in_the_address_gets_a_page(staff, query):
    assert staff.get(f"{LIST}?{query}", follow=True).status_code == 200


def queries(client, address, django_assert_max_num_queries) -> int:
    with django_assert_max_num_queries(25) as done:
        assert client.get(address).status_code == 200
    return len(done)


def test_lists_and_a_persons_page_cost_the_same_however_long(staff, django_assert_max_num_queries):
    person = a_subscriber(lists=[the_list()])
    pages = [LIST, f"{LIST}{person.pk}/change/", "/admin/newsletter/delivery/"]

    def grow():
        for _each in range(5):
            other = a_list()
            a_subscriber(lists=[the_list(), other])
            Subscription.objects.create(subscriber=person, mailing_list=other)
            issue = Issue.objects.create(subject="News")
            Delivery.objects.create(issue=issue, subscriber=person)
            ConsentEvent.objects.create(
                kind="changed", subscriber=person, address_hash="0" * 64, mailing_list=other
            )
            MailEvent.objects.create(
                kind="soft", subscriber=person, address_hash="0" * 64,
                fingerprint=f"{issue.pk:064d}", source="dsn",
            )  # fmt: skip

    grow()
    # The first time, what is the same for all pages is read and kept.
    for page in pages:
        staff.get(page)
    before = [queries(staff, page, django_assert_max_num_queries) for page in pages]
    grow()
    assert [queries(staff, page, django_assert_max_num_queries) for page in pages] == before


def test_rows_are_counted_to_a_limit_only(staff, monkeypatch):
    for _each in range(4):
        a_subscriber()
    assert "4 subscribers" in staff.get(LIST).content.decode()
    monkeypatch.setattr(capped, "COUNTED", 3)
    page = staff.get(LIST).content.decode()
    assert "3+ subscribers" in page
    assert "4 subscribers" not in page


def test_the_page_of_a_person_shows_what_is_known(db):
    person = a_subscriber("kim@example.org", lists=[the_list()])
    issue = Issue.objects.create(subject="Trade & <war>")
    row = Delivery.objects.create(
        issue=issue, subscriber=person, status="failed", answer="550 No such user"
    )
    MailEvent.objects.create(
        kind="hard", subscriber=person, delivery=row, address_hash="0" * 64,
        fingerprint="0" * 64, source="dsn", detail="does not live here",
    )  # fmt: skip
    address = f"{LIST}{person.pk}/change/"
    page = signed_in(
        "view_subscriber", "view_delivery", "view_mailevent", "view_consentevent"
    ).get(address).content.decode()  # fmt: skip
    for words in (
        "Trade &amp; &lt;war&gt;", "Refused", "550 No such user", "does not live here",
        f"?subscriber__id__exact={person.pk}", "/export/",
    ):  # fmt: skip
        assert words in page, words
    assert "/erase/" not in page
    narrow = signed_in("view_subscriber").get(address).content.decode()
    assert "New publications" in narrow
    for words in ("550 No such user", "does not live here", "What the person agreed to"):
        assert words not in narrow


def test_of_a_long_history_the_newest_fifty_are_shown(staff):
    person = a_subscriber()
    issues = Issue.objects.bulk_create(Issue(subject=f"Issue no. {n}.") for n in range(51))
    Delivery.objects.bulk_create(
        Delivery(issue=issue, subscriber=person, created_at=NOW + timedelta(minutes=at))
        for at, issue in enumerate(issues)
    )
    page = staff.get(f"{LIST}{person.pk}/change/").content.decode()
    assert page.count("Issue no. ") == 50
    assert "Issue no. 0." not in page
    everything = staff.get(f"/admin/newsletter/delivery/?subscriber__id__exact={person.pk}")
    assert "51 deliveries" in everything.content.decode()


def test_nobody_is_added_or_changed_by_hand(staff):
    person = a_subscriber("kim@example.org")
    assert staff.get(f"{LIST}add/").status_code == 403
    form = {"address": "other@example.org", "language": "ko", "frequency": "weekly"}
    assert staff.post(f"{LIST}{person.pk}/change/", form).status_code == 403
    assert staff.post(f"{LIST}{person.pk}/delete/", {"post": "yes"}).status_code == 403
    person.refresh_from_db()
    assert (person.address, person.language) == ("kim@example.org", "en")


@pytest.mark.parametrize("pk", ["0", "x", "9" * 30, "9" * 5000])
def test_a_person_who_is_not_there_gets_no_error(staff, pk):
    for page in ("change", "export", "erase"):
        answer = staff.get(f"{LIST}{pk}/{page}/", follow=True)
        assert answer.status_code in {200, 404}


# --- Many at once --------------------------------------------------------------------


def choose(client, action: str, people, **more):
    chosen = [each.pk for each in people]
    return client.post(LIST, {"action": action, "_selected_action": chosen, **more}, follow=True)


RIGHT = {
    "unsubscribe_selected": "change_subscription",
    "suppress_selected": "add_suppression",
    "erase_selected": "delete_subscriber",
}
QUESTION = {
    "unsubscribe_selected": "Take 2 people off all lists?",
    "suppress_selected": "Suppress 2 addresses?",
    "erase_selected": "Erase 2 people for good?",
    "export_selected": "Export 2 people?",
}


def state() -> tuple[int, int, int]:
    return (
        Subscriber.objects.count(),
        Subscription.objects.filter(status="active").count(),
        Suppression.objects.count(),
    )


@pytest.mark.parametrize(
    ("action", "after"),
    [
        ("unsubscribe_selected", (3, 1, 0)),
        ("suppress_selected", (3, 3, 2)),
        ("erase_selected", (1, 1, 0)),
    ],
)
def test_a_deed_asks_first_and_needs_its_right(db, action, after):
    people = [a_subscriber(lists=[the_list()]) for _each in range(3)]
    chosen = people[:2]
    choose(signed_in("view_subscriber"), action, chosen, confirmed="1")
    assert state() == (3, 3, 0)
    client = signed_in("view_subscriber", RIGHT[action])
    page = choose(client, action, chosen).content.decode()
    assert QUESTION[action] in page
    assert state() == (3, 3, 0)
    done = choose(client, action, chosen, confirmed="1").content.decode()
    assert 'class="success"' in done
    assert state() == after
    choose(client, action, chosen, confirmed="1")
    assert state() == after


def test_the_confirmed_are_exactly_those_who_were_counted(db):
    people = [a_subscriber(lists=[the_list()]) for _each in range(2)]
    client = signed_in("view_subscriber", "delete_subscriber")
    page = choose(client, "erase_selected", people[:1], select_across="1").content.decode()
    assert "Erase 2 people for good?" in page
    assert "select_across" not in page
    for person in people:
        assert f'name="_selected_action" value="{person.pk}"' in page


def test_too_many_at_once_are_refused(db, monkeypatch):
    monkeypatch.setattr(bulk, "MOST", 2)
    people = [a_subscriber() for _each in range(3)]
    client = signed_in("view_subscriber", "delete_subscriber")
    page = choose(client, "erase_selected", people, confirmed="1").content.decode()
    assert "At most 2 people at once" in page
    assert Subscriber.objects.count() == 3


def test_the_chosen_are_exported_however_many(db):
    people = [a_subscriber(f"p{each}@example.org", lists=[the_list()]) for each in range(3)]
    client = signed_in("view_subscriber")
    assert (
        QUESTION["export_selected"]
        in choose(client, "export_selected", people[:2]).content.decode()
    )
    text = choose(client, "export_selected", people[:2], confirmed="1").getvalue().decode()
    assert ["p0@" in text, "p1@" in text, "p2@" in text] == [True, True, False]
    answer = client.post(
        f"{LIST}?q=p2", {"action": "export_selected", "select_across": "1", "confirmed": "1",
                         "_selected_action": people[2].pk},
    )  # fmt: skip
    text = answer.getvalue().decode()
    assert ["p0@" in text, "p2@" in text] == [False, True]


def test_a_person_is_erased_after_asking_and_by_whoever_may(db):
    person = a_subscriber("kim@example.org", lists=[the_list()])
    suppress(parse("kim@example.org"), reason=SuppressionReason.COMPLAINT)
    address = f"{LIST}{person.pk}/erase/"
    assert signed_in("view_subscriber").post(address).status_code == 403
    client = signed_in("view_subscriber", "delete_subscriber")
    assert "Erase kim@example.org for good?" in client.get(address).content.decode()
    assert Subscriber.objects.exists()
    page = client.post(address, follow=True).content.decode()
    assert "Erased: kim@example.org" in page
    assert not Subscriber.objects.exists()
    assert Suppression.objects.exists()
    event = ConsentEvent.objects.get(kind="erased")
    assert event.form_address == address
    assert client.post(address).status_code == 404


# --- Deliveries --------------------------------------------------------------------------


def test_deliveries_are_found_by_address_status_and_issue(staff):
    kim, lee = a_subscriber("kim@example.org"), a_subscriber("lee@example.org")
    first, second = (Issue.objects.create(subject=each) for each in ("First", "Second"))
    Delivery.objects.create(issue=first, subscriber=kim, status="failed", answer="550 gone")
    Delivery.objects.create(issue=first, subscriber=lee, status="excluded", exclusion="paused")
    Delivery.objects.create(issue=second, subscriber=None)
    for query, number in {
        "": 3, "q=kim": 0, "q=Kim@EXAMPLE.org": 1, "q=lee@example.org": 1, "q=nobody": 0,
        "status__exact=failed": 1,
        "exclusion__exact=paused": 1, f"issue__id__exact={first.pk}": 2,
    }.items():  # fmt: skip
        page = staff.get(f"/admin/newsletter/delivery/?{query}").content.decode()
        assert page.count('class="field-who') == number, query
    page = staff.get("/admin/newsletter/delivery/").content.decode()
    assert "Not sent on purpose: Paused by the subscriber" in page
    assert ">erased<" in page


def test_deliveries_are_read_only_and_need_the_right_to(staff):
    row = Delivery.objects.create(issue=Issue.objects.create(subject="x"), subscriber=None)
    address = f"/admin/newsletter/delivery/{row.pk}/change/"
    assert staff.get(address).status_code == 200
    assert staff.post(address, {"status": "sent"}).status_code == 403
    assert staff.get("/admin/newsletter/delivery/add/").status_code == 403
    client = signed_in("view_subscriber")
    assert client.get("/admin/newsletter/delivery/").status_code == 403
