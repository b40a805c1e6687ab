"""What the invented library is about: one file a subject and language."""

from dataclasses import dataclass
from random import Random

from publications.sample.wording import HERE, Bag, Voice, read_toml

LISTS = {
    "thing": "things", "actors": "actors", "phrase": "phrases", "scene": "scenes", "fact": "facts",
    "problem": "problems", "remedy": "remedies", "stake": "stakes",
}  # fmt: skip
FRAMES = {"en": "english.toml", "ko": "korean.toml"}
# How often a subject comes up; the others once.
WEIGHTS = {"north-korea": 3, "alliance": 3, "trade": 3, "economy": 2, "semiconductors": 2}
OTHER_REGIONS = {"인도·태평양"}


@dataclass(frozen=True, slots=True)
class Subject:
    """One subject in one language, with the voice that talks about it."""

    topic: str
    tags: tuple[str, ...]
    regions: tuple[str, ...]
    programs: tuple[str, ...]
    persons: tuple[str, ...]
    since: int
    voice: Voice


class Language:
    """Everything that is said in one language: subjects, and patterns shared by all of them."""

    def __init__(self, code: str, rng: Random) -> None:
        frames = read_toml("frames", FRAMES[code])
        slots = {name: words for name, words in frames.items() if isinstance(words, list)}
        self.code = code
        self.rng = rng
        self.patterns = {
            f"{group}.{name}": Bag([words] if isinstance(words, str) else words, rng)
            for group, pools in frames.items()
            if isinstance(pools, dict)
            for name, words in pools.items()
        }
        self.subjects = [
            subject
            for path in sorted((HERE / "subjects" / code).glob("*.toml"))
            for subject in [_read(code, path.stem, slots, rng)] * WEIGHTS.get(path.stem, 1)
        ]
        self.left: list[Subject] = []

    def subject(self, year: int) -> Subject:
        """Return the next subject that was one in that year."""
        while True:
            if not self.left:
                self.left = self.rng.sample(self.subjects, len(self.subjects))
            subject = self.left.pop()
            if subject.since <= year:
                return subject

    def pattern(self, name: str, voice: Voice) -> str:
        """Return the next pattern of a pool, one that this work has not used if possible."""
        return self.patterns[name].draw(voice.year, voice.used)

    def has_fresh(self, name: str, voice: Voice) -> bool:
        """Tell whether this work has not yet used all the patterns of a pool."""
        return self.patterns[name].has_fresh(voice.year, voice.used)

    def entries(self, name: str) -> list[str]:
        """Return the patterns of a pool in their order."""
        return [text for _, text in self.patterns[name].entries]

    def has(self, name: str) -> bool:
        """Tell whether there is a pool of this name."""
        return name in self.patterns


def _read(code: str, stem: str, slots: dict[str, list[str]], rng: Random) -> Subject:
    data = read_toml("subjects", code, f"{stem}.toml")
    words = slots | {slot: data[name] for slot, name in LISTS.items()}
    return Subject(
        topic=data["topic"],
        tags=tuple(data["tags"]),
        regions=tuple(data["regions"]),
        programs=tuple(data["programs"]),
        persons=tuple(data.get("persons", ())),
        since=data.get("since", 0),
        voice=Voice(words, rng),
    )


def tag_groups() -> dict[str, str]:
    """Return the group of every tag that is not simply a topic."""
    groups = dict.fromkeys(OTHER_REGIONS, "region")
    for path in sorted((HERE / "subjects").glob("*/*.toml")):
        data = read_toml("subjects", path.parent.name, path.name)
        groups |= dict.fromkeys(data["regions"], "region")
        groups |= dict.fromkeys(data["programs"], "program")
        groups |= dict.fromkeys(data.get("persons", ()), "person")
    return groups
