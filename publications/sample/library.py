"""The whole invented library as a stream of works, the same for the same seed, count and day."""

import heapq
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.utils.text import slugify

from publications.sample import places
from publications.sample.headlines import OPINION, STUDY, Headlines, standfirst
from publications.sample.moments import later, moment, office_hour
from publications.sample.motifs import MOTIFS
from publications.sample.people import People
from publications.sample.prose import Writer
from publications.sample.shares import Shares
from publications.sample.subjects import Language, Subject
from publications.sample.wording import Bag
from publications.sample.works import Credit, Placement, Plate, SampleWork
from publications.sample.written import WrittenPiece, read_pieces
from publications.states import Status

DEFAULT_COUNT, DEFAULT_FILES = 300, 40
SLUG_LENGTH = 110
# Parts in a hundred, and the first year of kinds that had to be invented.
KINDS = {
    "op-eds": 25, "commentary": 19, "blog": 15, "academic-papers": 8, "policy-briefs": 7,
    "reports": 6, "podcasts": 5, "interviews": 4, "testimony": 3, "events": 3,
    "press-releases": 3, "videos": 2,
}  # fmt: skip
BEGAN = {"blog": 2004, "podcasts": 2009, "videos": 2011}
LANGUAGES = ["ko"] * 3 + ["en"] * 22
# Every so many papers, blog posts and reports; every so many works.
EVERY_LONG_TITLE, EVERY_RECURRING, EVERY_TWELVE = 6, 7, 9
EVERY_WITHDRAWN, EVERY_CORRECTION = 140, 45
NO_STANDFIRST_SHARE, PROGRAM_SHARE, PERSON_SHARE, PLATE_SHARE = 0.12, 0.35, 0.35, 0.7
PLATES, PAPERS = OPINION | {"podcasts"}, STUDY | {"testimony"}
WITHDRAWN_NOTE = "Withdrawn by the authors: the figures could not be reproduced."
CORRECTIONS = (
    "An earlier version gave the wrong year for the survey. The year has been corrected.",
    "The spelling of a participant’s name has been corrected.",
    "A percentage in the third paragraph was misstated; the argument is not affected.",
    "An earlier version left out a co-author. We regret the omission.",
)


class Library:
    """Generate works one after the other, the oldest first, keeping only what must not repeat."""

    def __init__(self, count: int, seed: int, today: datetime, files: int = DEFAULT_FILES) -> None:
        self.count, self.seed, self.today, self.files = count, seed, today, files
        self.rng = Random(f"{seed}")  # noqa: S311
        self.people = People(count, self.rng)
        self.languages = {code: Language(code, self.rng) for code in ("en", "ko")}
        self.kinds = Bag([kind for kind, share in KINDS.items() for _ in range(share)], self.rng)
        self.language_bag = Bag(LANGUAGES, self.rng)
        self.headlines = Headlines()
        self.slugs: Counter[int] = Counter()
        self.reports: Counter[int] = Counter()
        self.of_kind: Counter[str] = Counter()
        self.pieces = sorted(read_pieces("pieces"), key=lambda piece: int(piece.facts["days"]))
        self.shares = Shares.of(count, len(self.pieces))

    def works(self) -> Iterator[SampleWork]:
        """Yield exactly `count` works."""
        yield from heapq.merge(self._public(), self._written(), key=_published_at)
        shares = self.shares
        for status, number in (
            (Status.APPROVED, shares.approved),
            (Status.IN_REVIEW, shares.in_review),
            (Status.DRAFT, shares.drafts),
        ):
            for nth in range(number):
                yield self._invent(f"{status}-{nth}", status, self.today, dated=False)
        for nth in range(shares.scheduled):
            at = later(1 + nth * 2, self.today, self.rng)
            yield self._invent(f"scheduled-{nth}", Status.PUBLISHED, at)

    def _public(self) -> Iterator[SampleWork]:
        number = self.shares.public
        for nth in range(number):
            rank = 1 - (nth + 0.5) / number
            at = moment(rank, self.today, self.rng)
            old = nth % EVERY_WITHDRAWN == EVERY_WITHDRAWN // 2
            status = Status.WITHDRAWN if old else Status.PUBLISHED
            has_files = number - nth <= self.files - self.shares.written
            yield self._invent(f"{nth}", status, at, has_files=has_files)

    def _written(self) -> Iterator[SampleWork]:
        for place in reversed(range(self.shares.written)):
            yield self._finish(self.pieces[place], has_files=place < self.files)

    def _invent(
        self, key: str, status: Status, at: datetime, *, dated: bool = True, has_files: bool = False
    ) -> SampleWork:
        rng, year = self.rng, at.year
        kind = self._kind(year)
        self.of_kind[kind] += 1
        language = self.languages[self.language_bag.draw(year, set())]
        subject = language.subject(year)
        subject.voice.begin(year)
        title = self._title(kind, language, subject)
        slug = self._slug(title)
        text = "" if rng.random() < NO_STANDFIRST_SHARE else standfirst(
            kind, language, subject.voice
        )  # fmt: skip
        is_report = kind in {"reports", "academic-papers"}
        has_twelve = kind == "reports" and self.of_kind[kind] % EVERY_TWELVE == 0
        is_corrected = status == Status.PUBLISHED and rng.random() < 1 / EVERY_CORRECTION
        return SampleWork(
            key=f"{self.seed}-{key}",
            kind=kind,
            title=title,
            slug=slug,
            language=language.code,
            status=status,
            standfirst=text,
            body=Writer(language, subject.voice).write(kind),
            published_at=at if dated else None,
            byline=self.people.twelve() if has_twelve else self.people.byline(kind, language.code),
            tags=self._tags(subject),
            placement=places.placement(kind, language.code, slug, at.date(), rng)
            if dated
            else None,
            series=places.series_of(kind, rng),
            report_number=self._report_number(year) if is_report and dated else "",
            withdrawal_note=WITHDRAWN_NOTE if status == Status.WITHDRAWN else "",
            corrections=((at.date() + timedelta(days=2), rng.choice(CORRECTIONS)),)
            if is_corrected and at + timedelta(days=2) < self.today
            else (),
            plate=Plate(rng.choice(MOTIFS), slug)
            if has_files and kind in PLATES and rng.random() < PLATE_SHARE
            else None,
            has_pdf=has_files and kind in PAPERS,
        )

    def _finish(self, piece: WrittenPiece, *, has_files: bool) -> SampleWork:
        facts = piece.facts
        language = facts.get("language", "en")
        at = office_hour(self.today - timedelta(days=facts["days"]), self.today, self.rng)
        slug = self._slug(facts["title"])
        self.headlines.seen.add(hash(facts["title"]))
        outlet = facts.get("outlet")
        note = facts.get("correction")
        roles = facts.get("roles") or ["author"] * len(facts["authors"])
        return SampleWork(
            key=f"piece-{piece.name}",
            kind=facts["kind"],
            title=facts["title"],
            slug=slug,
            language=language,
            status=Status.PUBLISHED,
            standfirst=facts["standfirst"],
            body=piece.body,
            published_at=at,
            byline=tuple(
                Credit(self.people.find(name), role)
                for name, role in zip(facts["authors"], roles, strict=True)
            ),
            tags=tuple(facts["tags"]),
            placement=Placement(outlet, places.outlet_url(outlet, piece.name, at.date()), at.date())
            if outlet
            else None,
            series=facts.get("series", ""),
            corrections=((at.date() + timedelta(days=1), note),) if note else (),
            plate=Plate(facts["motif"], piece.name) if has_files else None,
            has_pdf=has_files and bool(facts.get("pdf")),
        )

    def _kind(self, year: int) -> str:
        while True:
            kind = self.kinds.draw(year, set())
            if BEGAN.get(kind, 0) <= year:
                return kind

    def _title(self, kind: str, language: Language, subject: Subject) -> str:
        number = self.of_kind[kind]
        way: Callable[[Language, Any], str] | None = None
        if kind == "blog" and number % (EVERY_RECURRING) == 0:
            way = self.headlines.recurring_title
        elif kind == "academic-papers" and number % (EVERY_LONG_TITLE) == 0:
            way = self.headlines.long_title
        if way is None:
            return self.headlines.title(kind, language, subject.voice)
        return way(language, subject.voice)

    def _slug(self, title: str) -> str:
        """Return an address that no work of this library has."""
        slug = slugify(title, allow_unicode=True)
        if len(slug) > SLUG_LENGTH:
            slug = slug[:SLUG_LENGTH].rpartition("-")[0]
        self.slugs[hash(slug)] += 1
        times = self.slugs[hash(slug)]
        return slug if times == 1 else f"{slug}-{times}"

    def _tags(self, subject: Subject) -> tuple[str, ...]:
        rng = self.rng
        tags = [subject.topic, *rng.sample(subject.tags, rng.randint(1, 3))]
        tags.append(rng.choice(subject.regions))
        if rng.random() < PROGRAM_SHARE:
            tags.append(rng.choice(subject.programs))
        if subject.persons and rng.random() < PERSON_SHARE:
            tags.append(rng.choice(subject.persons))
        return tuple(dict.fromkeys(tags))

    def _report_number(self, year: int) -> str:
        self.reports[year] += 1
        return f"KPI-{year}-{self.reports[year]:02}"


def _published_at(work: SampleWork) -> datetime:
    if work.published_at is None:
        raise TypeError("only dated works can be sorted by date")
    return work.published_at
