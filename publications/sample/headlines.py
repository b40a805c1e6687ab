"""Titles and standfirsts: what a list of works shows."""

from publications.sample.subjects import Language
from publications.sample.wording import Voice

OPINION = {"op-eds", "commentary", "blog"}
STUDY = {"reports", "academic-papers", "policy-briefs"}
SPOKEN = {"podcasts", "videos", "interviews"}
NOTICE = {"events", "press-releases"}
OPINION_CHANCE = 0.45
TRIES = 12


class Headlines:
    """Titles that no work had before, as long as the patterns last."""

    def __init__(self) -> None:
        self.seen: set[int] = set()

    def title(self, kind: str, language: Language, voice: Voice) -> str:
        """Return a title that suits the kind."""
        title = ""
        for _ in range(TRIES):
            pool = f"titles.{_pool(kind, language, voice)}"
            title = voice.say(language.pattern(pool, voice), strictly=True)
            if hash(title) not in self.seen:
                break
            voice.begin(voice.year)
        self.seen.add(hash(title))
        return title

    def long_title(self, language: Language, voice: Voice) -> str:
        """Return a title as some scholars like them."""
        return voice.say(language.pattern("titles.long", voice), strictly=True)

    def recurring_title(self, language: Language, voice: Voice) -> str:
        """Return a title that comes back again and again."""
        return language.pattern("titles.recurring", voice)


def standfirst(kind: str, language: Language, voice: Voice) -> str:
    """Return a sentence or two to stand under the title."""
    pool = "general"
    for name, kinds in (("study", STUDY), ("spoken", SPOKEN), ("notice", NOTICE)):
        if kind in kinds:
            pool = name
    return voice.say(language.pattern(f"standfirsts.{pool}", voice), strictly=True)


def _pool(kind: str, language: Language, voice: Voice) -> str:
    if kind in STUDY:
        return "study"
    if kind in OPINION and voice.rng.random() < OPINION_CHANCE:
        return "opinion"
    return kind if language.has(f"titles.{kind}") else "general"
