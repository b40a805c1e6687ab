"""Two hundred saves by eight people at once: one of each eight wins, and no text is gone."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from publications.models import Publication, Revision, WorkingCopy
from publications.states import Status
from tests.conftest import HttpsClient
from tests.factories import a_user, a_work
from tests.publications.desk import desk_url, form_in

PEOPLE, ROUNDS = 8, 25


def a_person() -> HttpsClient:
    client = HttpsClient()
    client.force_login(a_user("view_publication", "change_publication"))
    return client


@pytest.mark.long
@pytest.mark.usefixtures("committed")
def test_of_200_saves_at_once_none_is_overwritten_in_silence_and_no_text_is_lost() -> None:
    work = a_work("Nobody’s", status=Status.DRAFT, published_at=None)
    url = desk_url("publication", "change", work.pk)
    people = [a_person() for _ in range(PEOPLE)]
    start = Barrier(PEOPLE)
    form: dict[str, Any] = {}

    def save(person: int, number: int) -> int:
        typed = {"title": f"Title {person} of {number}", "body": f"<p>Text {person}/{number}</p>"}
        try:
            start.wait()
            return people[person].post(url, form | typed | {"_save": "Save"}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(PEOPLE) as threads:
        for number in range(ROUNDS):
            form = form_in(people[0].get(url), "publication")
            answers = list(threads.map(save, range(PEOPLE), [number] * PEOPLE))
            assert sorted(answers) == [302] + [409] * (PEOPLE - 1)

    revisions = Revision.objects.filter(model="publication").order_by("number")
    written = [each.snapshot["fields"]["body"] for each in revisions]
    kept = [each.snapshot["fields"]["body"] for each in WorkingCopy.objects.all()]
    everything = {f"<p>Text {person}/{n}</p>" for person in range(PEOPLE) for n in range(ROUNDS)}
    # Each text stands exactly once, either in the history or with the person who typed it.
    assert (len(written), len(kept)) == (1 + ROUNDS, PEOPLE * ROUNDS - ROUNDS)
    assert {*written[1:], *kept} == everything
    assert [each.number for each in revisions] == list(range(1, ROUNDS + 2))
    work = Publication.objects.get()
    assert work.body == written[-1]
    for copy in WorkingCopy.objects.select_related("user"):
        person = copy.snapshot["fields"]["title"].split()[1]
        assert int(people[int(person)].session["_auth_user_id"]) == copy.user_id
