"""Misspelled searches: what is corrected, and what is left as it was typed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from publications.search.query import parse
from publications.search.spelling import correct, deletions
from tests.factories import a_work

pytestmark = pytest.mark.django_db


def corrected(typed):
    return correct(parse(typed), now=timezone.now())


def test_smoke():
    a_work("Semiconductor policy of Korea")
    assert corrected("semicondctor polcy") == "semiconductor policy"
