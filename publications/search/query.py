"""What a reader asks for, read from what was typed."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from publications.search.tokens import UNIT, Token, Unit, is_cjk, read

MAX_CHARACTERS = 2000
MAX_GROUPS = 64
MAX_ALTERNATIVES = 32
MAX_EXCLUDED = 16
MAX_FIELD_VALUES = 20
# A longer phrase is looked for by its beginning.
MAX_LEXEMES = 64


@dataclass(frozen=True, slots=True)
class Phrase:
    """Lexemes at fixed distances; a single word is a phrase of one lexeme."""

    lexemes: tuple[str, ...]
    # How far each lexeme stands behind the one before; the first is 0.
    distances: tuple[int, ...]
    # Whether the last lexeme is only the beginning of a word.
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """One thing asked for; any of its alternatives will do."""

    alternatives: tuple[Phrase, ...]
    # As it was typed, without quotes.
    text: str
    # Whether it stands in quotes: then a partial match must have it too.
    is_quoted: bool = False
    # How often the same was asked for.
    times: int = 1


@dataclass(frozen=True, slots=True)
class Query:
    """All of it: a result has every group and nothing of what is excluded."""

    text: str = ""
    groups: tuple[Group, ...] = ()
    excluded: tuple[Phrase, ...] = ()
    # The values typed after author:, outlet:, tag:, kind:, year:, lang: and filetype:.
    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)
    # What was typed and could not be used, in words for the reader; empty when all was.
    problem: str = ""


_NOT_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_FIELD = "author|outlet|tag|topic|region|series|kind|year|lang|filetype"
_QUOTE = '"“”„‟＂'
# The next thing asked for; an unclosed quote runs to the end.
_ITEM = re.compile(
    rf"""
    (?P<either>\|+)
    | (?P<minus>(?<![^\s(])[-−－])?
      (?:
        (?P<field>(?ai:{_FIELD})):
        (?:[{_QUOTE}](?P<quoted_value>[^{_QUOTE}]*)[{_QUOTE}]?|(?P<value>[^\s|{_QUOTE}]+))?
        | [{_QUOTE}](?P<phrase>[^{_QUOTE}]*)[{_QUOTE}]?
        | (?P<word>[^\s|({_QUOTE}][^\s|{_QUOTE}]*)
      )
    """,
    re.VERBOSE,
)
# What Korean writes at the end of a word; the longest that fits comes off.
_PARTICLE = re.compile(
    "[가-힣]{2,}?(은|는|이|가|을|를|의|에|에서|에게|와|과|도|로|으로|만|까지|부터|한테)"
)


def parse(typed: str) -> Query:
    """Understand what was typed. Never fails: what cannot be searched is left out."""
    cleaned = " ".join(_NOT_TEXT.sub(" ", typed).split())
    text = _beginning(cleaned)
    reading = _Reading(is_cut=text != cleaned)
    for item in _ITEM.finditer(text):
        reading.take(item)
    return reading.query(text)


def without_fields(typed: str) -> str:
    """Return what was typed without `author:kim` and the like."""
    return " ".join(_ITEM.sub(lambda item: "" if item["field"] else item[0], typed).split())


class _Reading:
    """What was understood so far."""

    def __init__(self, *, is_cut: bool) -> None:
        self.groups: list[Group] = []
        self.excluded: list[Phrase] = []
        self.fields: dict[str, list[str]] = {}
        self.is_cut = is_cut
        # What was typed and has no meaning.
        self.unused = ""
        # Whether the item before is a group, and whether OR stands between it and the next.
        self.can_join = self.joins = False

    def take(self, item: re.Match[str]) -> None:
        if item["either"] or item[0] == "OR":
            self.joins = self.can_join
            return
        groups = []
        if item["field"]:
            self.take_field(item)
        elif item["minus"]:
            self.excluded += [phrase for group in _groups(item) for phrase in group.alternatives]
        else:
            groups = list(_groups(item))
        if groups and self.joins:
            groups[0] = _either(self.groups.pop(), groups[0])
        self.groups += groups
        self.can_join, self.joins = bool(groups), False

    def take_field(self, item: re.Match[str]) -> None:
        value = (item["quoted_value"] or item["value"] or "").strip(" ,;()")
        if item["minus"]:
            self.unused = item[0]
        elif value:
            self.fields.setdefault(item["field"].lower(), []).append(value)

    def query(self, text: str) -> Query:
        groups = tuple(
            replace(group, alternatives=self.first(group.alternatives, MAX_ALTERNATIVES))
            for group in self.first(_merged(self.groups), MAX_GROUPS)
        )
        excluded = self.first(self.excluded, MAX_EXCLUDED)
        fields = {
            name: self.first(values, MAX_FIELD_VALUES) for name, values in self.fields.items()
        }
        return Query(text, groups, excluded, fields, self.problem(text))

    def first[T](self, things: Iterable[T], limit: int) -> tuple[T, ...]:
        """Return each of `things` once, and the first of them when there are too many."""
        distinct = tuple(dict.fromkeys(things))
        self.is_cut = self.is_cut or len(distinct) > limit
        return distinct[:limit]

    def problem(self, text: str) -> str:
        """Say what could not be used, and why."""
        problems = []
        if text and not (self.groups or self.fields):
            if self.excluded:
                message = _("“%(text)s” says what to leave out: type a word to look for as well.")
            else:
                message = _("There is no word to look for in “%(text)s”.")
            problems.append(message % {"text": Truncator(text).chars(80)})
        if self.unused:
            message = _("“%(text)s” was not used: only words and phrases can be left out.")
            problems.append(message % {"text": Truncator(self.unused).chars(80)})
        if self.is_cut:
            problems.append(_("That is a lot to look for: only the beginning of it was used."))
        return " ".join(problems)


def _beginning(text: str) -> str:
    """Return as much of the text as is read, without half a word at its end."""
    if len(text) <= MAX_CHARACTERS:
        return text
    return text[: MAX_CHARACTERS + 1].rpartition(" ")[0] or text[:MAX_CHARACTERS]


def _groups(item: re.Match[str]) -> Iterator[Group]:
    """Yield what a phrase or a word asks for: Korea/Japan are two things."""
    if item["word"]:
        for match in UNIT.finditer(item["word"]):
            is_prefix = match.string.startswith("*", match.end())
            alternatives = _alternatives(read(match[0]), is_prefix=is_prefix)
            if alternatives:
                yield Group(alternatives, match[0] + "*" * is_prefix)
    elif item["phrase"]:
        text = item["phrase"].strip()
        phrase = _phrase(_tokens(text), is_prefix=text.endswith("*"))
        if phrase:
            yield Group((phrase,), text, is_quoted=True)


def _tokens(text: str) -> tuple[Token, ...]:
    """Return the words of a phrase, one a position; a stop word has no lexeme."""
    return tuple(token for match in UNIT.finditer(text) for token in read(match[0]).split)


def _alternatives(unit: Unit, *, is_prefix: bool) -> tuple[Phrase, ...]:
    """Return the phrases by which the index may hold what was typed as one word."""
    ways = [unit.split, unit.joined]
    if unit.joined and sum(bool(token.lexeme) for token in unit.split) < 2:
        # Of follow-up and on-line, the word that is left would find too much.
        ways = [unit.joined]
    particle = _PARTICLE.fullmatch(unit.words[-1]) if unit.words else None
    if particle:
        # Each syllable is the end of one token.
        ways.append(unit.split[: -len(particle[1])])
    phrases = [_phrase(tokens, is_prefix=is_prefix) for tokens in ways]
    if is_prefix:
        # The index holds stems: policy* is not the beginning of polici.
        phrases += [_phrase(tokens) for tokens in ways if not _is_beginning(tokens)]
    return tuple(dict.fromkeys(phrase for phrase in phrases if phrase))


def _is_beginning(tokens: Sequence[Token]) -> bool:
    return bool(tokens) and tokens[-1].lexeme.startswith(tokens[-1].word)


def _phrase(tokens: Sequence[Token], *, is_prefix: bool = False) -> Phrase | None:
    if is_prefix and tokens:
        *before, last = tokens
        # One letter alone begins too many words.
        is_long = len(last.word) > 1 or any(token.lexeme for token in before)
        is_prefix = is_long and not is_cjk(last.word)
        if is_prefix:
            tokens = [*before, last._replace(lexeme=last.word)]
    placed = [(place, token.lexeme) for place, token in enumerate(tokens) if token.lexeme]
    if not placed:
        return None
    placed = placed[:MAX_LEXEMES]
    lexemes = tuple(lexeme for _place, lexeme in placed)
    distances = (0, *(after - before for (before, _b), (after, _a) in pairwise(placed)))
    # A syllable alone is indexed as the first of two.
    is_syllable = len(lexemes[-1]) == 1 and is_cjk(lexemes[-1])
    return Phrase(lexemes, distances, is_prefix=is_prefix or is_syllable)


def _either(one: Group, other: Group) -> Group:
    return Group(
        one.alternatives + other.alternatives,
        f"{one.text} OR {other.text}",
        is_quoted=one.is_quoted or other.is_quoted,
    )


def _merged(groups: Iterable[Group]) -> Iterable[Group]:
    """Return equal groups as one that says how often it was asked for."""
    distinct: dict[tuple[Phrase, ...], Group] = {}
    for group in groups:
        known = distinct.setdefault(group.alternatives, replace(group, times=0))
        distinct[group.alternatives] = replace(
            known, times=known.times + 1, is_quoted=known.is_quoted or group.is_quoted
        )
    return distinct.values()
