"""`manage.py import_publications`: what it writes, what it leaves alone, how it ends."""

import gzip
import io
import json
import sys
from hashlib import sha256
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from publications.actions import editing, merging
from publications.actions.recording import revisions_of
from publications.importing.content import content_of
from publications.importing.jsonl import MAX_LINE
from publications.importing.runner import LOCK
from publications.models import (
    Act,
    Author,
    Contribution,
    Outlet,
    Publication,
    Revision,
    Rights,
    SearchDocument,
    Tag,
    Tagging,
)
from publications.states import Status
from tests.factories import a_tag, a_work, an_author, an_outlet

pytestmark = pytest.mark.django_db
ARTICLES = settings.BASE_DIR.parent / "shared" / "data" / "publications" / "articles.jsonl.gz"
needs_articles = pytest.mark.skipif(
    not ARTICLES.exists(), reason="the real articles are not beside this checkout"
)
TABLES = (Publication, Author, Contribution, Tag, Tagging, Outlet, SearchDocument)


def a_line(number: int = 1, **fields) -> dict:
    return {
        "id": f"work-{number}",
        "title": f"Work {number} on trade",
        "date": "2024-07-10",
        "authors": ["Hana Park"],
        "tags": ["Trade policy"],
        "outlet": "The Harbor Times",
        "outlet_url": f"https://harbor.example/{number}",
        "summary": "A summary.",
        "body_html": "<p>Ferries and tariffs.</p>",
        "lang": "en",
        "source": "old site",
        "license": "CC0",
    } | fields


def a_file(tmp_path: Path, *lines: dict | str | bytes, name: str = "works.jsonl") -> str:
    path = tmp_path / name
    data = b"\n".join(
        line if isinstance(line, bytes)
        else (line if isinstance(line, str) else json.dumps(line)).encode()
        for line in lines
    )  # fmt: skip
    path.write_bytes(gzip.compress(data, mtime=0) if name.endswith("gz") else data)
    return str(path)


def import_file(*arguments, **options) -> str:
    out = io.StringIO()
    call_command("import_publications", *arguments, stdout=out, **options)
    return out.getvalue()


def counts(output: str) -> dict[str, int]:
    cells = [line.strip("│ ").split("│") for line in output.splitlines() if "│" in line]
    rows = {row[1].strip(): row[0].strip() for row in cells if len(row) == 2}
    names = ("created", "updated", "unchanged", "skipped")
    return {name: int(rows[name].replace(",", "")) for name in names if rows[name] != "0"}


def row_versions() -> list:
    """Which transaction wrote each row: the proof that a row was not written again."""
    versions = []
    with connection.cursor() as cursor:
        for model in TABLES:
            cursor.execute(f"SELECT xmin::text, ctid::text FROM {model._meta.db_table} ORDER BY 2")
            versions.append(cursor.fetchall())
    return versions


def refusal(*arguments, **options) -> tuple[str, int]:
    with pytest.raises(CommandError) as caught:
        import_file(*arguments, **options)
    return str(caught.value), caught.value.returncode


def test_a_work_is_imported_with_all_that_belongs_to_it(tmp_path, reader) -> None:
    output = import_file(a_file(tmp_path, a_line(kind="Op-Ed")))
    assert counts(output) == {"created": 1}
    work = Publication.objects.select_related("kind", "outlet").get()
    assert (work.kind.slug, work.slug, work.status) == (
        "op-eds", "work-1-on-trade", Status.PUBLISHED
    )  # fmt: skip
    assert (work.standfirst, work.body) == ("A summary.", "<p>Ferries and tariffs.</p>")
    assert (work.outlet.name, work.outlet_url) == ("The Harbor Times", "https://harbor.example/1")
    assert work.published_at.isoformat() == "2024-07-10T16:00:00+00:00"
    assert [(each.author.display_name, each.position) for each in work.byline] == [("Hana Park", 1)]
    assert [tag.name for tag in work.tags.all()] == ["Trade policy"]
    author = Author.objects.get()
    assert (author.given_name, author.family_name, author.slug) == ("Hana", "Park", "hana-park")
    assert Publication.objects.published().filter(search_document__vector="ferries").exists()


@pytest.mark.parametrize("name", ["works.jsonl", "works.jsonl.gz", "works.txt"])
def test_plain_and_zipped_files_are_told_apart_by_content(tmp_path, name) -> None:
    assert counts(import_file(a_file(tmp_path, a_line(1), a_line(2), name=name))) == {"created": 2}


def test_a_second_run_writes_nothing(tmp_path) -> None:
    file = a_file(tmp_path, a_line(1), a_line(2, authors=["hana  PARK", "Jo"], tags=[]))
    import_file(file)
    before = row_versions()
    with CaptureQueriesContext(connection) as queries:
        output = import_file(file)
    assert counts(output) == {"unchanged": 2}
    assert row_versions() == before
    written = ("INSERT", "UPDATE", "DELETE")
    assert not [each for each in queries.captured_queries if each["sql"].startswith(written)]


def test_a_changed_line_updates_its_work_alone(tmp_path) -> None:
    import_file(a_file(tmp_path, a_line(1), a_line(2)))
    first, second = Publication.objects.order_by("pk")
    changed = a_line(
        2, title="Another title", authors=["Jo Lim", "Hana Park"], tags=["Ports"], date="2024-07-11"
    )
    assert counts(import_file(a_file(tmp_path, a_line(1), changed))) == {
        "updated": 1, "unchanged": 1
    }  # fmt: skip
    after = Publication.objects.get(pk=second.pk)
    assert (after.title, after.slug) == ("Another title", second.slug)
    assert [str(each) for each in after.byline] == ["Jo Lim", "Hana Park"]
    assert [tag.name for tag in after.tags.all()] == ["Ports"]
    assert after.updated_at > second.updated_at
    assert after.created_at == second.created_at
    assert Publication.objects.filter(search_document__vector="ports").get() == after
    assert Publication.objects.get(pk=first.pk).updated_at == first.updated_at
    assert counts(import_file(a_file(tmp_path, a_line(1), changed))) == {"unchanged": 2}


def edit_title(work: Publication) -> None:
    work.title = "Staff’s title"
    work.save()


def edit_byline(work: Publication) -> None:
    Contribution.objects.create(publication=work, author=an_author("Added"), position=2)


def edit_affiliation(work: Publication) -> None:
    work.contributions.update(affiliation="Harbor Institute")


def edit_tags(work: Publication) -> None:
    work.tags.add(a_tag("Added"))


@pytest.mark.parametrize("edit", [edit_title, edit_byline, edit_affiliation, edit_tags])
def test_a_work_that_staff_have_changed_is_left_alone(tmp_path, edit) -> None:
    import_file(a_file(tmp_path, a_line(1)))
    edit(Publication.objects.get())
    assert counts(import_file(a_file(tmp_path, a_line(1)))) == {"unchanged": 1}
    before = row_versions()
    changed = a_file(tmp_path, a_line(1, title="The file’s title"))
    output = import_file(changed)
    assert counts(output) == {"skipped": 1}
    assert "changed here by staff" in output
    assert row_versions() == before
    assert counts(import_file(changed, overwrite=True)) == {"updated": 1}
    assert Publication.objects.get().title == "The file’s title"


def test_what_staff_add_outside_the_import_does_not_stop_an_update(tmp_path) -> None:
    import_file(a_file(tmp_path, a_line(1)))
    Publication.objects.update(report_number="R-1", slug="own-address")
    assert counts(import_file(a_file(tmp_path, a_line(1, title="New")))) == {"updated": 1}
    work = Publication.objects.get()
    assert (work.report_number, work.slug, work.title) == ("R-1", "own-address", "New")


def test_a_withdrawn_work_does_not_come_back(tmp_path) -> None:
    import_file(a_file(tmp_path, a_line(1)))
    Publication.objects.update(status=Status.WITHDRAWN)
    output = import_file(a_file(tmp_path, a_line(1, title="New")), overwrite=True)
    assert counts(output) == {"skipped": 1}
    assert "withdrawn here" in output
    assert Publication.objects.get().status == Status.WITHDRAWN


def test_names_that_were_merged_stand_for_the_one_that_stays(tmp_path) -> None:
    import_file(a_file(tmp_path, a_line(1)))
    for model, kept in ((Author, an_author("Park Hana")), (Tag, a_tag("Trade")),
                        (Outlet, an_outlet("Harbor Times"))):  # fmt: skip
        merging.merge(kept, [model.objects.exclude(pk=kept.pk).get()], by=None)
    import_file(a_file(tmp_path, a_line(2, authors=["HANA PARK"])))
    work = Publication.objects.get(external_id="work-2")
    assert [str(row) for row in work.byline] == ["Park Hana"]
    assert [str(tag) for tag in work.tags.all()] == ["Trade"]
    assert str(work.outlet) == "Harbor Times"
    assert (Author.objects.count(), Tag.objects.count(), Outlet.objects.count()) == (1, 1, 1)


def test_names_that_exist_are_credited_without_case_or_spaces(tmp_path) -> None:
    author = an_author("Hana  PARK")
    tag = a_tag("TRADE policy", slug="trade")
    outlet = an_outlet("the harbor TIMES")
    import_file(a_file(tmp_path, a_line(1)))
    work = Publication.objects.get()
    assert [each.author for each in work.byline] == [author]
    assert list(work.tags.all()) == [tag]
    assert work.outlet == outlet
    assert counts(import_file(a_file(tmp_path, a_line(1)))) == {"unchanged": 1}


def test_of_two_authors_of_one_name_the_oldest_is_credited_with_a_remark(tmp_path) -> None:
    oldest, _newer = an_author("Hana Park"), an_author("Hana Park")
    output = import_file(a_file(tmp_path, a_line(1)))
    assert Contribution.objects.get().author == oldest
    assert "Several authors of this name" in output


def test_repeated_titles_get_addresses_of_their_own(tmp_path) -> None:
    a_work(slug="the-same-title")
    file = a_file(tmp_path, *(a_line(n, title="The Same Title") for n in range(3)))
    output = import_file(file)
    slugs = Publication.objects.exclude(external_id="").order_by("external_id")
    assert [work.slug for work in slugs] == [
        "the-same-title-2", "the-same-title-3", "the-same-title-4"
    ]  # fmt: skip
    assert "got a number" in output


def test_titles_and_names_without_letters_still_get_addresses(tmp_path, reader) -> None:
    import_file(
        a_file(tmp_path, a_line(1, title="???", authors=["…"], tags=["+"], outlet="!"),
               a_line(2, title="한미 동맹", authors=["홍길동"], tags=["한국"], lang="",
                      summary="", body_html="<p>한국어 본문</p>"))
    )  # fmt: skip
    first, second = Publication.objects.order_by("pk")
    assert (first.slug, second.slug, second.language) == ("publication", "한미-동맹", "ko")
    assert {author.slug for author in Author.objects.all()} == {"author", "홍길동"}


def test_traps_are_imported_and_named(tmp_path) -> None:
    report = tmp_path / "report.jsonl"
    file = a_file(
        tmp_path,
        a_line(1, body_html="<p>a</p><script>alert(1)</script>"),
        a_line(2, body_html='<iframe src="https://tube.example/1"></iframe>'),
        a_line(3, body_html=""),
        a_line(4, date="2104-09-08"),
        a_line(5, date=None),
        a_line(6, authors=[]),
        a_line(7, lang="xx"),
        a_line(8, title="t" * 600),
        a_line(9, outlet=None, outlet_url=None, body_html="", summary=""),
    )
    output = import_file(file, report=report)
    assert counts(output) == {"created": 9}
    works = {work.external_id: work for work in Publication.objects.all()}
    assert works["work-1"].body == "<p>a</p>"
    assert "https://tube.example/1" in works["work-2"].body
    assert works["work-3"].rights == Rights.EXCERPT
    drafts = {name for name, work in works.items() if work.status == Status.DRAFT}
    assert drafts == {"work-4", "work-5", "work-9"}
    assert works["work-4"].published_at is None
    assert works["work-7"].language == "en"
    assert len(works["work-8"].title) == 500
    told = [json.loads(line) for line in report.read_text().splitlines()]
    assert [each["id"] for each in told] == [f"work-{number}" for number in range(1, 10)]
    assert "2104-09-08" in told[3]["remarks"][0]


def test_lines_that_are_no_work_are_skipped_with_the_reason(tmp_path) -> None:
    file = a_file(
        tmp_path,
        b"\xef\xbb\xbf" + json.dumps(a_line(1)).encode(),
        "",
        "[1]",
        "{oops",
        a_line(1, title="The same id again"),
        a_line(2, authors="Hana Park"),
        a_line(3, source=None),
        b"x" * (MAX_LINE + 10),
        a_line(4),
    )
    output = import_file(file)
    assert counts(output) == {"created": 2, "skipped": 6}
    for told in (
        "line 3: not a JSON object",
        "line 4: not JSON",
        "line 5 (work-1): the same id as on line 1",
        "line 6 (work-2): “authors” is not a list of texts",
        "line 7 (work-3): no source",
        "line 8: longer than 8 MB",
    ):
        assert told in output


def test_a_work_that_the_database_refuses_does_not_take_its_batch_along(tmp_path) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE publications_publication ADD CHECK (title NOT LIKE '%refused%')"
        )
    file = a_file(tmp_path, a_line(1), a_line(2, title="To be refused", tags=["New"]), a_line(3))
    output = import_file(file)
    assert counts(output) == {"created": 2, "skipped": 1}
    assert "line 2 (work-2): the database refused it" in output
    assert counts(import_file(a_file(tmp_path, a_line(1), a_line(3)))) == {"unchanged": 2}


def test_a_rehearsal_keeps_nothing(tmp_path) -> None:
    before = row_versions()
    output = import_file(a_file(tmp_path, a_line(1), a_line(2)), dry_run=True)
    assert counts(output) == {"created": 2}
    assert "nothing kept" in output
    assert row_versions() == before


def test_a_limit_stops_after_so_many_lines(tmp_path) -> None:
    file = a_file(tmp_path, a_line(1), a_line(2), a_line(3))
    assert counts(import_file(file, limit=2)) == {"created": 2}
    assert counts(import_file(file)) == {"created": 1, "unchanged": 2}


def test_source_and_kind_may_be_given_for_the_whole_file(tmp_path) -> None:
    import_file(a_file(tmp_path, a_line(1), a_line(2, kind="podcasts")), source="X", kind="reports")
    found = Publication.objects.order_by("pk").values_list("source", "kind__slug")
    assert list(found) == [("X", "reports"), ("X", "podcasts")]


def test_the_day_of_a_work_that_lay_ahead_comes(tmp_path) -> None:
    file = a_file(tmp_path, a_line(1, date="2030-01-02"))
    with time_machine.travel("2029-12-31T12:00:00Z"):
        import_file(file)
        assert Publication.objects.get().status == Status.DRAFT
    with time_machine.travel("2030-01-03T12:00:00Z"):
        assert counts(import_file(file)) == {"updated": 1}
        assert Publication.objects.get().is_public


def test_more_works_in_a_batch_cost_no_more_queries(tmp_path) -> None:
    def queries(*numbers: int) -> int:
        lines = [
            a_line(n, authors=[f"Name {n}", "Jo"], tags=[f"Tag {n}"], outlet=f"Outlet {n}")
            for n in numbers
        ]
        with CaptureQueriesContext(connection) as captured:
            import_file(a_file(tmp_path, *lines))
        return len(captured)

    assert queries(*range(10)) == queries(*range(100, 120))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "nothing in it"),
        (b"\n\n", "nothing in it"),
        (b"\x00\x01\xff" * 999, "line 1 is not UTF-8 text"),
        (b"PK\x03\x04 rubbish", "line 1 is not JSON"),
        (b"\x1f\x8b broken gzip", "damaged or incomplete"),
        (gzip.compress(b"not json", mtime=0), "line 1 is not JSON"),
        (b'[{"id": 1, "title": "A"}]', "line 1 is not a JSON object"),
        (b'{"name": "A"}\n{"name": "B"}', "No line can be used; line 1 has this: no id"),
        (b"rubbish\n" * 100_000, "line 1 is not JSON"),
    ],
)
def test_an_unusable_file_is_refused_with_a_sentence(tmp_path, content, sentence) -> None:
    path = tmp_path / "works.jsonl.gz"
    path.write_bytes(content)
    said, code = refusal(path)
    assert sentence in said
    assert code == 2
    assert not Publication.objects.exists()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("missing.jsonl", "No such file"), (".", "is a directory"), ("a\x00b", "cannot be opened")],
)
def test_what_is_no_file_is_refused_with_a_sentence(tmp_path, name, sentence) -> None:
    said, code = refusal(f"{tmp_path}/{name}")
    assert sentence in said
    assert code == 2


def test_a_file_that_breaks_off_keeps_what_was_whole(tmp_path) -> None:
    lines = b"\n".join(
        json.dumps(a_line(n, summary=sha256(b"%d" % n).hexdigest())).encode() for n in range(600)
    )
    path = tmp_path / "works.jsonl.gz"
    path.write_bytes(gzip.compress(lines, mtime=0)[:-500])
    said, code = refusal(path)
    assert "breaks off after line" in said
    assert code == 2
    assert Publication.objects.count() == 500
    path.write_bytes(gzip.compress(lines, mtime=0))
    assert counts(import_file(path)) == {"created": 100, "unchanged": 500}


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"kind": "sonnets"}, "There is no kind “sonnets”. Kinds are: op-eds,"),
        ({"report": Path("/nowhere/report")}, "cannot be written"),
    ],
)
def test_options_that_cannot_be_met_are_refused(tmp_path, options, sentence) -> None:
    said, code = refusal(a_file(tmp_path, a_line(1)), **options)
    assert sentence in said
    assert code == 2


class Stdin:
    """Standard input that ends, or is interrupted, after some lines."""

    def __init__(self, data: bytes, *, interrupt_at: int = 0) -> None:
        self.buffer = io.BytesIO(data)
        self._lines = 0
        self._readline = self.buffer.readline
        if interrupt_at:
            self.buffer = self
            self._interrupt_at = interrupt_at

    def readline(self, size: int) -> bytes:
        self._lines += 1
        if self._lines > self._interrupt_at:
            raise KeyboardInterrupt
        return self._readline(size)


def test_standard_input_is_read(monkeypatch) -> None:
    monkeypatch.setattr(sys, "stdin", Stdin(json.dumps(a_line()).encode()))
    assert counts(import_file("-")) == {"created": 1}


def test_an_interrupted_import_says_so_and_goes_on_without_duplicates(monkeypatch) -> None:
    data = b"\n".join(json.dumps(a_line(n)).encode() for n in range(700))
    monkeypatch.setattr(sys, "stdin", Stdin(data, interrupt_at=650))
    said, code = refusal("-")
    assert "run the same again" in said
    assert code == 130
    assert Publication.objects.count() == 500
    monkeypatch.setattr(sys, "stdin", Stdin(data))
    assert counts(import_file("-")) == {"created": 200, "unchanged": 500}
    assert Publication.objects.values("external_id").distinct().count() == 700
    assert Author.objects.count() == 1


def test_a_second_import_at_the_same_time_is_refused(tmp_path) -> None:
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        said, code = refusal(a_file(tmp_path, a_line(1)))
    other.close()
    assert "Another import is at work" in said
    assert code == 1
    assert counts(import_file(a_file(tmp_path, a_line(1)))) == {"created": 1}


@needs_articles
@pytest.mark.long
def test_some_hundred_real_articles_come_in_and_stay_as_they_are(tmp_path) -> None:
    with gzip.open(ARTICLES) as source:
        lines = [line for number, line in enumerate(source) if number % 15 == 0]
    path = tmp_path / "some.jsonl"
    path.write_bytes(b"".join(lines))
    assert counts(import_file(path)) == {"created": len(lines)}
    before = row_versions()
    assert counts(import_file(path)) == {"unchanged": len(lines)}
    assert row_versions() == before
    # What the database gives back has the fingerprint of what was written.
    works = Publication.objects.select_related("kind", "outlet").prefetch_related(
        "contributions__author", "tags"
    )
    assert all(content_of(work).fingerprint == work.content_hash for work in works)


def test_an_import_leaves_history_and_what_was_there_before_can_be_restored(tmp_path):
    path = a_file(tmp_path, a_line(1), a_line(2))
    import_file(path)
    work = Publication.objects.get(external_id="work-1")
    assert [(each.act, each.number) for each in revisions_of(work)] == [(Act.IMPORTED, 1)]
    import_file(path)
    assert Revision.objects.count() == 2
    work.title = "As staff want it"
    editing.save(work, by=None)
    import_file(a_file(tmp_path, a_line(1, title="New in the file"), a_line(2)), overwrite=True)
    assert [each.act for each in revisions_of(work)] == [Act.IMPORTED, Act.SAVED, Act.IMPORTED]
    assert Revision.objects.count() == 4
    editing.restore(work, 2, by=None)
    assert Publication.objects.get(pk=work.pk).title == "As staff want it"


def test_an_import_keeps_what_had_no_history_yet(tmp_path):
    import_file(a_file(tmp_path, a_line(1)))
    work = Publication.objects.get()
    # As if it had been imported before there was any history.
    Publication.objects.update(revision=0, external_id="work-9", content_hash="old")
    work.refresh_from_db()
    import_file(a_file(tmp_path, a_line(9, title="New in the file")), overwrite=True)
    acts = [(each.act, each.snapshot["fields"]["title"]) for each in revisions_of(work)]
    assert acts[:2] == [(Act.IMPORTED, "New in the file"), (Act.FOUND, "Work 1 on trade")]


def test_the_history_of_an_import_costs_few_statements(tmp_path):
    costs = []
    for first, number in ((1, 50), (101, 100)):
        lines = [a_line(first + each) for each in range(number)]
        with CaptureQueriesContext(connection) as queries:
            import_file(a_file(tmp_path, *lines))
        costs.append(sum("publications_revision" in each["sql"] for each in queries))
    assert costs[0] == costs[1]
