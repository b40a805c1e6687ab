import os
import re
from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from newsletter.mail import outbox
from newsletter.mail.compose import Message
from tests.conftest import HttpsClient
from tests.newsletter.test_prebuilt import HTML, build, written

LOCAL = "localhost"


class LocalClient(HttpsClient):
    """A browser on the machine itself."""

    def generic(self, *args, **more):
        return super().generic(*args, **{"SERVER_NAME": LOCAL} | more)


@pytest.fixture
def folder(tmp_path, settings) -> Path:
    settings.VAR_DIR = tmp_path
    settings.SITE_URL = "https://localhost"
    settings.SMTP_HOST = ""
    (tmp_path / "mail").mkdir()
    return tmp_path / "mail"


@pytest.fixture
def superuser(admin_user) -> LocalClient:
    client = LocalClient()
    client.force_login(admin_user)
    return client


@pytest.fixture
def eml(folder) -> Path:
    raw = written(build(subject="정책 소식", html=f"{HTML}<script>alert(1)</script>"))
    path = folder / "issue-1-2.eml"
    path.write_bytes(raw)
    return path


def test_the_list_shows_who_gets_what_and_leads_to_the_message(superuser, eml):
    page = superuser.get("/admin/mail/")
    assert page.status_code == 200
    assert page["Cache-Control"] == "private, no-store"
    shown = page.content.decode()
    assert "reader@example.org" in shown
    [path] = re.findall(r'href="(/admin/mail/[^"]+/)"[^>]*>정책 소식</a>', shown)
    letter = superuser.get(path).content.decode()
    assert "List-Unsubscribe=One-Click" in letter
    assert "https://localhost/newsletter/unsubscribe/7.12:abc/" in letter
    assert f'href="{path}html/"' in letter
    assert "alert(1)" not in letter


def test_the_html_is_a_document_by_itself_in_which_nothing_runs(superuser, eml):
    page = superuser.get("/admin/mail/issue-1-2.eml/0/html/")
    assert page["Content-Type"] == "text/html; charset=utf-8"
    assert "한국의 정책 🎉" in page.content.decode()
    policy = dict(
        each.strip().partition(" ")[::2] for each in page["Content-Security-Policy"].split(";")
    )
    assert policy["sandbox"] == ""
    assert policy["default-src"] == "'none'"
    assert "script-src" not in policy
    assert page["X-Content-Type-Options"] == "nosniff"


def test_mail_that_django_wrote_is_shown_message_by_message(superuser, folder, settings):
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": folder},
        }
    }
    first = Message(subject="First", body="One\n", to=["a@example.org"])
    second = EmailMultiAlternatives(subject="Second", body="Two\n", to=["b@example.org"])
    second.attach("paper.pdf", b"%PDF-", "application/pdf")
    first.send(using="default")
    second.send(using="default")
    one, two = folder.glob("*.log")
    both = folder / "both.log"
    both.write_bytes(one.read_bytes() + two.read_bytes())
    one.unlink()
    two.unlink()
    shown = superuser.get("/admin/mail/").content.decode()
    numbers = re.findall(r"/admin/mail/both.log/(\d)/", shown)
    assert numbers == ["1", "0"]
    texts = [superuser.get(f"/admin/mail/both.log/{n}/").content.decode() for n in (0, 1)]
    assert sum("paper.pdf" in each for each in texts) == 1
    assert sum("First" in each and "One" in each for each in texts) == 1


@pytest.mark.parametrize(
    "path", ["/admin/mail/", "/admin/mail/issue-1-2.eml/0/", "/admin/mail/issue-1-2.eml/0/html/"]
)
@pytest.mark.django_db
def test_it_is_there_for_superusers_on_this_machine_without_a_mail_server_only(
    superuser, eml, settings, django_user_model, path
):
    assert superuser.get(path).status_code == 200
    assert superuser.post(path).status_code == 405
    assert superuser.get(path, headers={"Host": "www.example.org"}).status_code in {400, 404}
    assert LocalClient().get(path).status_code == 404
    editor = LocalClient()
    editor.force_login(django_user_model.objects.create_user("editor", is_staff=True))
    assert editor.get(path).status_code == 404
    settings.SITE_URL = "https://www.example.org"
    assert superuser.get(path).status_code == 404
    settings.SITE_URL = "https://localhost"
    settings.SMTP_HOST = "mail.example.org"
    assert superuser.get(path).status_code == 404


def test_a_public_host_name_is_refused_though_it_is_allowed(superuser, eml, settings):
    settings.ALLOWED_HOSTS = ["localhost", "www.example.org"]
    assert superuser.get("/admin/mail/", SERVER_NAME="www.example.org").status_code == 404
    assert superuser.get("/admin/mail/").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "issue-1-2.eml/1/",
        "none.eml/0/",
        "..%2Fsecret_key/0/",
        "..%2Fmail%2Fissue-1-2.eml/0/",
        ".eml/0/",
        "%00.eml/0/",
        "secret_key/0/",
        "issue-1-2.eml/99999999999999999999/",
        "한국.eml/0/",
        "x" * 300 + ".eml/0/",
    ],
)
def test_nothing_but_messages_can_be_read(superuser, eml, path):
    (eml.parent.parent / "secret_key").write_text("secret")
    assert superuser.get(f"/admin/mail/{path}").status_code == 404
    assert superuser.get("/admin/mail/issue-1-2.eml/0/").status_code == 200


def test_a_folder_that_is_not_there_is_an_empty_list(superuser, folder):
    folder.rmdir()
    assert "Nothing has been sent yet." in superuser.get("/admin/mail/").content.decode()


def test_the_newest_200_are_shown_newest_first_in_the_same_number_of_queries(superuser, folder):
    raw = written(build())
    superuser.get("/admin/mail/")
    queries = []
    for count in (100, 250):
        for number in range(count):
            path = folder / f"issue-1-{number}.eml"
            path.write_bytes(raw)
            os.utime(path, (1_000_000 + number, 1_000_000 + number))
        with CaptureQueriesContext(connection) as done:
            shown = superuser.get("/admin/mail/").content.decode()
        queries.append(len(done))
        links = re.findall(r"/admin/mail/issue-1-(\d+).eml/0/", shown)
        assert links == [str(number) for number in reversed(range(count))][:200]
    assert queries[0] == queries[1]


def test_no_more_than_5_megabytes_of_a_file_are_read(superuser, folder):
    raw = written(build()) + b"x" * (outbox.MOST_BYTES + 1000)
    (folder / "big.eml").write_bytes(raw)
    assert superuser.get("/admin/mail/big.eml/0/").status_code == 200
    assert sum(map(len, outbox._messages("big.eml", outbox.MOST_BYTES))) == outbox.MOST_BYTES


JUNK = st.one_of(
    st.binary(max_size=300),
    st.lists(
        st.sampled_from(
            [
                b"Subject: =?utf-8?b?AA?=\n",
                b'To: ,;:<>"(\n',
                b"To: =?x?q?=FF?= <\n",
                b"Content-Type: text/html; charset=none\n",
                b"Content-Type: multipart/mixed; boundary=b\n",
                b"Content-Type: ;;;=\n",
                b"--b\n",
                b"\n",
                b"Content-Transfer-Encoding: base64\n",
                b"Content-Disposition: attachment; filename*=utf-8''%FF%00\n",
                b"\xff\x00",
                b"Date: 99\n",
                b"From:\n",
            ]
        ),
        max_size=10,
    ).map(b"".join),
)


@given(raw=JUNK)
def test_whatever_is_in_a_file_can_be_looked_at(raw, tmp_path_factory):
    folder = tmp_path_factory.getbasetemp() / "junk" / "mail"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "junk.eml").write_bytes(raw)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("django.conf.settings.VAR_DIR", folder.parent)
        outbox.newest()
        outbox.read("junk.eml", 0)
