"""The Korean keyboard (dubeolsik): which keys write a Hangul text, and what they write."""

import re
from unicodedata import normalize

# In the order of Unicode; two letters are two keys.
LEADS = list("rRseEfaqQtTdwWczxvg")
VOWELS = [*"koiOjpuPh", "hk", "ho", "hl", *"yn", "nj", "np", "nl", *"bm", "ml", "l"]
TAILS = [*"rR", "rt", "s", "sw", "sg", *"ef", "fr", "fa", "fq", "ft", "fx", "fv", "fg", *"aq", "qt",
         *"tTdwczxvg"]  # fmt: skip

# Where Unicode has the letters of which it composes syllables, and the syllables.
FIRST_LEAD, FIRST_VOWEL, FIRST_TAIL = 0x1100, 0x1161, 0x11A8
FIRST_SYLLABLE = 0xAC00

KEYS = str.maketrans(
    {
        chr(first + at): key
        for first, keys in ((FIRST_LEAD, LEADS), (FIRST_VOWEL, VOWELS), (FIRST_TAIL, TAILS))
        for at, key in enumerate(keys)
    }
)
VOWEL = "|".join(sorted(VOWELS, key=len, reverse=True))
TAIL = "|".join(sorted(TAILS, key=len, reverse=True))
# A consonant before a vowel begins the next syllable.
SYLLABLE = re.compile(rf"({'|'.join(LEADS)})({VOWEL})(?:({TAIL})(?!{VOWEL}))?")
SYLLABLES = re.compile(rf"(?:{SYLLABLE.pattern}){{2,20}}")
# Capitals that write the same as their small letters.
NOT_SHIFTED = re.compile("[A-DF-NSU-VX-Z]")


def keys_of(text: str) -> str:
    """Return what the keys that write `text` mean on an English keyboard."""
    return normalize("NFKD", text).translate(KEYS).lower()


def hangul_of(keys: str) -> str:
    """Return what `keys` write on a Korean keyboard; empty unless it is whole syllables."""
    pressed = NOT_SHIFTED.sub(lambda key: key[0].lower(), keys)
    return SYLLABLE.sub(_compose, pressed) if SYLLABLES.fullmatch(pressed) else ""


def _compose(syllable: re.Match[str]) -> str:
    lead, vowel, tail = syllable.groups()
    block = LEADS.index(lead) * len(VOWELS) + VOWELS.index(vowel)
    at_tail = TAILS.index(tail) + 1 if tail else 0
    return chr(FIRST_SYLLABLE + block * (len(TAILS) + 1) + at_tail)
