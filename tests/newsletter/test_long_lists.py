"""Lists at the desk with a row for each person or message, however many there are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kei_site.common.capped import COUNTED
from tests.newsletter.test_admin_issues import signed_in

pytestmark = pytest.mark.django_db
LONG = ["subscriber", "delivery", "consentevent", "mailevent", "suppression"]


@pytest.mark.parametrize("name", LONG)
def test_no_page_counts_all_rows(name):
    client = signed_in(f"view_{name}")
    with CaptureQueriesContext(connection) as done:
        address = reverse(f"admin:newsletter_{name}_changelist")
        assert client.get(address, {"_facets": "True"}).status_code == 200
    about = [each["sql"] for each in done if f'FROM "newsletter_{name}"' in each["sql"]]
    counts = [each for each in about if "COUNT(" in each]
    assert counts
    assert all(f"LIMIT {COUNTED + 1}" in each for each in counts)
    # Nor are all rows read for the choices of a filter.
    assert not any("DISTINCT" in each for each in about)
