"""Bylines of people who do not exist."""

from random import Random

from publications.sample.wording import read_toml
from publications.sample.works import Credit, SampleAuthor

INSTITUTE = "Halla Institute"
STAFF = "Halla Institute Staff"
ELSEWHERE = (
    "Halden University", "Hanbit University", "Lakeshore College", "Great Lakes Policy Laboratory",
    "Namsan Center for Strategic Research", "Seorak School of Public Policy", "Potomac Seminar",
    "Seto Institute for Regional Studies", "Institute for Coastal Economies", "Ridgeway University",
    "Center for Grid Futures", "Jangbaek Research Foundation", "Northgate College", "Independent",
)  # fmt: skip
POSITIONS = (
    "Fellow", "Nonresident Fellow", "Research Associate", "Visiting Fellow", "Senior Adviser",
    "Professor", "Assistant Professor", "Lecturer", "Doctoral Candidate", "Program Officer",
    "Former Diplomat", "Economist", "Policy Analyst", "Junior Fellow",
)  # fmt: skip
GIVEN = (
    "Adaeze", "Alice", "Amelia", "Andre", "Anika", "Arthur", "Beatriz", "Bridget", "Caleb",
    "Camille", "Carlos", "Charlotte", "Clara", "Colin", "Dahlia", "Dmitri", "Edith", "Emeka",
    "Farah", "Felix", "Frances", "Gideon", "Greta", "Hannah", "Hugo", "Imani", "Ingrid", "Isaac",
    "Jasper", "Joanna", "Julian", "Kavita", "Leila", "Lionel", "Mabel", "Marcus", "Nadia", "Noor",
    "Oscar", "Paloma", "Quentin", "Rafael", "Rosalind", "Samuel", "Tamsin", "Ursula", "Violet",
    "Wendell", "Yasmin", "Zoe",
)  # fmt: skip
FAMILY = (
    "Abbascia", "Adeyemi-Cole", "Almeida", "Anand", "Ashdown", "Bellweather", "Berglund", "Birch",
    "Calloway", "Carrow", "Castellan", "Chaudhry", "Cordell", "Dahlgren", "Delacroix", "Drummond",
    "Eastlake", "Ellery", "Fairbairn", "Farrow", "Fontaine", "Garrick", "Gillespie", "Hargreave",
    "Holloway", "Iyer", "Jessop", "Kaplan", "Kessler", "Lacroix", "Langford", "Lindqvist",
    "Marchetti", "Marlowe", "Mbeki-Shaw", "Nakagawa", "Norwood", "Ocampo", "Okonjo", "Pemberton",
    "Petrov", "Quillen", "Ramanathan", "Redfern", "Rosenthal", "Sandoval", "Sorensen", "Thackeray",
    "Tran", "Underhill", "Valdez", "Vance-Hill", "Whitcombe", "Wren", "Yardley", "Zielinski",
)  # fmt: skip
KOREAN_FAMILY = (
    ("Nam", "남"), ("Bae", "배"), ("Pyo", "표"), ("Do", "도"), ("Ku", "구"), ("Seol", "설"),
    ("Byun", "변"), ("Bong", "봉"), ("Eom", "엄"), ("Yeon", "연"), ("Ok", "옥"), ("Wi", "위"),
    ("Tak", "탁"), ("Pyeon", "편"), ("Cha", "차"), ("Chae", "채"), ("Ki", "기"), ("So", "소"),
    ("Yuk", "육"), ("Ma", "마"), ("Gil", "길"), ("Myung", "명"), ("Seok", "석"), ("Hyun", "현"),
)  # fmt: skip
FIRST = (
    ("Ji", "지"), ("Min", "민"), ("Seo", "서"), ("Yun", "윤"), ("Ha", "하"), ("Do", "도"),
    ("Jun", "준"), ("Su", "수"), ("Hyeon", "현"), ("Eun", "은"), ("Yeong", "영"), ("Tae", "태"),
    ("Jae", "재"), ("Seong", "성"), ("Jin", "진"), ("Ye", "예"),
)  # fmt: skip
SECOND = (
    ("hun", "훈"), ("u", "우"), ("yeon", "연"), ("hui", "희"), ("ho", "호"), ("a", "아"),
    ("gyeong", "경"), ("bin", "빈"), ("won", "원"), ("mi", "미"), ("rin", "린"), ("hyeok", "혁"),
    ("ju", "주"), ("seop", "섭"),
)  # fmt: skip
KOREAN_SHARE, ABROAD_NAME_SHARE, AT_HOME_SHARE, ELSEWHERE_THEN_SHARE = 0.4, 0.12, 0.35, 0.12
# A few write most of what there is.
CONCENTRATION = 2.2
TWELVE = 12
SIZES = (1,) * 68 + (2,) * 20 + (3,) * 7 + (4, 4, 5, 5, 6)


class People:
    """The institute's authors, and who signs what."""

    def __init__(self, count: int, rng: Random) -> None:
        self.rng = rng
        self.known = [_named(entry) for entry in read_toml("people.toml")["person"]]
        authors = {author.name: author for author in self.known}
        wanted = len(authors) + min(1500, 40 + count // 8)
        while len(authors) < wanted:
            author = self._invent()
            authors.setdefault(author.name, author)
        self.persons = [author for author in authors.values() if not author.is_organization]
        self.bodies = [author for author in authors.values() if author.is_organization]
        self.korean = [author for author in self.persons if author.native]

    def find(self, name: str) -> SampleAuthor:
        """Return the known author of this name, in either script."""
        return next(author for author in self.known if name in {author.name, author.native})

    def byline(self, kind: str, language: str) -> tuple[Credit, ...]:
        """Return who signs a work of this kind."""
        if kind in {"press-releases", "events"}:
            return (Credit(self.find(STAFF)),)
        pool = self.korean if language == "ko" else self.persons
        signed = [self._credit(author) for author in self._choose(pool, self._size(kind))]
        if kind == "reports" and len(signed) > 1:
            signed.append(Credit(self.rng.choice(self.bodies)))
        if kind == "podcasts":
            hosts = [self.find("Thomas Aldergate"), self.find("Moon Chae-rin")]
            guests = [Credit(c.author, "guest", c.affiliation) for c in signed
                      if c.author not in hosts]  # fmt: skip
            return (*(Credit(host, "host") for host in hosts), *guests)
        return tuple(signed)

    def twelve(self) -> tuple[Credit, ...]:
        """Return the byline of a report that everybody had a hand in."""
        return tuple(self._credit(author) for author in self._choose(self.persons, TWELVE))

    def _size(self, kind: str) -> int:
        if kind == "testimony":
            return 1
        return self.rng.choice(SIZES) + (kind in {"reports", "academic-papers"})

    def _choose(self, pool: list[SampleAuthor], size: int) -> list[SampleAuthor]:
        chosen: dict[str, SampleAuthor] = {}
        while len(chosen) < size:
            author = pool[int(len(pool) * self.rng.random() ** CONCENTRATION)]
            chosen[author.name] = author
        return list(chosen.values())

    def _credit(self, author: SampleAuthor) -> Credit:
        moved = self.rng.random() < ELSEWHERE_THEN_SHARE
        return Credit(author, affiliation=self.rng.choice(ELSEWHERE[:-1]) if moved else "")

    def _invent(self) -> SampleAuthor:
        rng = self.rng
        kind = rng.random()
        given, family, native = rng.choice(GIVEN), rng.choice(FAMILY), ""
        name = f"{given} {family}"
        if kind < KOREAN_SHARE:
            (family, surname), (one, eins), (two, zwei) = (
                rng.choice(KOREAN_FAMILY), rng.choice(FIRST), rng.choice(SECOND)
            )  # fmt: skip
            given, native = f"{one}-{two}", surname + eins + zwei
            name = f"{family} {given}"
        elif kind < KOREAN_SHARE + ABROAD_NAME_SHARE:
            family = rng.choice(KOREAN_FAMILY)[0]
            name = f"{given} {family}"
        at_home = rng.random() < AT_HOME_SHARE
        affiliation = INSTITUTE if at_home else rng.choice(ELSEWHERE)
        position = rng.choice(POSITIONS)
        return SampleAuthor(name, given, family, native, affiliation, position)


def _named(entry: dict[str, str]) -> SampleAuthor:
    is_organization = bool(entry.get("organization"))
    return SampleAuthor(
        name=entry["name"],
        given=entry.get("given", ""),
        family=entry.get("family", ""),
        native=entry.get("native", ""),
        affiliation="" if is_organization else entry.get("affiliation", INSTITUTE),
        position=entry.get("position", ""),
        biography=entry.get("biography", ""),
        is_organization=is_organization,
    )
