import codecs
import csv
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
from pathlib import Path
from threading import Barrier

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from newsletter.actions.consenting import Circumstances
from newsletter.actions.privacy import erase
from newsletter.actions.suppressing import suppress
from newsletter.actions.unsubscribing import unsubscribe
from newsletter.addresses import parse
from newsletter.models import ConsentEvent, Subscriber, Subscription, SuppressionReason
from newsletter.tables import MAX_COLUMNS, inspect
from tests.newsletter.conftest import the_list
from tests.newsletter.making import a_list, a_subscriber
from tests.newsletter.test_admin import signed_in
from tests.publications.uploads import LongBody

PROOF = "Ticked at the Seoul forum, May 2, 2019"


@pytest.fixture
def a_file(tmp_path):
    def write(content: str | bytes) -> Path:
        path = tmp_path / "people.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def run(path: Path, *more: str, proof: str = PROOF) -> str:
    out = StringIO()
    call_command(
        "import_subscribers", str(path), "--list", "new-publications", "--proof", proof, *more,
        stdout=out,
    )  # fmt: skip
    return out.getvalue()


def number(said: str, words: str) -> int:
    [line] = [line for line in said.splitlines() if line.endswith(f"  {words}")]
    return int(line.split()[0].replace(",", ""))


def everything() -> list[object]:
    return [
        list(model.objects.order_by("pk").values())
        for model in (Subscriber, Subscription, ConsentEvent)
    ]


def test_people_are_active_without_a_mail_and_their_proof_is_kept(db, a_file, inbox):
    said = run(a_file("Name,E-mail,Language\nKim,Kim@Example.org,ko-KR\nLee,lee@example.org,\n"))
    assert number(said, "New subscribers") == 2
    kim, lee = Subscriber.objects.order_by("pk")
    assert (kim.address, kim.normalized, kim.language) == (
        "Kim@example.org", "kim@example.org", "ko",
    )  # fmt: skip
    assert lee.language == "en"
    assert {(each.status, each.mailing_list) for each in Subscription.objects.all()} == {
        ("active", the_list())
    }
    [event] = ConsentEvent.objects.filter(subscriber=kim)
    assert (event.kind, event.text, event.mailing_list) == ("imported", PROOF, the_list())
    assert event.address_hash == parse("kim@example.org").hash
    assert inbox() == []


def test_a_second_run_changes_nothing(db, a_file):
    path = a_file("email\na@example.org\nb@example.org\n")
    run(path)
    before = everything()
    assert number(run(path), "On this list already") == 2
    assert everything() == before


def test_a_rehearsal_says_what_would_happen_and_keeps_nothing(db, a_file):
    path = a_file("email\na@example.org\nnonsense\n")
    said = run(path, "--dry-run")
    assert "Rehearsed" in said
    assert number(said, "New subscribers") == 1
    assert everything() == [[], [], []]
    assert number(run(path), "New subscribers") == 1


def test_whoever_must_not_come_back_does_not_and_is_named(db, a_file):
    other = a_list("Trade")
    suppress(parse("loud@example.org"), reason=SuppressionReason.COMPLAINT)
    left = a_subscriber("left@example.org", lists=[the_list()])
    left_all = a_subscriber("gone@example.org", lists=[other])
    erased = a_subscriber("erased@example.org", lists=[other])
    for each in (left, left_all):
        unsubscribe(each.pk, where=Circumstances())
    erase(erased.pk, Circumstances())
    before = everything()
    said = run(a_file(
        "email\nloud@example.org\nleft@example.org\ngone@example.org\nErased@example.org\n"
    ))  # fmt: skip
    assert everything() == before
    assert number(said, "Suppressed, and stays so") == 1
    assert number(said, "Left earlier, and not brought back") == 3
    for line, address in ((2, "loud"), (3, "left"), (4, "gone"), (5, "Erased")):
        assert f"Line {line}: {address}@example.org" in said


def test_readers_of_another_list_and_those_who_had_not_confirmed_are_added(db, a_file):
    reader = a_subscriber("reader@example.org", lists=[a_list("Trade")], language="ko")
    a_subscriber("waiting@example.org", lists=[the_list()], status="pending")
    said = run(a_file("email,language\nreader@example.org,en\nwaiting@example.org,en\n"))
    assert number(said, "Known already, now on this list as well") == 2
    assert set(
        Subscription.objects.filter(mailing_list=the_list()).values_list("status", flat=True)
    ) == {"active"}
    reader.refresh_from_db()
    assert reader.language == "ko"


def test_what_is_twice_or_no_address_is_reported_with_its_line(db, a_file):
    said = run(a_file("email\na@example.org\n\nA@EXAMPLE.org\nnonsense\na b@example.org\n"))
    assert number(said, "New subscribers") == 1
    assert "Line 4: A@EXAMPLE.org – Twice in the file" in said
    assert "Line 5: nonsense – That does not look like an e-mail address: there is no @" in said
    assert (
        "Line 6: a b@example.org – That does not look like an e-mail address: there is a space"
        in said
    )


def test_batches_meet_without_a_gap_or_an_overlap(db, a_file):
    addresses = [f"r{each}@example.org" for each in range(2_001)]
    said = run(a_file("\n".join(["email", *addresses, addresses[0], addresses[1_500]])))
    assert number(said, "New subscribers") == Subscriber.objects.count() == 2_001
    assert number(said, "Twice in the file") == 2


def test_the_same_people_twice_at_once_are_taken_in_once(committed, a_file, tmp_path):
    addresses = [f"r{each}@example.org" for each in range(1_500)]
    files = [a_file("\n".join(["email", *addresses])), tmp_path / "reversed.csv"]
    files[1].write_text("\n".join(["email", *reversed(addresses)]))
    start = Barrier(2)

    def one(path: Path) -> str:
        try:
            start.wait()
            return run(path)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        said = list(threads.map(one, files))
    assert sum(number(each, "New subscribers") for each in said) == 1_500
    assert sum(number(each, "On this list already") for each in said) == 1_500
    for model in (Subscriber, Subscription, ConsentEvent):
        assert model.objects.count() == 1_500


@pytest.mark.parametrize("proof", ["", "  \n", "x" * 2_001])
def test_there_is_no_import_without_proof(db, a_file, proof):
    with pytest.raises(CommandError, match="where and when"):
        run(a_file("email\na@example.org\n"), proof=proof)
    assert not Subscriber.objects.exists()


ROWS = (
    "Nom;Courriel;Ville\nJosé Müller;jose@example.org;Besançon\nChloé;chloe@example.org;Ängelholm\n"
)
KOREAN = "이름,이메일,언어\n홍길동,hong@example.org,한국어\n김뷁,kim@example.org,영어\n"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (KOREAN.encode(), "utf-8"),
        (codecs.BOM_UTF8 + KOREAN.encode(), "utf-8-sig"),
        (KOREAN.encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + KOREAN.encode("utf-16-be"), "utf-16"),
        (KOREAN.encode("utf-16-le"), "utf-16-le"),
        (KOREAN.encode("utf-16-be"), "utf-16-be"),
        (KOREAN.encode("cp949"), "cp949"),
        (KOREAN.replace("뷁", "철수").encode("euc_kr"), "cp949"),
        (ROWS.encode("latin-1"), "cp1252"),
        # Each accented capital and the letter after it are a rare Korean syllable, too.
        ("email,name\na@example.org,Ángel Ålund\n".encode("latin-1"), "cp1252"),
        ("email,name\na@example.org,créée\n".encode("latin-1"), "cp1252"),
        ("email,name\na@example.org,“Kim”\n".encode("cp1252"), "cp1252"),
        (b"email\na@example.org\n", "utf-8"),
        # The first letter that is not ASCII comes late.
        (b"email,name\n" + b"a@example.org,x\n" * 30_000 + "b@example.org,é".encode(), "utf-8"),
    ],
)  # fmt: skip
def test_the_encoding_is_found_out(a_file, content, encoding):
    with a_file(content).open("rb") as file:
        assert inspect(file).encoding == encoding


def test_korean_columns_are_understood(db, a_file):
    run(a_file(KOREAN.encode("cp949")))
    assert dict(Subscriber.objects.values_list("normalized", "language")) == {
        "hong@example.org": "ko", "kim@example.org": "en",
    }  # fmt: skip


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends_are_found_out(db, a_file, separator, end):
    rows = [["Name; full, of", "Contact"], ['Kim "K"', "kim@example.org"]]
    text = StringIO()
    csv.writer(text, delimiter=separator, lineterminator=end).writerows(rows)
    run(a_file(text.getvalue()))
    assert Subscriber.objects.get().address == "kim@example.org"


def test_columns_are_named_by_hand_where_the_guess_would_be_wrong(db, a_file):
    path = a_file("email,work,tongue\na@example.org,b@example.org,Korean\n")
    run(path, "--map", "email=work,language=tongue")
    assert (Subscriber.objects.get().address, Subscriber.objects.get().language) == (
        "b@example.org", "ko",
    )  # fmt: skip
    with pytest.raises(CommandError, match="no column “home”"):
        run(path, "--map", "email=home")
    with pytest.raises(CommandError, match="write email=COLUMN"):
        run(path, "--map", "name=work")


def test_an_unknown_language_is_said_to_be(db, a_file):
    said = run(a_file("email,lang\na@example.org,Klingon\nb@example.org,en_US\n"))
    assert number(said, "of them with an unknown language") == 1


HOSTILE = {
    "nothing": (b"", "The file is empty"),
    "blank lines": (b"\n\n \n", "The file is empty"),
    "no header": (b"a@example.org\nb@example.org\n", "first line must name the columns"),
    "NUL": (b"email\na@example.org\n" + b"\0" + b"x" * 100, "Save it as CSV"),
    "control": (b"email\n\x07a@example.org\n", "Line 2 holds characters that are no text"),
    "a line of 1 MB": (b"email\n" + b"x" * 1_000_000 + b"\n", "Line 2 is longer than 100,000"),
    "10,000 columns": (b"email" + b",x" * 9_999, f"Line 1 has more than {MAX_COLUMNS} columns"),
    "a quote without an end": (b'email\n"a@example.org\n' + b"xxxxxxxxx\n" * 50_000, "never ends"),
    "long lines in a quote": (b'"email\n' + b"x" * 90_000 + b"\n" + b"y" * 90_000, "never ends"),
    "an image": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)), "Save it as CSV"),
    "noise": (bytes(range(128, 256)) * 9, "Save it as CSV"),
    "a workbook": (b"PK\x03\x04" + bytes(500), "workbook or a zip file"),
    "half of UTF-16": (codecs.BOM_UTF16_LE + "email\na".encode("utf-16-le")[:-1], "Save it as CSV"),
    "no address anywhere": (b"name,town\nKim,Seoul\n", "Say with --map"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_gets_a_sentence(db, a_file, what):
    content, sentence = HOSTILE[what]
    with pytest.raises(CommandError, match=sentence):
        run(a_file(content))
    assert not Subscriber.objects.exists()


def test_nothing_is_written_when_a_late_line_is_unusable(db, a_file):
    with pytest.raises(CommandError, match="Line 1502 is longer"):
        run(a_file(b"email\n" + b"".join(b"r%d@example.org\n" % n for n in range(1_500))
                   + b"x" * 200_000))  # fmt: skip
    assert not Subscriber.objects.exists()


def test_a_missing_file_and_an_unknown_list_are_said_to_be(db, tmp_path, a_file):
    with pytest.raises(CommandError, match="cannot be read"):
        run(tmp_path / "missing.csv")
    with pytest.raises(CommandError, match="no list “nope”"):
        call_command("import_subscribers", a_file("email\n"), "--list", "nope", "--proof", PROOF)


# --- At the desk ---------------------------------------------------------------------

START = "/admin/newsletter/subscriber/import/"


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path / "var"


def upload(client, path: Path):
    with path.open("rb") as file:
        return client.post(START, {"file": file})


def mapping(**more: str) -> dict[str, str]:
    return {"email": "E-mail", "mailing_list": str(the_list().pk), "proof": PROOF, **more}


def test_a_table_is_uploaded_looked_at_rehearsed_and_imported(db, a_file):
    client = signed_in("add_subscriber", "view_subscriber")
    answer = upload(client, a_file("Name,E-mail\nKim <b>,kim@example.org\nLee,nonsense\n"))
    assert answer.status_code == 302
    page = client.get(answer.url).content.decode()
    assert '<option value="E-mail" selected>' in page
    assert "Kim &lt;b&gt;" in page
    rehearsed = client.post(answer.url, mapping(rehearse="1")).content.decode()
    assert "This is what would happen" in rehearsed
    assert "Line 3: nonsense" in rehearsed
    assert not Subscriber.objects.exists()
    done = client.post(answer.url, mapping(**{"import": "1"})).content.decode()
    assert ">Imported<" in done
    assert Subscriber.objects.get().address == "kim@example.org"
    assert ConsentEvent.objects.get().form_address == START
    again = client.post(answer.url, mapping(**{"import": "1"}))
    assert again.status_code == 404
    assert "not kept any more" in again.content.decode()


def test_the_desk_asks_for_the_proof(db, a_file):
    client = signed_in("add_subscriber")
    page = client.post(upload(client, a_file("E-mail\na@example.org\n")).url,
                       mapping(proof=" ", **{"import": "1"}))  # fmt: skip
    assert "This field is required" in page.content.decode()
    assert not Subscriber.objects.exists()


def test_importing_needs_the_right_to_and_a_file_is_its_owners(db, a_file):
    path = a_file("E-mail\na@example.org\n")
    assert signed_in("view_subscriber").get(START).status_code == 403
    assert upload(signed_in("view_subscriber"), path).status_code == 403
    owner = signed_in("add_subscriber")
    address = upload(owner, path).url
    assert signed_in("add_subscriber").get(address).status_code == 404
    assert signed_in("view_subscriber").get(address).status_code == 403
    assert owner.get(address).status_code == 200


@pytest.mark.parametrize("what", [each for each in HOSTILE if each != "no address anywhere"])
def test_a_hostile_upload_gets_a_sentence(db, a_file, what):
    content, sentence = HOSTILE[what]
    page = upload(signed_in("add_subscriber"), a_file(content))
    assert page.status_code == 200
    expected = "The submitted file is empty" if not content else sentence
    assert expected in page.content.decode()


def test_a_table_whose_name_leads_to_another_folder_is_refused(db):
    table = b"email\nkim@example.org\n"
    body = LongBody({}, "file", "../people.csv", len(table), table)
    page = signed_in("add_subscriber").generic(
        "POST",
        "/admin/newsletter/subscriber/import/",
        CONTENT_TYPE=body.content_type,
        CONTENT_LENGTH=str(body.length),
        **{"wsgi.input": body},
    )
    assert page.status_code == 200
    assert "name leads to another folder" in page.content.decode()


def test_a_table_that_would_take_too_long_is_for_the_command(db, a_file, settings):
    client = signed_in("add_subscriber")
    page = upload(client, a_file("email\n" + "a@example.org\n" * 20_001))
    assert "more than 20,000 rows" in page.content.decode()
    settings.MAX_UPLOAD_MB = 1
    page = upload(client, a_file(f"email\n{'a' * 1_200_000}@example.org\n"))
    assert "at most 1.0\xa0MB can be uploaded" in page.content.decode()


def test_files_left_behind_are_deleted_after_a_day(db, a_file, settings):
    client = signed_in("add_subscriber")
    path = a_file("email\na@example.org\n")
    address = upload(client, path).url
    [old] = (settings.VAR_DIR / "imports").iterdir()
    assert old.stat().st_mode & 0o077 == 0
    stamp = (timezone.now() - timedelta(days=1, minutes=1)).timestamp()

    os.utime(old, (stamp, stamp))
    upload(client, path)
    assert not old.exists()
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("token", ["..", "x", "a" * 22, "%00"])
def test_a_token_that_is_not_ours_finds_nothing(db, token):
    assert signed_in("add_subscriber").get(f"{START}{token}/").status_code == 404
