import pytest
from django.test import Client

from newsletter.models import (
    ConsentEvent,
    MailingList,
    Subscriber,
    Subscription,
    Suppression,
)
from tests.conftest import HttpsClient
from tests.factories import a_user
from tests.newsletter.conftest import link_in, the_list


@pytest.fixture
def reader_on_the_list(visitor, inbox) -> Subscriber:
    visitor.sign_up("reader@example.org")
    visitor.post(link_in(inbox()[0]))
    return Subscriber.objects.get()


def signed_in(*rights: str) -> Client:
    client = HttpsClient()
    client.force_login(a_user(*rights))
    return client


def test_subscribers_are_found_by_address_status_and_list(staff, visitor, reader_on_the_list):
    visitor.sign_up("waiting@example.org")
    MailingList.objects.create(name="Trade", slug="trade")
    for query, found in {
        "q=reader@": ["reader"],
        "status=active": ["reader"],
        "status=pending": ["waiting"],
        "list=new-publications": ["reader", "waiting"],
        "list=new-publications&status=pending": ["waiting"],
        "list=trade": [],
    }.items():
        page = staff.get(f"/admin/newsletter/subscriber/?{query}").content.decode()
        for name in ("reader", "waiting"):
            assert (f">{name}@example.org</a>" in page) == (name in found), query


def test_list_and_status_mean_the_same_subscription(staff, reader_on_the_list):
    trade = MailingList.objects.create(name="Trade", slug="trade")
    Subscription.objects.create(subscriber=reader_on_the_list, mailing_list=trade)
    for query, is_found in (("list=trade&status=active", False), ("list=trade", True)):
        page = staff.get(f"/admin/newsletter/subscriber/?{query}").content.decode()
        assert ("reader@example.org</a>" in page) is is_found


def test_the_history_of_consent_is_shown_and_cannot_be_edited(staff, reader_on_the_list):
    page = staff.get(f"/admin/newsletter/subscriber/{reader_on_the_list.pk}/change/")
    shown = page.content.decode()
    assert "Requested" in shown
    assert "Confirmed" in shown
    assert "127.0.0.0/24" in shown
    assert 'name="_save"' not in shown
    event = ConsentEvent.objects.first()
    for address in ("add/", f"{event.pk}/delete/"):
        assert staff.get(f"/admin/newsletter/consentevent/{address}").status_code == 403
    refused = staff.post(f"/admin/newsletter/consentevent/{event.pk}/change/", {"kind": "erased"})
    assert refused.status_code == 403


def test_consent_is_found_by_the_address_of_somebody_erased(staff, reader_on_the_list):
    reader_on_the_list.delete()
    count = lambda q: staff.get(f"/admin/newsletter/consentevent/?q={q}").content.count(  # noqa: E731
        b"127.0.0.0/24"
    )
    assert count("Reader@example.org") == 2
    assert count("other@example.org") == count("nonsense") == 0


def test_staff_add_no_subscribers_by_hand(staff):
    assert staff.get("/admin/newsletter/subscriber/add/").status_code == 403


def take_off(client: Client, subscriber: Subscriber):
    return client.post(
        "/admin/newsletter/subscriber/",
        {
            "action": "unsubscribe_selected",
            "_selected_action": [subscriber.pk],
            "confirmed": "1",
        },
        follow=True,
    )


def test_taking_people_off_needs_the_right_to(reader_on_the_list):
    take_off(signed_in("view_subscriber"), reader_on_the_list)
    assert Subscription.objects.get().status == "active"
    page = take_off(signed_in("view_subscriber", "change_subscription"), reader_on_the_list)
    assert "1 person was taken off all lists." in page.content.decode()
    assert Subscription.objects.get().status == "unsubscribed"
    assert ConsentEvent.objects.first().form_address == "/admin/newsletter/subscriber/"


def suppress_by_form(client: Client, address: str):
    return client.post(
        "/admin/newsletter/suppression/add/", {"address": address, "reason": "staff"}
    )


def test_an_address_is_suppressed_found_and_lifted(staff):
    assert suppress_by_form(staff, "Gone@example.org").status_code == 302
    suppression = Suppression.objects.get()
    assert "gone" not in str(vars(suppression))
    again = suppress_by_form(staff, "gone@EXAMPLE.org")
    assert "suppressed already" in again.content.decode()
    wrong = suppress_by_form(staff, "nonsense")
    assert "there is no @ in it" in wrong.content.decode()
    found = staff.get("/admin/newsletter/suppression/?q=gone@example.org").content.decode()
    assert f"/suppression/{suppression.pk}/change/" in found
    other = staff.get("/admin/newsletter/suppression/?q=here@example.org").content.decode()
    assert "/change/" not in other
    staff.post(f"/admin/newsletter/suppression/{suppression.pk}/delete/", {"post": "yes"})
    assert not Suppression.objects.exists()


def test_suppressing_needs_the_right_to(db):
    assert suppress_by_form(signed_in("view_suppression"), "a@example.org").status_code == 403
    assert not Suppression.objects.exists()
    assert suppress_by_form(signed_in("add_suppression"), "a@example.org").status_code == 302
    assert Suppression.objects.count() == 1


def test_lists_are_added_and_a_list_with_people_cannot_be_deleted(staff, reader_on_the_list):
    form = {"name": "Trade", "slug": "trade", "description": "", "position": 2, "is_public": "on"}
    assert staff.post("/admin/newsletter/mailinglist/add/", form).status_code == 302
    assert MailingList.objects.filter(slug="trade").exists()
    hidden = form | {"slug": "hidden", "is_default": "on", "is_public": ""}
    refused = staff.post("/admin/newsletter/mailinglist/add/", hidden)
    assert "must be on offer" in refused.content.decode()
    address = f"/admin/newsletter/mailinglist/{the_list().pk}/delete/"
    assert "Cannot delete" in staff.post(address, {"post": "yes"}).content.decode()
    assert MailingList.objects.count() == 2


def test_the_list_of_subscribers_costs_the_same_queries_however_long(
    staff, visitor, reader_on_the_list, django_assert_max_num_queries
):
    def queries() -> int:
        with django_assert_max_num_queries(20) as done:
            staff.get("/admin/newsletter/subscriber/")
            return len(done)

    before = queries()
    for number in range(10):
        visitor.sign_up(f"reader-{number}@example.org")
    assert queries() == before
