"""Names and terms of this field that mean the same, for searching: a start, which staff extend."""

from typing import Any

from django.db import migrations

from publications.search.synonyms import keys

SYNONYMS = [
    # States and organizations.
    ("DPRK", "North Korea", "Democratic People’s Republic of Korea", "북한",
     "조선민주주의인민공화국"),
    ("ROK", "South Korea", "Republic of Korea", "대한민국", "한국"),
    ("US", "USA", "United States", "미국"),
    ("PRC", "China", "People’s Republic of China", "중국"),
    # Not UN, which is also the last syllable of a name.
    ("United Nations", "유엔"),
    ("EU", "European Union", "유럽연합"),
    ("ASEAN", "Association of Southeast Asian Nations", "아세안"),
    ("NATO", "North Atlantic Treaty Organization", "나토"),
    ("WTO", "World Trade Organization", "세계무역기구"),
    ("IMF", "International Monetary Fund", "국제통화기금"),
    ("IAEA", "International Atomic Energy Agency", "국제원자력기구"),
    ("BOK", "Bank of Korea", "한국은행"),
    ("KDI", "Korea Development Institute", "한국개발연구원"),
    ("KCNA", "Korean Central News Agency", "조선중앙통신"),
    ("WPK", "Workers’ Party of Korea", "조선노동당"),
    ("KPA", "Korean People’s Army", "조선인민군"),
    ("USFK", "United States Forces Korea", "US Forces Korea", "주한미군"),
    # Security.
    ("THAAD", "Terminal High Altitude Area Defense", "사드"),
    ("ICBM", "intercontinental ballistic missile", "대륙간탄도미사일"),
    ("SLBM", "submarine-launched ballistic missile", "잠수함발사탄도미사일"),
    ("NPT", "Non-Proliferation Treaty", "핵확산금지조약"),
    ("DMZ", "Demilitarized Zone", "비무장지대"),
    ("NLL", "Northern Limit Line", "북방한계선"),
    ("JSA", "Joint Security Area", "공동경비구역"),
    ("OPCON", "operational control", "전작권", "전시작전통제권"),
    ("denuclearization", "비핵화"),
    # Trade and technology.
    ("KORUS", "KORUS FTA", "Korea-US Free Trade Agreement", "한미 FTA", "한미자유무역협정"),
    ("FTA", "free trade agreement", "자유무역협정"),
    ("RCEP", "Regional Comprehensive Economic Partnership", "역내포괄적경제동반자협정"),
    ("AI", "artificial intelligence", "인공지능"),
    ("semiconductor", "반도체"),
    ("shipbuilding", "조선업"),
    ("supply chain", "공급망"),
    ("chaebol", "jaebeol", "재벌"),
    # Society.
    ("hallyu", "Korean Wave", "한류"),
    ("unification", "reunification", "통일"),
    ("Sunshine Policy", "햇볕정책"),
    ("Blue House", "Cheong Wa Dae", "청와대"),
    # People, as different romanizations write them.
    ("Syngman Rhee", "Rhee Syng-man", "Yi Sung-man", "이승만"),
    ("Park Chung-hee", "Pak Chong-hui", "박정희"),
    ("Chun Doo-hwan", "Chon Tu-hwan", "전두환"),
    ("Roh Tae-woo", "No Tae-u", "노태우"),
    ("Kim Young-sam", "Kim Yong-sam", "김영삼"),
    ("Kim Dae-jung", "Kim Tae-jung", "김대중"),
    ("Roh Moo-hyun", "No Mu-hyon", "노무현"),
    ("Lee Myung-bak", "Yi Myong-bak", "이명박"),
    ("Park Geun-hye", "Pak Kun-hye", "박근혜"),
    ("Moon Jae-in", "Mun Jae-in", "문재인"),
    ("Yoon Suk-yeol", "Yoon Seok-yeol", "Yun Suk-yeol", "윤석열"),
    ("Lee Jae-myung", "Yi Jae-myong", "이재명"),
    ("Kim Il-sung", "Kim Il-song", "김일성"),
    ("Kim Jong-il", "Kim Chong-il", "김정일"),
    ("Kim Jong-un", "Kim Chong-un", "김정은"),
    ("Kim Yo-jong", "Kim Yo-chong", "김여정"),
    # Places.
    ("Seoul", "서울"),
    ("Pyongyang", "평양"),
    ("Busan", "Pusan", "부산"),
    ("Incheon", "Inchon", "인천"),
    ("Kaesong", "Gaesong", "개성"),
    ("Panmunjom", "Panmunjeom", "판문점"),
    ("Yongbyon", "Yeongbyeon", "영변"),
    ("Yalu River", "Amnok River", "압록강"),
    ("East Sea", "Sea of Japan", "동해"),
]  # fmt: skip


def seed(apps: Any, schema_editor: Any) -> None:
    """Add the synonyms that are not there yet; staff's own rows stay as they are."""
    synonyms, rows = (
        apps.get_model("publications", name).objects for name in ("Synonym", "SynonymKey")
    )
    for terms in SYNONYMS:
        synonym, is_new = synonyms.get_or_create(terms="\n".join(terms))
        if is_new:
            rows.bulk_create(
                rows.model(synonym=synonym, key=key, first=key.split(" ")[0]) for key in keys(terms)
            )


class Migration(migrations.Migration):
    dependencies = [("publications", "0004_search_index")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
