"""Words of this field, as people write them: each way finds the work, and not its neighbor."""

import unicodedata

import html5lib
import pytest

from tests.factories import a_work

WORKS = [
    "Kim Jong-un in Beijing",
    "What Kim Jong Un wants",
    "김정은의 신년사",
    "Jong Kook Kim on stage",
    "U.S. tariffs return",
    "US export rules",
    "Usage of farmland",
    "COVID-19 and the border",
    "Article 19 and the press",
    "AT&T in Seoul",
    "At the table with T. Park",
    "R&D tax credits",
    "Rotterdam and Delft",
    "북한은 어디로",
    "북한의 관광특구",
    "한은 총재의 선택",
    "한국의 반도체 산업",
    "국한문 혼용",
    "반도의 봄",
    "번역을 부탁해",
    "번호 이동",
    "Lee Jae-myung takes office",
    "이재명 정부의 첫해",
    "Lee Myung-bak looks back",
    "DPRK trade in 2024",
    "North Korea opens Wonsan",
    "South Korea builds ships",
    "Pyongyang after dark",
    "P’yŏngyang in maps",
    "Pyeongchang ten years on",
    "Dry docks and deterrence",
    "Docks that ran dry",
    "O’Brien on alliances",
    "Brien the baker",
    "The KORUS-FTA at ten",
    "A chorus of farmers",
    "F-35 jets for Seoul",
    "F-16 jets for sale",
    "Semiconductor controls",
    "The conductor of Incheon",
    "Moon Jae-in’s memoir",
    "Full moon over Jeju",
    "Yoon Suk Yeol’s speech",
    "Yoon Bo-ra’s songs",
    "G20 leaders meet",
    "G7 leaders meet",
    "A trans-Pacific bargain",
    "A pacific neighbor",
    "THAAD in Seongju",
    "Thad’s garden",
    "Résumé of a decade",
    "The talks may resume",
    "Tariffs on steel",
    "Tariq goes to Busan",
]
LEE = {"Lee Jae-myung takes office", "이재명 정부의 첫해"}
KIM = {"Kim Jong-un in Beijing", "What Kim Jong Un wants", "김정은의 신년사"}
NORTH = {"DPRK trade in 2024", "North Korea opens Wonsan", "북한은 어디로"}
AMERICAN = {"U.S. tariffs return", "US export rules"}
PROBES = [
    # What is typed, what it finds, and what must not be found or stands below all of these.
    ("Kim Jong-un", KIM, "Jong Kook Kim on stage"),
    ("Kim Jong Un", KIM, "Jong Kook Kim on stage"),
    ("Kim Jong‑un", KIM, "Jong Kook Kim on stage"),
    ("kim jongun", KIM, "Jong Kook Kim on stage"),
    ("김정은", KIM, "한은 총재의 선택"),
    ("U.S.", AMERICAN, "Usage of farmland"),
    ("US", AMERICAN, "Usage of farmland"),
    ("u.s. tariffs", {"U.S. tariffs return"}, "Tariffs on steel"),
    ("COVID-19", {"COVID-19 and the border"}, "Article 19 and the press"),
    ("covid 19", {"COVID-19 and the border"}, "Article 19 and the press"),
    ("covid19", {"COVID-19 and the border"}, "Article 19 and the press"),
    ("ＣＯＶＩＤ－１９", {"COVID-19 and the border"}, "Article 19 and the press"),
    ("AT&T", {"AT&T in Seoul"}, "At the table with T. Park"),
    ("R&D", {"R&D tax credits"}, "Rotterdam and Delft"),
    ("북한", NORTH, "한은 총재의 선택"),
    ("북한은", {"북한은 어디로", "북한의 관광특구"}, "한은 총재의 선택"),
    ("한국", {"한국의 반도체 산업"}, "국한문 혼용"),
    ("한국의", {"한국의 반도체 산업"}, "국한문 혼용"),
    ("한국은", {"한국의 반도체 산업"}, "국한문 혼용"),
    ("반도체", {"한국의 반도체 산업"}, "반도의 봄"),
    ("반도체는", {"한국의 반도체 산업"}, "반도의 봄"),
    ("도체", {"한국의 반도체 산업"}, "반도의 봄"),
    ("반도채", {"한국의 반도체 산업"}, "반도의 봄"),
    (unicodedata.normalize("NFD", "반도체"), {"한국의 반도체 산업"}, "반도의 봄"),
    ("번역", {"번역을 부탁해"}, "번호 이동"),
    ("Lee Jae-myung", LEE, "Lee Myung-bak looks back"),
    ("이재명", LEE, "Lee Myung-bak looks back"),
    ("DPRK", NORTH, "South Korea builds ships"),
    ("North Korea", NORTH, "South Korea builds ships"),
    ("Pyongyang", {"Pyongyang after dark", "P’yŏngyang in maps"}, "Pyeongchang ten years on"),
    ("P'yŏngyang", {"Pyongyang after dark", "P’yŏngyang in maps"}, "Pyeongchang ten years on"),
    ("“dry docks”", {"Dry docks and deterrence"}, "Docks that ran dry"),
    ('"dry docks"', {"Dry docks and deterrence"}, "Docks that ran dry"),
    ("O'Brien", {"O’Brien on alliances"}, "Brien the baker"),
    ("obrien", {"O’Brien on alliances"}, "Brien the baker"),
    ("KORUS FTA", {"The KORUS-FTA at ten"}, "A chorus of farmers"),
    ("KORUS-FTA", {"The KORUS-FTA at ten"}, "A chorus of farmers"),
    ("korusfta", {"The KORUS-FTA at ten"}, "A chorus of farmers"),
    ("F-35", {"F-35 jets for Seoul"}, "F-16 jets for sale"),
    ("f35", {"F-35 jets for Seoul"}, "F-16 jets for sale"),
    ("semiconductor", {"Semiconductor controls"}, "The conductor of Incheon"),
    ("semi conductor", {"Semiconductor controls"}, "The conductor of Incheon"),
    ("semicondutor", {"Semiconductor controls"}, "The conductor of Incheon"),
    ("Moon Jae-in", {"Moon Jae-in’s memoir"}, "Full moon over Jeju"),
    ("Yoon Suk-yeol", {"Yoon Suk Yeol’s speech"}, "Yoon Bo-ra’s songs"),
    ("G-20", {"G20 leaders meet"}, "G7 leaders meet"),
    ("transpacific", {"A trans-Pacific bargain"}, "A pacific neighbor"),
    ("trans pacific", {"A trans-Pacific bargain"}, "A pacific neighbor"),
    ("thaad", {"THAAD in Seongju"}, "Thad’s garden"),
    ("resumé", {"Résumé of a decade"}, "Tariffs on steel"),
    ("tariff", {"Tariffs on steel", "U.S. tariffs return"}, "Tariq goes to Busan"),
]


def found(reader, typed):
    """The headlines on the page of results, in order; best bets and consolations left out."""
    page = html5lib.parse(
        reader.get("/search/", {"q": typed}).content,
        treebuilder="lxml",
        namespaceHTMLElements=False,
    )
    return [
        "".join(link.itertext())
        for link in page.xpath("//*[@class='search__results']/article//*[@class='card__title']/a")
    ]


@pytest.mark.django_db
def test_each_way_of_writing_finds_the_work_and_not_its_neighbor(reader, subtests):
    for title in WORKS:
        a_work(title)
    for typed, wanted, neighbor in PROBES:
        with subtests.test(typed):
            titles = found(reader, typed)
            above = titles[: titles.index(neighbor)] if neighbor in titles else titles
            assert wanted <= set(above)


def test_the_words_are_marked_where_they_were_found(reader):
    a_work("Elsewhere", body="<p>Seoul builds semiconductors &amp; ships.</p>")
    page = reader.get("/search/", {"q": "semiconductor"}).content.decode()
    assert "<mark>semiconductors</mark> &amp; ships" in page
