"""BM25 over weighted fields, as an expression that PostgreSQL evaluates for each match."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from publications.search.documents import K1, B, term_base, title_key
from publications.search.query import Group, Phrase, Query
from publications.search.statistics import Statistics

# Of many alternatives, such as the endings of a prefix, so many are looked at.
MOST_SCORED = 4
# Bounded: a new work counts for at most a tenth more, one of two years for half of that.
FRESHNESS = 0.1
HALF_LIFE = 730
EXACT_TITLE = 1_000
FULL_MATCH = 500
SECONDS_A_DAY = 86_400
# From here on in Unicode, words are indexed as pairs of characters.
PAIRS = "\u1100"


@dataclass(frozen=True, slots=True)
class Ranking:
    """How matches of one query are scored; every number in it is the library's or the query's."""

    query: Query
    statistics: Statistics
    now: datetime
    # Full matches among partial ones: they come first.
    first: Sequence[int] = ()

    @property
    def norm(self) -> str:
        """How much longer than the average a text is, for `points`."""
        return f"({_real(K1 * (1 - B))} + {_real(K1 * B / self.statistics.average)} * length)"

    @property
    def score(self) -> str:
        """The whole score, from the columns `terms`, `norm`, `day` and `title_key` of a match."""
        parts = " + ".join(map(self._group, self.query.groups)) or "0"
        today = int(self.now.timestamp()) // SECONDS_A_DAY
        fresh = f"1 + {_real(FRESHNESS)} / (1 + greatest({today} - day, 0) / {_real(HALF_LIFE)})"
        same_title = (
            f"CASE WHEN title_key = {title_key(self.query.text)} THEN {EXACT_TITLE} ELSE 0 END"
        )
        return f"({parts}) * ({fresh}) + {same_title} + {self.is_first}"

    @property
    def is_first(self) -> str:
        """What puts full matches before partial ones."""
        if not self.first:
            return "0"
        return f"CASE WHEN id IN ({', '.join(map(str, self.first))}) THEN {FULL_MATCH} ELSE 0 END"

    def points(self, lexeme: str) -> str:
        """What one lexeme adds: its rarity, times how much it stands out in the work."""
        base = term_base(lexeme)
        count = f"greatest(terms[width_bucket({base | 0xFF}, terms)] - {base}, 0)"
        return f"{_real(self.statistics.idf(lexeme))} * (1 - norm / (norm + {count}))"

    def _group(self, group: Group) -> str:
        """Score the alternative that a work has most of."""
        each = list(map(self._phrase, group.alternatives[:MOST_SCORED]))
        best = f"greatest({', '.join(each)})" if len(each) > 1 else each[0]
        return f"{best} * {group.times}" if group.times > 1 else best

    def _phrase(self, phrase: Phrase) -> str:
        """Add the lexemes up; the overlapping pairs of one word count as one word together."""
        lexemes = list(dict.fromkeys(phrase.lexemes))
        total = " + ".join(map(self.points, lexemes))
        return f"({total}) / {len(lexemes)}" if is_one_word(phrase) else f"({total})"


def is_one_word(phrase: Phrase) -> bool:
    """Say whether the lexemes are the overlapping pairs of a word."""
    return all(lexeme >= PAIRS for lexeme in phrase.lexemes)


def lexemes_of(groups: Iterable[Group]) -> set[str]:
    """Return every lexeme that is asked for."""
    return {
        lexeme for group in groups for phrase in group.alternatives for lexeme in phrase.lexemes
    }


def _real(number: float) -> str:
    """Write a constant of PostgreSQL's fast type; a bare decimal is five times slower."""
    return f"{number:.6f}::float8"
