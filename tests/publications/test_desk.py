"""The start page: what waits, what is coming, what people did."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from lxml import html

from newsletter.models import Issue, IssueStatus
from publications.actions import editing, workflow
from publications.actions.recording import record
from publications.models import Act, LinkCheck, PendingChange, Publication, Spotlight
from publications.snapshots import take
from publications.states import Status
from tests.factories import a_tag, a_user, a_work, an_author
from tests.publications.desk import sign_in_with

pytestmark = pytest.mark.django_db
DRAFT = {"status": Status.DRAFT, "published_at": None}


def desk(client: Any) -> Any:
    return client.get(reverse("admin:index")).context["desk"]


def panel(client: Any, name: str) -> str:
    page = html.fromstring(client.get(reverse("admin:index")).content.decode())
    section = page.get_element_by_id(f"desk-{name}").getparent()
    return " ".join(section.text_content().split())


def in_days(**ahead: int) -> Any:
    return timezone.now() + timedelta(**ahead)


def test_a_new_site_says_what_is_empty(staff: Any) -> None:
    for name, said in {
        "review": "Nothing waits for review.",
        "approved": "Nothing waits to be published.",
        "drafts": "You have no drafts.",
        "week": "Nothing is scheduled. Nothing is set for the Spotlight",
        "late": "No review is late.",
        "links": "None was found.",
        "searches": "None in the last 7 days.",
        "changed": "Nobody has changed anything yet.",
        "chart": "Nothing was published in the last twelve months.",
    }.items():
        assert said in panel(staff, name)
    page = staff.get(reverse("admin:index")).content.decode()
    assert "Sent back to you" not in page


def test_links_that_are_gone_are_named_to_those_who_may_mend_them(client: Any) -> None:
    a_work(
        body='<p><a href="https://gone.example/a">x</a> <a href="https://well.example/">y</a></p>'
    )
    LinkCheck.objects.filter(host="gone.example").update(status="broken", checked_at=timezone.now())
    sign_in_with(client, "view_publication", "view_linkcheck")
    assert "https://gone.example/a" in panel(client, "links")
    assert "well.example" not in panel(client, "links")
    sign_in_with(client, "view_publication")
    assert "Broken links" not in client.get(reverse("admin:index")).content.decode()


def test_whoever_has_waited_longest_stands_first_in_each_step(staff: Any) -> None:
    for number in range(8):
        a_work(f"Review {number}", status=Status.IN_REVIEW)
        a_work(f"Approved {number}", status=Status.APPROVED)
    now = desk(staff)
    assert [work.title for work in now.in_review] == [f"Review {n}" for n in range(6)]
    assert [work.title for work in now.approved] == [f"Approved {n}" for n in range(6)]


def test_my_drafts_are_those_i_own_or_wrote_and_others_sent_some_back(client: Any) -> None:
    me = sign_in_with(client, "view_publication", "change_publication")
    other = a_user("change_publication", first_name="Kim", last_name="Lee")
    a_work("Theirs", **DRAFT)
    a_work("Owned", owner=me, **DRAFT)
    written, back = a_work("Written", **DRAFT), a_work("Back", **DRAFT)
    for work in (written, back):
        work.standfirst = "Mine."
        editing.save(work, by=me)
    workflow.move(back, Status.IN_REVIEW, by=me)
    workflow.move(back, Status.DRAFT, by=other, comment="The second figure is wrong.")
    now = desk(client)
    assert {draft.work.title for draft in now.drafts} == {"Owned", "Written"}
    assert [draft.work.title for draft in now.sent_back] == ["Back"]
    assert "Kim Lee: “The second figure is wrong.”" in panel(client, "back")


def test_what_happens_within_a_week_stands_in_order(staff: Any) -> None:
    work = a_work("Out", published_at=in_days(days=1))
    a_work("Later", published_at=in_days(days=8))
    a_work("Leaving", withdraw_at=in_days(days=2))
    PendingChange.objects.create(
        publication=a_work("Revised"),
        snapshot=take(work),
        base_revision=1,
        publish_at=in_days(days=3),
    )
    lit = a_work("Lit")
    Spotlight.objects.create(publication=lit, starts_at=in_days(days=-1), ends_at=in_days(days=4))
    Spotlight.objects.create(publication=work, headline="Next", starts_at=in_days(days=5))
    Issue.objects.create(
        subject="News", status=IssueStatus.SCHEDULED, scheduled_for=in_days(days=6)
    )
    assert [(each.what, each.title) for each in desk(staff).coming] == [
        ("Published", "Out"), ("Withdrawn", "Leaving"), ("Changes published", "Revised"),
        ("Spotlight ends", "Lit"), ("Spotlight begins", "Next"), ("Newsletter", "News"),
    ]  # fmt: skip
    assert "Lit In the Spotlight · until" in panel(staff, "week")


def test_what_comes_after_the_week_is_named_when_the_week_is_empty(staff: Any) -> None:
    a_work("Far", published_at=in_days(days=30))
    assert "Nothing is scheduled. Next: “Far” on" in panel(staff, "week")


def test_late_reviews_say_whose_they_are(staff: Any) -> None:
    a_work("Late", review_by=date(2020, 1, 1), owner=a_user(first_name="Ji-woo"))
    a_work("Due today", review_by=timezone.localdate())
    said = panel(staff, "late")
    assert "Late Review was due on Jan 1, 2020 · Ji-woo" in said
    assert "Due today" not in said


def test_recent_changes_name_people_and_only_what_one_may_see(client: Any) -> None:
    kim = a_user("publish_publication", first_name="Kim")
    work, author, tag = a_work("Ships"), an_author("Hana"), a_tag("Sea")
    for _time in range(3):
        work.standfirst += "More. "
        editing.save(work, by=kim)
    tag.description = "Water."
    editing.save(tag, by=kim)
    author.position = "Fellow"
    editing.save(author, by=None)
    imported = a_work("Imported")
    record(imported, by=kim, act=Act.IMPORTED)
    sign_in_with(client, "view_publication")
    assert [(each.title, each.by) for each in desk(client).recent] == [("Ships", "Kim")]
    sign_in_with(client, "view_publication", "view_tag", "view_author")
    assert [each.title for each in desk(client).recent] == ["Sea", "Ships"]


def test_the_chart_counts_what_readers_can_see(staff: Any) -> None:
    a_work(published_at=timezone.now())
    a_work(published_at=timezone.now())
    a_work(**DRAFT)
    a_work(published_at=in_days(days=-1000))
    chart = desk(staff).chart
    assert len(chart.bars) == 12
    assert (chart.bars[-1].value, chart.most) == (2, 2)
    assert "<svg" in staff.get(reverse("admin:index")).content.decode()


def test_no_panel_costs_more_queries_for_more_rows(staff: Any, admin_user: Any) -> None:
    costs = []
    for round_ in range(2):
        for number in range(7):
            work = a_work(owner=admin_user, authors=[an_author()], review_by=date(2020, 1, 1))
            a_work(owner=admin_user, **DRAFT)
            a_work(status=Status.IN_REVIEW)
            a_work(published_at=in_days(hours=number + 1))
            work.standfirst = "New."
            editing.save(Publication.objects.get(pk=work.pk), by=admin_user)
            start = in_days(hours=10 * round_ + number)
            Spotlight.objects.create(
                publication=work, starts_at=start, ends_at=start + timedelta(minutes=5)
            )
        staff.get(reverse("admin:index"))
        with CaptureQueriesContext(connection) as queries:
            staff.get(reverse("admin:index"))
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 25
