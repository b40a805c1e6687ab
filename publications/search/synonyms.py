"""Words and names that mean the same: a search for one finds the others as well."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice, product

from django.db import connection

from publications.search.query import Group, Phrase, Query, parse

# So many alternatives are added to what was typed, and so many ways to read that are kept.
MOST_ADDED = 12
MOST_WAYS = 4

READ = """
SELECT terms FROM publications_synonym WHERE id IN (
    SELECT synonym_id FROM publications_synonymkey WHERE first = ANY(%s)
)
"""

type Lexemes = tuple[str, ...]


def split_terms(terms: str) -> list[str]:
    """Return the words and names of a `Synonym`: one a line, or with commas between them."""
    stripped = (" ".join(term.split()) for term in re.split(r"[\n,]", terms))
    return list(dict.fromkeys(filter(None, stripped)))


@lru_cache(maxsize=4096)
def spellings(term: str) -> tuple[Phrase, ...]:
    """Return the phrases that find a word or name, with its hyphens and without."""
    plain = re.sub(r'["“”„‟＂*]', " ", term)
    groups = (
        group
        for spelled in (plain, plain.replace("-", ""))
        for group in parse(f'"{spelled}"').groups
    )
    return tuple(dict.fromkeys(phrase for group in groups for phrase in group.alternatives))


def keys(terms: Iterable[str]) -> set[str]:
    """Return what `SynonymKey` holds of these terms: lexemes, a space between two."""
    return {" ".join(phrase.lexemes) for term in terms for phrase in spellings(term)}


def expand(query: Query) -> Query:
    """Let each word or name of the query be found by its synonyms, too.

    Words side by side that are a name together become one group, which still finds them
    apart. What is excluded stays as it is.
    """
    meanings = _meanings(query)
    return replace(query, groups=tuple(_expanded(query.groups, meanings))) if meanings else query


def _meanings(query: Query) -> Mapping[Lexemes, list[Phrase]]:
    """Return what the synonyms of the query mean by each of their names."""
    first = {phrase.lexemes[0] for group in query.groups for phrase in group.alternatives}
    if not first:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(READ, [list(first)])
        rows = [split_terms(terms) for (terms,) in cursor.fetchall()]
    meanings: dict[Lexemes, list[Phrase]] = defaultdict(list)
    for terms in rows:
        phrases = [phrase for term in terms for phrase in spellings(term)]
        for phrase in phrases:
            meanings[phrase.lexemes] += phrases
    return meanings


def _expanded(groups: Sequence[Group], meanings: Mapping[Lexemes, list[Phrase]]) -> Iterator[Group]:
    # All beginnings of names: a run of groups is followed as long as it is one.
    starts = {name[:length] for name in meanings for length in range(1, len(name) + 1)}
    at = 0
    while at < len(groups):
        length, names = _longest_name(groups[at:], meanings, starts)
        run = groups[at : at + length]
        meant = (phrase for name in names for phrase in meanings[name] if phrase.lexemes != name)
        yield _with(run, meant) if names else run[0]
        at += length


def _longest_name(
    groups: Sequence[Group], meanings: Mapping[Lexemes, list[Phrase]], starts: set[Lexemes]
) -> tuple[int, list[Lexemes]]:
    """Return how many groups at the beginning are one name together, and which it may be."""
    longest: tuple[int, list[Lexemes]] = (1, [])
    ways: set[Lexemes] = {()}
    for length, group in enumerate(groups, start=1):
        if group.is_quoted and length > 1:
            break
        readings = [phrase.lexemes for phrase in group.alternatives if not phrase.is_prefix]
        ways = {way + reading for way in ways for reading in readings} & starts
        if names := sorted(ways & meanings.keys()):
            longest = length, names
        if group.is_quoted or not ways:
            break
    return longest


def _with(run: Sequence[Group], meant: Iterable[Phrase]) -> Group:
    """Return a group that finds what `run` does, and also what is meant by it."""
    typed = run[0].alternatives if len(run) == 1 else tuple(_anywhere(run))
    added = (phrase for phrase in dict.fromkeys(meant) if phrase not in typed)
    return replace(
        run[0],
        alternatives=(*typed, *islice(added, MOST_ADDED)),
        text=" ".join(group.text for group in run),
    )


def _anywhere(run: Sequence[Group]) -> Iterator[Phrase]:
    """Yield the ways to read `run`; distances of 0 say that the words may stand apart."""
    for way in islice(product(*(group.alternatives for group in run)), MOST_WAYS):
        lexemes = tuple(dict.fromkeys(lexeme for phrase in way for lexeme in phrase.lexemes))
        yield Phrase(lexemes, (0,) * len(lexemes))
