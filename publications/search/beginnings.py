"""Words that are still being typed, and the ranges of words that they may become."""

import re
import unicodedata
from typing import NamedTuple

from publications.search.stopwords import STOP_WORDS
from publications.search.tokens import normalize

MAX_TYPED = 100
MAX_WORDS = 6
LONG = 3
# Above every character, in the order of code points that the database sorts words by.
TOP = "\U0010ffff"

# A Hangul syllable is numbered by its initial, its vowel and its final; Unicode's own order.
FIRST, VOWELS, FINALS = ord("가"), 21, 28
INITIAL = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
FINAL = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
# A vowel may still become one up to this: ㅗ becomes ㅘ, ㅙ, ㅚ.
LAST_VOWEL = {8: 11, 13: 16, 18: 19}
# A final made of two, such as the one of 닭.
DOUBLE = {
    "ㄳ": "ㄱㅅ", "ㄵ": "ㄴㅈ", "ㄶ": "ㄴㅎ", "ㄺ": "ㄹㄱ", "ㄻ": "ㄹㅁ", "ㄼ": "ㄹㅂ",
    "ㄽ": "ㄹㅅ", "ㄾ": "ㄹㅌ", "ㄿ": "ㄹㅍ", "ㅀ": "ㄹㅎ", "ㅄ": "ㅂㅅ",
}  # fmt: skip
# A consonant alone behind a syllable; NFKC makes an initial of it.
LOOSE_INITIAL = re.compile(r"(?<=[가-힣])[\u1100-\u1112]$")
# Two letters or digits, or one of a script whose letters are syllables or words.
ENOUGH = re.compile(r"..|[\u3041-\U0010ffff]")


class Range(NamedTuple):
    """The words from `low` up to, and without, `high`."""

    low: str
    high: str


def typed_words(typed: str) -> list[str]:
    """Return the words typed so far, the unfinished one last; none where it is too early to ask.

    An initial consonant that has no vowel yet stays at the end of the last word.
    """
    text = typed[:MAX_TYPED].encode(errors="replace").decode()
    text = unicodedata.normalize("NFKC", text).strip()
    loose = LOOSE_INITIAL.search(text)
    words = normalize(text[: loose.start()] if loose else text).split()
    # A stop word alone may become another: the, theater.
    words = [word for word in words if word not in STOP_WORDS] or words[-1:]
    if not any(map(ENOUGH.match, words)):
        return []
    if loose:
        words[-1] += loose[0]
    return list(dict.fromkeys(words))[-MAX_WORDS:]


def is_brief(word: str) -> bool:
    """Whether so many words begin with `word` that it tells little."""
    return len(word) < LONG and word.isascii()


def beginning(word: str) -> list[Range]:
    """Return the range of the words that begin with `word`."""
    return [Range(word, word + TOP)]


def whole(word: str) -> list[Range]:
    """Return the range that holds `word` alone: no letter sorts before a space."""
    return [Range(word, f"{word} ")]


def unfinished(word: str) -> list[Range]:
    """Return the ranges of what `word` may become: its last Hangul syllable may still grow."""
    head, last = word[:-1], word[-1]
    if "\u1100" <= last <= "\u1112":
        return [_with_initial(head, ord(last) - 0x1100)]
    if not "가" <= last <= "힣":
        return beginning(word)
    start, final = divmod(ord(last) - FIRST, FINALS)
    if final == 0:
        vowel = start % VOWELS
        more = LAST_VOWEL.get(vowel, vowel) - vowel
        return [Range(word, head + chr(ord(last) + (more + 1) * FINALS))]
    letter = FINAL[final]
    more = sum(pair[0] == letter for pair in DOUBLE.values()) + (letter == "ㄱ")
    grown = [Range(word, head + chr(ord(last) + more + 1))]
    if not head:
        return grown
    # The final may be the initial of the next syllable: 반돛 on the way to 반도체.
    double = DOUBLE.get(letter, f" {letter}")
    syllable = chr(FIRST + start * FINALS + FINAL.index(double[0]))
    return [*grown, _with_initial(head + syllable, INITIAL.index(double[1]))]


def _with_initial(head: str, initial: int) -> Range:
    """Return the range of `head` and a syllable with this initial consonant."""
    low = FIRST + initial * VOWELS * FINALS
    return Range(head + chr(low), head + chr(low + VOWELS * FINALS))
