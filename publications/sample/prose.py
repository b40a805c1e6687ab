"""Texts of works, put together from patterns in the way each kind is written."""

from collections.abc import Callable, Iterator

from publications.sample.subjects import Language
from publications.sample.wording import Voice, capitalized

# Sentences of each sort of paragraph; one with a question mark is left out half of the time.
PARAGRAPHS = {
    "context": ("context", "context?", "problem", "comment"),
    "argument": ("problem", "fact", "comment", "stake?"),
    "evidence": ("evidence", "fact", "fact?", "comment"),
    "people": ("actors", "actors?", "problem", "comment?"),
    "objection": ("objection", "answer", "comment?"),
    "remedy": ("remedy", "how", "comment?", "how?"),
    "close": ("stake?", "close", "close"),
}
ESSAY = ("argument", "evidence", "people", "context", "argument", "people")
TABLE_CHANCE, QUOTE_CHANCE, HEADING_CHANCE = 0.4, 0.5, 0.6
STUDIES = {"reports", "academic-papers", "policy-briefs"}
BRIEF = {"videos", "events", "press-releases"}
TABLE_HEADS = {
    "en": ("Case", "Before", "After", "Change"),
    "ko": ("사례", "이전", "이후", "변화"),
}


class Writer:
    """Write one work about one subject."""

    def __init__(self, language: Language, voice: Voice) -> None:
        self.language = language
        self.voice = voice
        self.rng = voice.rng

    def write(self, kind: str) -> str:
        """Return the text of a work of this kind as HTML."""
        ways: dict[str, Callable[[], Iterator[str]]] = {
            "interviews": self.interview,
            "podcasts": self.episode,
        }
        if kind in STUDIES:
            way = self.study
        elif kind in BRIEF:
            way = self.notice
        else:
            way = ways.get(kind, self.essay)
        opening = f"formats.{kind}"
        first = [self.p(self.line(opening))] if self.language.has(opening) else []
        return "\n".join([*first, *way()])

    def essay(self) -> Iterator[str]:
        """Yield an argument of five to nine paragraphs."""
        yield self.lead()
        middle = list(ESSAY)
        self.rng.shuffle(middle)
        kept = middle[: self.rng.randint(1, 5)]
        has_headings = len(kept) > 1 and self.rng.random() < HEADING_CHANCE
        for place, sort in enumerate(kept):
            if has_headings and place == 1:
                yield self.h2("headings.middle")
            yield self.paragraph(sort)
        if self.rng.random() < QUOTE_CHANCE:
            yield from self.quotation()
        if has_headings:
            yield self.h2("headings.late")
        yield self.paragraph("objection")
        yield self.paragraph("remedy")
        yield self.paragraph("close")

    def study(self) -> Iterator[str]:
        """Yield a longer piece in sections, with recommendations as a list."""
        yield self.paragraph("context")
        yield self.paragraph("argument")
        for section in range(self.rng.randint(2, 3)):
            yield self.h2("headings.middle")
            yield self.paragraph("evidence")
            yield self.paragraph("people" if section else "argument")
            if section == 1:
                yield (
                    self.table()
                    if self.rng.random() < TABLE_CHANCE
                    else self.p(self.line("sentences.comment"))
                )
        yield from self.quotation()
        yield self.h2("headings.late")
        yield self.paragraph("objection")
        yield from self.recommendations()
        yield self.paragraph("close")

    def interview(self) -> Iterator[str]:
        """Yield questions and answers."""
        yield self.lead()
        for sort in ("argument", "people", "evidence", "remedy")[: self.rng.randint(3, 4)]:
            yield self.p(f"<strong>{self.line('formats.question')}</strong>")
            yield self.paragraph(sort)
        yield self.paragraph("close")

    def episode(self) -> Iterator[str]:
        """Yield notes on a recording, with its chapters."""
        yield self.paragraph("people")
        minute = 0
        chapters = []
        titles = self.language.entries("formats.chapters")
        kept = sorted(self.rng.sample(range(1, len(titles)), self.rng.randint(3, 5)))
        for place in (0, *kept):
            chapters.append(f"<strong>{minute:02}:00</strong> {self.voice.say(titles[place])}")
            minute += self.rng.randint(3, 9)
        yield self.items("ul", chapters)
        yield self.paragraph("argument")
        yield from self.quotation()
        yield self.paragraph("close")

    def notice(self) -> Iterator[str]:
        """Yield a short announcement."""
        for sort in ("context", "people", "evidence", "close"):
            yield self.paragraph(sort)

    def lead(self) -> str:
        """Begin with something seen."""
        sentences = [self.voice.say("{scene}"), self.line("sentences.turn")]
        if self.rng.random() < QUOTE_CHANCE:
            sentences.append(self.line("sentences.context"))
        return self.p(" ".join(sentences))

    def paragraph(self, sort: str) -> str:
        """Return a paragraph of a sort in `PARAGRAPHS`."""
        names = [
            name.rstrip("?")
            for name in PARAGRAPHS[sort]
            if not name.endswith("?") or self.rng.random() < QUOTE_CHANCE
        ]
        sentences = [self.sentence(name) for name in names]
        return self.p(" ".join(sentence for sentence in sentences if sentence))

    def sentence(self, name: str) -> str:
        """Return a sentence; nothing in place of a fact or remark that the reader has seen."""
        if name == "fact":
            return self.voice.say("{fact}") if self.voice.has_fresh("fact") else ""
        if name == "comment" and not self.language.has_fresh("sentences.comment", self.voice):
            return ""
        return self.line(f"sentences.{name}")

    def quotation(self) -> Iterator[str]:
        """Yield a remark by somebody without a name, and who it was."""
        yield self.p(self.line("sentences.quote_intro"))
        yield f"<blockquote>{self.p(self.line('sentences.quote'))}</blockquote>"

    def recommendations(self) -> Iterator[str]:
        """Yield an ordered list of what to do."""
        yield self.p(self.line("sentences.list_intro"))
        entries = []
        for _ in range(self.rng.randint(3, 4)):
            remedy = capitalized(self.voice.say("{remedy}")).rstrip(".")
            entries.append(f"<strong>{remedy}.</strong> {self.line('sentences.how')}")
        yield self.items("ol", entries)

    def table(self) -> str:
        """Return a small table of invented figures."""
        heads = "".join(f"<th>{head}</th>" for head in TABLE_HEADS[self.language.code])
        rows = []
        for _ in range(self.rng.randint(3, 5)):
            before, after = self.rng.randint(20, 80), self.rng.randint(20, 80)
            cells = (self.voice.say("{City}"), before, after, f"{after - before:+}")
            rows.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
        return (
            f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
        ).replace("<td>-", "<td>−")

    def h2(self, pool: str) -> str:
        """Return the next heading of a pool."""
        return f"<h2>{self.line(pool)}</h2>"

    def line(self, pool: str) -> str:
        """Fill the next pattern of a pool."""
        return self.voice.say(self.language.pattern(pool, self.voice))

    @staticmethod
    def p(text: str) -> str:
        """Mark up a paragraph."""
        return f"<p>{text}</p>"

    @staticmethod
    def items(tag: str, entries: list[str]) -> str:
        """Mark up a list."""
        return f"<{tag}>{''.join(f'<li>{entry}</li>' for entry in entries)}</{tag}>"
