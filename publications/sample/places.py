"""Outlets and series of the invented library.

Newspapers are real by name only: every address is under example.org.
"""

from datetime import date, timedelta
from random import Random

from publications.sample.works import Placement

OUTLETS = {
    "The Korea Times": "koreatimes", "The Korea Herald": "koreaherald",
    "Korea JoongAng Daily": "joongangdaily", "The Diplomat": "thediplomat", "The Hill": "thehill",
    "Foreign Policy": "foreignpolicy", "Nikkei Asia": "nikkeiasia",
    "The Japan Times": "japantimes", "The Straits Times": "straitstimes",
    "Los Angeles Times": "latimes", "Pacific Ledger": "pacificledger",
    "Harbor and Hinterland": "harborandhinterland", "The Quay Review": "quayreview",
}  # fmt: skip
KOREAN_OUTLETS = {"한국일보": "hankookilbo", "한겨레": "hani", "경향신문": "khan"}
ALL_OUTLETS = OUTLETS | KOREAN_OUTLETS
# The Korea Times is where this institute's fellows write most.
FAVORED, FAVORED_SHARE = "The Korea Times", 0.34

SERIES = {
    "Academic Paper Series": "Peer-reviewed papers on Korea and its region, six to ten a year.",
    "Working Papers on Economic Security": "Work in progress on supply chains, trade and power.",
    "Special Studies": "Longer reports by groups of authors.",
    "Peninsula Notes": "The institute’s blog: short, signed and corrected when wrong.",
    "Two Rivers": "A podcast about places and the policies that reach them.",
}
SERIES_OF_KIND = {
    "academic-papers": ("Academic Paper Series", 1.0),
    "policy-briefs": ("Working Papers on Economic Security", 0.6),
    "reports": ("Special Studies", 0.5),
    "blog": ("Peninsula Notes", 0.75),
    "podcasts": ("Two Rivers", 1.0),
}
PLACED_SHARE = {"op-eds": 0.92, "commentary": 0.08, "interviews": 0.3}
EXCERPT_SHARE, LATER_SHARE, LATER = 0.18, 0.08, timedelta(days=120)


def outlet_home(name: str) -> str:
    """Return the invented home page of an outlet."""
    return f"https://{ALL_OUTLETS[name]}.example.org/"


def placement(kind: str, language: str, slug: str, day: date, rng: Random) -> Placement | None:
    """Return where a work ran first, if it ran anywhere."""
    if rng.random() >= PLACED_SHARE.get(kind, 0):
        return None
    names = list(KOREAN_OUTLETS if language == "ko" else OUTLETS)
    name = rng.choice(names)
    if language != "ko" and rng.random() < FAVORED_SHARE:
        name = FAVORED
    first = day - timedelta(days=rng.choice((0, 0, 0, 1, 2)))
    chance = rng.random()
    if chance < EXCERPT_SHARE:
        return Placement(name, outlet_url(name, slug, first), first, "excerpt")
    if chance < EXCERPT_SHARE + LATER_SHARE:
        return Placement(name, outlet_url(name, slug, first), first, "full_from", first + LATER)
    return Placement(name, outlet_url(name, slug, first), first)


def outlet_url(name: str, slug: str, day: date) -> str:
    """Return an invented address at an outlet."""
    return f"{outlet_home(name)}opinion/{day:%Y/%m}/{slug[:60].strip('-')}"


def series_of(kind: str, rng: Random) -> str:
    """Return the series that a work of this kind belongs to, or nothing."""
    title, share = SERIES_OF_KIND.get(kind, ("", 0.0))
    return title if rng.random() < share else ""
