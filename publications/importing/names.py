"""People and corporate bodies in a byline: which is which, and which name is the family’s."""

import re
from dataclasses import dataclass

from publications.models import AuthorType

MAX_PART = 100
ORGANIZATION = re.compile(
    r"\b(?:administration|agency|association|blog|bureau|cent(?:er|re)|commission|committee"
    r"|communications|council|department|editors|embassy|foundation|government|group|institute"
    r"|laboratory|library|ministry|network|office|program|programme|services?|society|staff|team"
    r"|university|watchblog)\b"
    r"|\w\.(?:com|edu|gov|kr|net|org)$|(?:연구원|연구소|재단|대학교|위원회|협회)$",
    re.IGNORECASE,
)
ACRONYM = re.compile(r"[A-Z0-9]{3,}")
HONORIFIC = re.compile(r"^(?:Amb|Ambassador|Dr|Gen|Mr|Mrs|Ms|Prof|Professor|Rep|Sen)\.?\s+")
CREDENTIAL = re.compile(r",?\s+(?:Esq\.?|J\.?D\.?|M\.?A\.?|MBA|M\.?D\.?|MPH|Ph\.?D\.?)$")
INITIAL = re.compile(r"(?:[A-Z]\.){1,3}")
WORD = re.compile(r"[A-ZÀ-ÖØ-Þ][a-zA-ZÀ-ÖØ-öø-ÿ’'-]*[a-zß-öø-ÿ]|[A-Z]{2}")
# Chul-soo, Jong-un: the hyphen and small letter of a Korean given name.
KOREAN_GIVEN = re.compile(r"\w+-[a-zß-öø-ÿ]\w*")
# Names that often stand first in East Asia; “Kim Vitelli” is rather left whole than guessed.
OFTEN_FIRST = {
    "ahn", "an", "bae", "baek", "cha", "chang", "chen", "cheng", "cho", "choe", "choi", "choo",
    "chu", "chun", "chung", "han", "heo", "ho", "hong", "huang", "huh", "hur", "hwang", "im",
    "jang", "jeon", "jeong", "ji", "jin", "jo", "joo", "ju", "jun", "jung", "kang", "kim", "ko",
    "koh", "koo", "ku", "kwak", "kwon", "lee", "li", "lim", "lin", "liu", "ma", "min", "moon",
    "nam", "no", "noh", "oh", "paik", "pak", "park", "rhee", "roh", "ryu", "seo", "shin", "sim",
    "sin", "so", "sohn", "son", "song", "suh", "sung", "tran", "wang", "woo", "wu", "xi", "xu",
    "yang", "yi", "yim", "yoo", "yoon", "you", "yu", "yun", "zhang", "zhao", "zhou",
}  # fmt: skip
SUFFIX = re.compile(r"(?:Jr|Sr)\.?|II|III|IV")


@dataclass(frozen=True, slots=True)
class Name:
    """A name as a byline has it, and its parts when they are sure."""

    display: str
    type: AuthorType = AuthorType.PERSON
    given: str = ""
    family: str = ""


def name_of(display: str, *, outlet: str = "") -> Name:
    """Understand a name in a byline; parts stay empty when they would be a guess."""
    if _is_organization(display, outlet):
        return Name(display, AuthorType.ORGANIZATION)
    given, family = _parts(display)
    if max(len(given), len(family)) > MAX_PART:
        return Name(display)
    return Name(display, AuthorType.PERSON, given, family)


def _is_organization(display: str, outlet: str) -> bool:
    return (
        display.lower() == outlet.lower()
        or ORGANIZATION.search(display) is not None
        or ACRONYM.fullmatch(display) is not None
    )


def _parts(display: str) -> tuple[str, str]:
    name = CREDENTIAL.sub("", HONORIFIC.sub("", display))
    if "," in name:
        return _family_first(name)
    match name.split():
        case [given, family] if _is_western(given, family):
            return given, family
        case [given, middle, family] if _has_initial(given, middle) and WORD.fullmatch(family):
            return f"{given} {middle}", family
    return "", ""


def _family_first(name: str) -> tuple[str, str]:
    """Read “Kim, Chul-soo”; “Gavino, Jr.” and lists of several names stay whole."""
    family, _, given = (part.strip() for part in name.partition(","))
    if not given or "," in given or SUFFIX.fullmatch(given) or " " in family:
        return "", ""
    return given, family


def _is_western(given: str, family: str) -> bool:
    return (
        WORD.fullmatch(given) is not None
        and WORD.fullmatch(family) is not None
        and given.lower() not in OFTEN_FIRST
        and not KOREAN_GIVEN.fullmatch(family)
    )


def _has_initial(given: str, middle: str) -> bool:
    """Match “Kyle S. …” and “R. David …”."""
    return any(
        INITIAL.fullmatch(first) and WORD.fullmatch(second)
        for first, second in ((given, middle), (middle, given))
    )
