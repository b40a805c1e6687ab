"""From text to what the index holds: the same for publications and for queries."""

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

import Stemmer

from publications.search.stopwords import NAMES_IN_CAPITALS, STOP_WORDS

MAX_LENGTH = 60
MAX_JOINED = 40
# Longer ones are not kept in memory, so that no text can fill it.
MAX_KEPT = 24


class Token(NamedTuple):
    """One entry for the index."""

    # What the index holds: stemmed, without accents, lower case.
    lexeme: str
    # The word itself, normalized but not stemmed; for Hangul and Han the whole run it is part of.
    word: str
    # Counted in words from 1; stop words count and are left out.
    position: int
    # Where it stands in the text given.
    start: int
    end: int


class Unit(NamedTuple):
    """One word, or several joined by hyphens; positions and offsets count from 0."""

    # A stop word is here too, with an empty lexeme.
    split: tuple[Token, ...]
    # The same as it is written without hyphens; empty for a single word.
    joined: tuple[Token, ...]
    # What the index gets of both, by position.
    tokens: tuple[Token, ...]
    words: tuple[str, ...]
    # How many positions it takes.
    width: int


# Accents typed apart from their letter, and what may stand in a word unseen: the soft hyphen,
# joiners, variation selectors, the byte order mark.
_MARK = (
    "\u00ad\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u200c\u200d\u2060\u20d0-\u20ff\u3099\u309a"
    "\ufe00-\ufe0f\ufe20-\ufe2f\ufeff"
)
_HYPHEN = "-\u2010-\u2013\u2212\ufe63\uff0d"
_MIDDLE_DOT = "·‧・･ㆍ"
_APOSTROPHE = "'\u2018\u2019\u201b\u02bb\u02bc\u2032\uff07"
# Hangul with its jamo, kana, Han: written without spaces, or with endings in the same word.
_CJK = (
    "\u1100-\u11ff\u3005-\u3007\u3041-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc\U00020000-\U0003ffff"
)
_CHAR = r"[^\W_ㆍ]"
_LETTER = rf"[^\W\d_{_CJK}]"
_NO_MORE = rf"(?![^\W_{_CJK}])"
# Only a few marks in a row: putting many in canonical order takes quadratic time.
_PLAIN = rf"{_CHAR}++(?:[{_MARK}]{{1,8}}+{_CHAR}++)*+[{_MARK}]{{0,8}}+"
_NUMBER = r"\d{1,3}(?:[,，]\d{3}(?!\d))++(?:[.．]\d++)?+|(?<!\d[.．])\d++[.．]\d++(?![.．]\d)"
_DOTTED = rf"{_LETTER}(?:[.．]{_LETTER}{_NO_MORE})++[.．]?+"
_AMPERSAND = rf"{_LETTER}{{1,3}}(?:[&＆]{_LETTER}{{1,3}}{_NO_MORE})++"
_WORD = rf"(?:{_NUMBER}|{_DOTTED}|{_AMPERSAND}|{_PLAIN})(?:[{_APOSTROPHE}]{_PLAIN})*+"
# Most words are this simple, and are found sooner by saying so.
_SIMPLE = r"[A-Za-z]++(?=[ ,\n]|\.\s)"
UNIT = re.compile(rf"{_SIMPLE}|{_WORD}(?:[{_HYPHEN}{_MIDDLE_DOT}]{_WORD})*+")

_BETWEEN = re.compile(rf"[{_HYPHEN}{_MIDDLE_DOT}]")
_NUMBER_ALONE = re.compile(_NUMBER)
_RUN = re.compile(rf"[{_CJK}][{_CJK}{_MARK}]*|[^{_CJK}]+")
_IS_CJK = re.compile(rf"[{_CJK}]")
_POSSESSIVE = re.compile(rf"[{_APOSTROPHE}]s$", re.IGNORECASE)
# Accents, and the letters that are written as apostrophes.
_ACCENT = re.compile("[\u02b9-\u036f]+")
_POSITION = attrgetter("position")
_NOT_INDEXED = re.compile(r"[\W_]+")
# Letters that Unicode does not take apart.
_PLAIN_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "þ": "th"}
)

_stemmers = threading.local()


def tokenize(text: str) -> Iterator[Token]:
    """Yield the tokens of plain `text`, in order of position."""
    position = 1
    for match in UNIT.finditer(text):
        unit = read(match[0])
        offset = match.start()
        for lexeme, word, behind, start, end in unit.tokens:
            yield Token(lexeme, word, position + behind, offset + start, offset + end)
        position += unit.width


def terms(text: str) -> Iterator[tuple[str, str, int]]:
    """Yield lexeme, word and position of each token, twice as fast as `tokenize`."""
    position = 1
    for raw in UNIT.findall(text):
        unit = read(raw)
        for lexeme, word, behind, _start, _end in unit.tokens:
            yield lexeme, word, position + behind
        position += unit.width


def normalize(text: str) -> str:
    """Return `text` as its words with a space between: equal for two spellings of one.

    Stop words stay, nothing is stemmed, and a hyphen is a space.
    """
    return " ".join(word for match in UNIT.finditer(text) for word in read(match[0]).words)


def read(raw: str) -> Unit:
    """Understand one match of `UNIT`."""
    return _read_and_keep(raw) if len(raw) <= MAX_KEPT else _read(raw)


def stem(word: str) -> str:
    """Return the lexeme of a word in lower case: English words without their endings."""
    if len(word) < 3 or not (word.isascii() and word.isalpha()):
        return word
    if not hasattr(_stemmers, "english"):
        # Without a cache of its own: that takes three times as long as to stem.
        _stemmers.english = Stemmer.Stemmer("english", 0)
    return str(_stemmers.english.stemWord(word))


def is_cjk(word: str) -> bool:
    """Whether a word is indexed as overlapping pairs of letters."""
    return _IS_CJK.match(word) is not None


def _read(raw: str) -> Unit:
    if raw.isascii() and raw.isalpha():
        return _read_plain(raw)
    split: list[Token] = []
    words: list[str] = []
    offset = 0
    for piece in _BETWEEN.split(raw):
        # The script changes inside of a word: AI시대, 2024년.
        for part in _RUN.finditer(_POSSESSIVE.sub("", piece)):
            word = _fold(part[0])
            if word:
                words.append(word[:MAX_LENGTH])
                place = (len(split), offset + part.start(), offset + part.end())
                split += _tokens(word, *place, is_name=part[0] in NAMES_IN_CAPITALS)
        offset += len(piece) + 1
    joined = _joined(words, len(raw)) if _BETWEEN.search(raw) else []
    indexed = sorted((token for token in split + joined if token.lexeme), key=_POSITION)
    return Unit(tuple(split), tuple(joined), tuple(indexed), tuple(words), len(split))


_read_and_keep = lru_cache(maxsize=16_384)(_read)


def _read_plain(raw: str) -> Unit:
    """Understand a word of English letters alone, as most are, in a fifth of the time."""
    word = raw.lower()[:MAX_LENGTH]
    lexeme = "" if word in STOP_WORDS and raw not in NAMES_IN_CAPITALS else stem(word)
    split = (Token(lexeme, word, 0, 0, len(raw)),)
    return Unit(split, (), split if lexeme else (), (word,), 1)


def _joined(words: list[str], end: int) -> list[Token]:
    """Return the tokens of hyphenated words as if they were written without hyphens."""
    whole = "".join(words)
    if len(words) == 1 or len(whole) > MAX_JOINED or not any(map(str.isalpha, whole)):
        return []
    if any(map(is_cjk, words)):
        # 한·미 is 한미, too; longer words would take more positions than they have apart.
        is_one = len(words) == len(whole) and all(map(is_cjk, words))
        return _tokens(whole, 0, 0, end) if is_one else []
    return [token for token in _tokens(whole, 0, 0, end) if token.lexeme]


def _tokens(
    word: str, position: int, start: int, end: int, *, is_name: bool = False
) -> list[Token]:
    if not is_cjk(word):
        lexeme = "" if word in STOP_WORDS and not is_name else stem(word[:MAX_LENGTH])
        return [Token(lexeme, word[:MAX_LENGTH], position, start, end)]
    if len(word) == 1:
        return [Token(word, word, position, start, end)]
    run = word[:MAX_LENGTH]
    if end - start != len(word):
        # Composed from more characters than it has letters: each pair stands for the whole.
        return [Token(word[i : i + 2], run, position + i, start, end) for i in range(len(word) - 1)]
    return [
        Token(word[i : i + 2], run, position + i, start + i, start + i + 2)
        for i in range(len(word) - 1)
    ]


def _fold(raw: str) -> str:
    """Return a word in the one way in which it is indexed and looked for."""
    if _NUMBER_ALONE.fullmatch(raw):
        return unicodedata.normalize("NFKC", raw).replace(",", "")
    word = raw.lower()
    if not word.isascii():
        word = unicodedata.normalize("NFKC", raw).casefold()
        word = _ACCENT.sub("", unicodedata.normalize("NFD", word)).translate(_PLAIN_LETTERS)
        word = unicodedata.normalize("NFC", word)
    return _NOT_INDEXED.sub("", word)
