import json
from pathlib import Path

import pytest
from django.conf import settings

from newsletter.models import Subscriber

BLNS = Path(settings.BASE_DIR).parent / "shared" / "data" / "security" / "fuzz" / "blns.json"


@pytest.mark.skipif(not BLNS.exists(), reason="the list of naughty strings is not here")
def test_no_naughty_string_breaks_the_form(visitor):
    for number, naughty in enumerate(json.loads(BLNS.read_text(encoding="utf-8"))):
        email = [naughty, f"{naughty}@example.org", f"reader@{naughty}"][number % 3]
        lists = {"lists": naughty} if number % 2 else {}
        answer = visitor.sign_up(email, **lists)
        assert answer.status_code in {302, 422, 429}, naughty
        assert b"Traceback" not in answer.content
    stored = Subscriber.objects.values_list("address", flat=True)
    assert all(len(address.splitlines()) == 1 for address in stored)


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"", "application/x-www-form-urlencoded", 422),
        (b"email=%ff%fe%00@x.org", "application/x-www-form-urlencoded", 422),
        (b"email[]=a@example.org", "application/x-www-form-urlencoded", 422),
        (b'{"email": "a@example.org"}', "application/json", 422),
        (b"not multipart", "multipart/form-data; boundary=x", 422),
        (b"not multipart", "multipart/form-data", 400),
        (b"email=" + b"a" * 200_000, "application/x-www-form-urlencoded", 422),
        (b"&".join(b"a%d=1" % n for n in range(2000)), "application/x-www-form-urlencoded", 400),
    ],
)
def test_a_broken_body_is_refused_clearly(visitor, body, content_type, status):
    answer = visitor.post("/newsletter/", body, content_type=content_type)
    assert answer.status_code == status
    assert len(answer.content) < 100_000


@pytest.mark.parametrize("referrer", ["https://[broken", "\x00", "x" * 5000, "한국", "//", "?"])
def test_a_strange_referrer_is_no_obstacle(visitor, referrer):
    answer = visitor.sign_up(headers={"Referer": referrer})
    assert answer.status_code == 302
