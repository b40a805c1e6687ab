"""The invented library: the same every time, of the size asked for, and safe to write."""

import re
import zoneinfo
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from html.parser import HTMLParser
from io import BytesIO, StringIO

import pypdfium2
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from PIL import Image as Picture

from publications.models import (
    Attachment,
    AttachmentPage,
    Author,
    Contribution,
    Image,
    Page,
    Publication,
    SearchDocument,
    Series,
    SiteSettings,
    Spotlight,
    Status,
    Tag,
    TagGroup,
)
from publications.sample import papers, plates
from publications.sample.library import Library
from publications.sample.motifs import MOTIFS
from publications.sample.wording import with_particle
from publications.sample.works import Plate, SampleWork
from publications.sample.written import read_pieces

TODAY = datetime(2026, 11, 23, 12, tzinfo=zoneinfo.ZoneInfo("America/New_York"))
TAGS = {"p", "h2", "h3", "ul", "ol", "li", "blockquote", "strong", "em", "a", "table", "thead",
        "tbody", "tr", "th", "td"}  # fmt: skip


@cache
def library(count: int = 300, seed: int = 1, files: int = 40) -> tuple[SampleWork, ...]:
    """Frozen works may be shared by tests."""
    return tuple(Library(count, seed, TODAY, files).works())


def public(works: Iterable[SampleWork]) -> list[SampleWork]:
    """What readers would see, the newest first."""
    seen = [
        work for work in works
        if work.status == Status.PUBLISHED and work.published_at and work.published_at <= TODAY
    ]  # fmt: skip
    return sorted(seen, key=lambda work: work.published_at or TODAY, reverse=True)


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("load_sample", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


class Tags(HTMLParser):
    """Collect the tags of a text, and complain about those that do not match."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.open: list[str] = []

    def handle_starttag(self, tag, _attrs) -> None:
        self.seen.add(tag)
        self.open.append(tag)

    def handle_endtag(self, tag) -> None:
        assert self.open.pop() == tag


class TestLibrary:
    def test_the_same_seed_gives_the_same_library(self):
        again = Library(150, 1, TODAY, 40)
        assert tuple(again.works()) == library(150)

    def test_another_seed_gives_another_library(self):
        one = {work.title for work in library(100, seed=1)}
        other = {work.title for work in library(100, seed=2)}
        assert len(one & other) < 40

    @pytest.mark.parametrize("count", [0, 1, 5, 13, 14, 60, 300, 900])
    def test_the_count_is_exact(self, count):
        assert len(library(count)) == count

    def test_keys_and_addresses_are_unique(self):
        works = library(900)
        assert len({work.key for work in works}) == len({work.slug for work in works}) == 900

    @pytest.mark.parametrize("count", [300, 900])
    def test_about_an_eighth_is_korean(self, count):
        share = sum(work.language == "ko" for work in library(count)) / count
        assert 0.09 < share < 0.15

    def test_korean_works_are_signed_by_people_with_korean_names(self):
        for work in library():
            if work.language == "ko" and work.kind not in {"events", "press-releases", "podcasts"}:
                assert any(credit.author.native for credit in work.byline), work.title

    def test_more_works_appear_every_decade(self):
        years = Counter((work.published_at.year - 1991) // 10 for work in public(library(900)))
        assert 0 < years[0] < years[1] < years[2]
        assert min(work.published_at for work in public(library())).year == 1991

    def test_works_appear_on_working_days(self):
        assert {work.published_at.weekday() for work in public(library())} == {0, 1, 2, 3, 4}

    @pytest.mark.parametrize(("count", "seed"), [(300, 1), (300, 2), (1_500, 1)])
    def test_no_title_repeats_on_the_first_five_pages_unless_meant_to(self, count, seed):
        titles = Counter(work.title for work in public(library(count, seed))[:100])
        repeated = {title for title, times in titles.items() if times > 1}
        assert repeated <= {"The week on the peninsula", "Korea in brief", "이달의 한반도"}

    def test_some_titles_repeat_and_some_are_very_long_and_some_standfirsts_are_missing(self):
        works = library()
        assert max(Counter(work.title for work in works).values()) > 1
        assert any(len(work.title) > 200 for work in works)
        assert any(not work.standfirst for work in works)

    def test_there_are_works_of_every_kind_and_in_every_state(self):
        works = library()
        assert len({work.kind for work in works}) == 12
        assert {work.status for work in works} == set(Status)
        assert any(work.published_at and work.published_at > TODAY for work in works)
        assert {work.placement.rights for work in works if work.placement} == {
            "full", "excerpt", "full_from",
        }  # fmt: skip

    def test_works_that_are_not_out_have_no_date(self):
        waiting = {Status.DRAFT, Status.IN_REVIEW, Status.APPROVED}
        assert all((work.published_at is None) == (work.status in waiting) for work in library())

    def test_bylines_range_from_one_to_twelve_and_name_nobody_twice(self):
        works = library()
        assert {1, 2, 3, 12} <= {len(work.byline) for work in works}
        for work in works:
            names = [(credit.author.name, credit.role) for credit in work.byline]
            assert len(set(names)) == len(names)

    def test_texts_are_whole_and_use_only_plain_markup(self):
        for work in library():
            tags = Tags()
            tags.feed(work.body)
            assert not tags.open
            assert tags.seen <= TAGS
            assert not re.search(r"[{}]|\s\.|\.\.", work.body + work.title + work.standfirst)

    def test_every_address_is_under_example_org(self):
        for work in library():
            if work.placement:
                assert ".example.org/" in work.placement.url

    def test_only_the_newest_have_files(self):
        with_files = [work for work in library(files=40) if work.plate or work.has_pdf]
        assert 20 < len(with_files) <= 40
        assert not any(work.plate or work.has_pdf for work in library(files=0))


class TestWrittenPieces:
    def test_there_are_a_dozen_and_two_are_korean(self):
        pieces = read_pieces("pieces")
        assert len(pieces) >= 12
        assert sum(piece.facts.get("language") == "ko" for piece in pieces) == 2

    @pytest.mark.parametrize("piece", read_pieces("pieces"), ids=lambda piece: piece.name)
    def test_each_is_long_enough_to_read(self, piece):
        text = re.sub(r"<[^>]+>", " ", piece.body)
        assert 500 < len(text.split()) < 2_100
        assert "<h2>" in piece.body

    def test_they_are_among_the_newest(self):
        newest = {work.key for work in public(library())[:40]}
        assert {f"piece-{piece.name}" for piece in read_pieces("pieces")} <= newest


class TestParticles:
    @pytest.mark.parametrize(
        ("word", "particle", "expected"),
        [
            ("선박", "은", "선박은"), ("제도", "은", "제도는"), ("선박", "이", "선박이"),
            ("제도", "이", "제도가"), ("선박", "을", "선박을"), ("제도", "을", "제도를"),
            ("선박", "과", "선박과"), ("제도", "과", "제도와"), ("제도", "에", "제도에"),
            ("AI", "을", "AI를"),
        ],
    )  # fmt: skip
    def test_the_form_follows_the_last_sound(self, word, particle, expected):
        assert with_particle(word, particle) == expected


class TestFiles:
    @pytest.mark.parametrize("motif", MOTIFS)
    def test_a_plate_is_a_picture_and_the_same_every_time(self, motif):
        drawn = plates.draw(Plate(motif, "a seed"))
        assert drawn == plates.draw(Plate(motif, "a seed"))
        assert Picture.open(BytesIO(drawn)).size == plates.SIZE

    @pytest.mark.parametrize("language", ["en", "ko"])
    def test_a_paper_has_several_pages_of_text_and_is_the_same_every_time(self, language):
        work = next(work for work in library() if work.has_pdf and work.language == language)
        drawn = papers.draw(work)
        assert drawn == papers.draw(work)
        document = pypdfium2.PdfDocument(drawn)
        assert len(document) > 1
        first_words = re.sub(r"<[^>]+>", " ", work.body).split()[:3]
        text = document[1].get_textpage().get_text_bounded()
        assert all(word in text for word in first_words)


@pytest.mark.django_db
class TestCommand:
    def test_it_writes_a_library_that_readers_can_use(self):
        out = run("--count", "120", "--files", "16")
        assert out.startswith("Wrote 120 works, ")
        assert Publication.objects.count() == SearchDocument.objects.count() == 120
        assert Contribution.objects.filter(position=1).count() == 120
        assert set(Tag.objects.values_list("group", flat=True)) == set(TagGroup.values)
        assert Author.objects.filter(native_name="홍길동", display_name="Hong Gil-dong").exists()
        assert Image.objects.filter(width=1200).exists()
        assert Attachment.objects.filter(page_count__gt=1, size__gt=0).exists()
        assert AttachmentPage.objects.filter(text__contains="corridors").exists()

    def test_the_institute_has_a_name_pages_and_a_spotlight_now_and_next(self):
        run("--count", "20", "--files", "0")
        site = SiteSettings.objects.get()
        assert (site.name, site.native_name) == ("Halla Institute", "한라정책연구원")
        assert site.social_links.count() == 3
        assert set(Page.objects.values_list("slug", flat=True)) == {
            "about", "contact", "privacy", "support",
        }  # fmt: skip
        assert Spotlight.objects.current().count() == 1
        assert Spotlight.objects.filter(starts_at__gt=timezone.now()).count() == 1

    def test_nothing_public_is_a_draft_or_still_to_come(self):
        run("--count", "160", "--files", "0")
        seen = Publication.objects.published()
        assert set(seen.values_list("status", flat=True)) == {Status.PUBLISHED}
        assert not seen.filter(published_at__gt=timezone.now()).exists()
        assert Publication.objects.scheduled().count() == 3
        assert set(Publication.objects.values_list("status", flat=True)) == set(Status)

    def test_series_are_numbered_from_one_without_gaps(self):
        run("--count", "60", "--files", "0")
        series = Series.objects.get(title="Two Rivers")
        numbers = list(
            series.publications.filter(status=Status.PUBLISHED)
            .order_by("series_number")
            .values_list("series_number", flat=True)
        )
        assert numbers == list(range(1, len(numbers) + 1))

    def test_it_refuses_when_the_library_is_not_empty(self):
        run("--count", "3", "--files", "0")
        with pytest.raises(CommandError, match="already holds 3 publications"):
            run("--count", "3", "--files", "0")
        assert Publication.objects.count() == 3

    def test_a_second_run_with_add_changes_nothing(self):
        run("--count", "30", "--files", "4")
        before = list(Publication.objects.order_by("pk").values())
        out = run("--count", "30", "--files", "4", "--add")
        assert "30 works were there already" in out
        assert list(Publication.objects.order_by("pk").values()) == before
        assert Spotlight.objects.count() == 3

    def test_another_seed_adds_other_works_and_keeps_the_written_pieces_once(self):
        run("--count", "30", "--files", "0")
        run("--count", "30", "--files", "0", "--add", "--seed", "2")
        pieces = len(read_pieces("pieces"))
        assert Publication.objects.count() == 60 - pieces

    def test_what_staff_have_named_stays(self):
        SiteSettings.objects.update_or_create(pk=1, defaults={"name": "Another Institute"})
        Page.objects.create(title="Who we are", slug="about")
        run("--count", "1", "--files", "0")
        assert SiteSettings.objects.get().name == "Another Institute"
        assert Page.objects.get(slug="about").title == "Who we are"

    def test_the_day_can_be_chosen(self):
        run("--count", "60", "--files", "0", "--today", "2020-06-15")
        newest = Publication.objects.published().newest_first().first()
        assert newest.published_at < datetime(2020, 6, 20, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("option", "value", "message"),
        [
            ("--count", "-3", "not a whole number"),
            ("--count", "many", "not a whole number"),
            ("--today", "June", "not a day such as"),
        ],
    )
    def test_a_wrong_option_is_explained(self, option, value, message):
        with pytest.raises(CommandError, match=message):
            call_command("load_sample", f"{option}={value}")
        assert not Publication.objects.exists()

    def test_a_number_of_works_costs_the_same_queries_a_batch(self, django_assert_max_num_queries):
        run("--count", "60", "--files", "0")
        with django_assert_max_num_queries(20):
            run("--count", "60", "--files", "0", "--add")
