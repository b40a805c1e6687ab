"""Moments that staff set: one clock, and the nights on which it changes."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from kei_site.common.clocks import offset_in_words, read_clock
from publications.forms.moments import MomentField, Typed, typed_from
from publications.models import Publication
from publications.states import Status
from tests.factories import a_work
from tests.publications.desk import desk_url, errors_in, form_in, save

NEW_YORK, LONDON, SEOUL = "America/New_York", "Europe/London", "Asia/Seoul"
LORD_HOWE, APIA, ST_JOHNS = "Australia/Lord_Howe", "Pacific/Apia", "America/St_Johns"


@pytest.fixture
def zone(settings):
    def choose(name: str) -> None:
        settings.TIME_ZONE = name

    return choose


def clean(day: str, hour: str, which: str = "") -> datetime | None:
    return MomentField().clean(Typed(day, hour, which))


@pytest.mark.parametrize(
    ("name", "day", "hour", "which", "moment"),
    [
        (NEW_YORK, "2026-12-01", "09:00", "", "2026-12-01T14:00:00Z"),
        (NEW_YORK, "2026-07-01", "09:00", "", "2026-07-01T13:00:00Z"),
        (NEW_YORK, "2027-03-14", "01:59", "", "2027-03-14T06:59:00Z"),
        (NEW_YORK, "2027-03-14", "03:00", "", "2027-03-14T07:00:00Z"),
        (NEW_YORK, "2026-11-01", "01:30", "1", "2026-11-01T05:30:00Z"),
        (NEW_YORK, "2026-11-01", "01:30", "2", "2026-11-01T06:30:00Z"),
        (NEW_YORK, "2026-11-01", "02:00", "", "2026-11-01T07:00:00Z"),
        (LONDON, "2026-10-25", "01:30", "2", "2026-10-25T01:30:00Z"),
        (SEOUL, "2027-03-14", "02:30", "", "2027-03-13T17:30:00Z"),
        (LORD_HOWE, "2026-04-05", "01:45", "1", "2026-04-04T14:45:00Z"),
        (LORD_HOWE, "2026-04-05", "01:45", "2", "2026-04-04T15:15:00Z"),
        (ST_JOHNS, "2026-12-01", "09:00:30", "", "2026-12-01T12:30:30Z"),
        # Which of two is asked for nowhere else, and means nothing there.
        (SEOUL, "2026-12-01", "09:00", "2", "2026-12-01T00:00:00Z"),
    ],
)
def test_a_day_and_a_time_are_a_moment(zone, name, day, hour, which, moment):
    zone(name)
    assert clean(day, hour, which) == datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    ("name", "day", "hour", "said"),
    [
        (NEW_YORK, "2027-03-14", "02:30",
         "on March 14, 2027 the clocks skip from 2 a.m. to 3 a.m., so choose 3:30 a.m."),
        (LONDON, "2027-03-28", "01:00", "skip from 1 a.m. to 2 a.m., so choose 2 a.m."),
        (LORD_HOWE, "2026-10-04", "02:10", "skip from 2 a.m. to 2:30 a.m., so choose 2:40 a.m."),
        (APIA, "2011-12-30", "12:00", "on Dec. 30, 2011 the clocks skip from midnight to midnight"),
        (NEW_YORK, "2026-11-01", "01:30",
         "on Nov. 1, 2026 the clocks go back from 2 a.m. to 1 a.m.; say which 1:30 a.m. you mean"),
        (LORD_HOWE, "2026-04-05", "01:45", "go back from 2 a.m. to 1:30 a.m."),
        (NEW_YORK, "2026-12-01", "", "Give both a day and a time."),
        (NEW_YORK, "", "09:00", "Give both a day and a time."),
        (NEW_YORK, "soon", "", "Enter a valid date and time"),
        (NEW_YORK, "2026-02-30", "09:00", "Enter a valid date and time"),
        (NEW_YORK, "2026-02-28", "25:00", "Enter a valid date and time"),
        (NEW_YORK, "0001-01-01", "00:00", "Enter a valid date and time"),
        (NEW_YORK, "9999-12-31", "23:59", "Enter a valid date and time"),
    ],
)  # fmt: skip
def test_what_is_no_moment_is_explained(zone, name, day, hour, said):
    zone(name)
    with pytest.raises(ValidationError) as refused:
        clean(day, hour)
    assert said in " ".join(refused.value.messages)


def test_nothing_typed_is_no_moment_unless_one_is_needed():
    assert MomentField(required=False).clean(Typed()) is None
    with pytest.raises(ValidationError, match="required"):
        clean("", "")


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=3))
def test_whatever_is_typed_is_a_moment_or_refused(day, hour, which):
    try:
        moment = clean(day, hour, which)
    except ValidationError:
        return
    assert moment is None or timezone.is_aware(moment)


@given(
    st.datetimes(
        min_value=datetime.fromisoformat("1970-01-01"),
        max_value=datetime.fromisoformat("2037-12-31"),
    ),
    st.sampled_from([NEW_YORK, LONDON, SEOUL, LORD_HOWE, APIA, ST_JOHNS]),
)
def test_every_reading_names_moments_that_show_it(shown, name):
    zone = ZoneInfo(name)
    for moment in read_clock(shown, zone).moments:
        there = moment.astimezone(UTC).astimezone(zone)
        assert there.replace(tzinfo=None, fold=0) == shown


@pytest.mark.parametrize("which", ["1", "2"])
def test_what_is_shown_is_what_comes_back(which):
    moment = clean("2026-11-01", "01:30", which)
    assert clean(*typed_from(moment)) == moment
    assert not MomentField().has_changed(moment, typed_from(moment))


def test_changes_are_seen_and_seconds_that_nobody_saw_are_none():
    field, moment = MomentField(), clean("2026-11-01", "01:30", "1")
    assert field.has_changed(moment, Typed("2026-11-01", "01:30", "2"))
    assert field.has_changed(moment, Typed("2026-11-01", "01:31", "1"))
    assert field.has_changed(None, Typed("x", ""))
    assert not field.has_changed(None, Typed())
    exact = datetime(2026, 12, 1, 14, 0, 0, 123, tzinfo=UTC)
    assert not field.has_changed(exact, typed_from(exact))


@pytest.mark.parametrize(
    ("zone_name", "words"),
    [(NEW_YORK, "UTC−5"), (SEOUL, "UTC+9"), ("Asia/Kolkata", "UTC+5:30"), ("UTC", "UTC+0")],
)
def test_the_offset_is_written_as_people_do(zone_name, words):
    assert offset_in_words(datetime(2026, 12, 1, tzinfo=ZoneInfo(zone_name))) == words


def test_the_form_shows_the_zone_and_refuses_what_the_clock_skips(staff):
    work = a_work(status=Status.DRAFT, published_at=None)
    response = save(
        staff, "publication", work.pk, published_at_0="2027-03-14", published_at_1="02:30"
    )
    assert "the clocks skip from 2 a.m. to 3 a.m." in errors_in(response)
    assert form_in(response, "publication")["published_at_1"] == "02:30"
    assert "America/New_York, UTC−" in response.content.decode()


def test_the_form_asks_which_of_two_and_then_takes_it(staff):
    work = a_work(status=Status.DRAFT, published_at=None)
    typed = {"published_at_0": "2027-11-07", "published_at_1": "01:30"}
    response = save(staff, "publication", work.pk, **typed)
    assert "This time comes twice" in errors_in(response)
    assert "the second, UTC−5" in response.content.decode()
    save(staff, "publication", work.pk, **typed, published_at_2="2")
    stored = Publication.objects.get(pk=work.pk).published_at
    assert stored == datetime(2027, 11, 7, 6, 30, tzinfo=UTC)
    page = staff.get(desk_url("publication", "change", work.pk))
    assert form_in(page, "publication")["published_at_2"] == "2"
    save(staff, "publication", work.pk, title="Another")
    assert Publication.objects.get(pk=work.pk).published_at == stored
