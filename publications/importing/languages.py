"""Which language a work is in, when the file does not say or cannot be believed."""

import re

from publications.importing.remarks import Noted, Remark
from publications.models import Language

SAMPLE = 4000
FEWEST_WORDS = 6
# The share of these small words is 20 % and more in Spanish, under 5 % in English.
SPANISH = {
    "el", "la", "los", "las", "que", "de", "del", "en", "una", "por", "para", "con", "se",
    "sobre", "y", "al",
}  # fmt: skip
SPANISH_SHARE = 0.18
KOREAN_SHARE = 0.3
WORD = re.compile(r"[^\W\d_]+")
HANGUL = re.compile(r"[가-힣]")


def language_of(declared: str, text: str) -> tuple[Language, list[Noted]]:
    """Choose the language of a work; `text` is its title and plain text.

    Exporters write the language of their site on every row, so that only “en” is doubted.
    """
    code = re.split(r"[-_]", declared.strip().lower())[0]
    if code in Language.values and code != Language.ENGLISH:
        return Language(code), []
    guess = _reads_like(text[:SAMPLE])
    if code == Language.ENGLISH:
        doubted = guess != Language.ENGLISH
        return guess, [Noted(Remark.OTHER_LANGUAGE, str(guess.label))] if doubted else []
    return guess, [Noted(Remark.UNKNOWN_LANGUAGE, declared[:20])] if code else []


def _reads_like(text: str) -> Language:
    words = WORD.findall(text.lower())
    letters = sum(map(len, words)) or 1
    if len(HANGUL.findall(text)) / letters > KOREAN_SHARE:
        return Language.KOREAN
    spanish = sum(word in SPANISH for word in words)
    if len(words) >= FEWEST_WORDS and spanish / len(words) > SPANISH_SHARE:
        return Language.SPANISH
    return Language.ENGLISH
