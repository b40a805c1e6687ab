"""Works as written citations: every style against its golden file."""

from dataclasses import replace
from pathlib import Path

import pytest

from publications.citations import CitationRecord, citation_texts
from publications.citations.record import Name
from publications.models import Role
from tests.publications.records import (
    HONG,
    KIM,
    MINISTRY,
    STANGARONE,
    a_record,
    a_report,
    authors,
    in_the_korea_times,
)

GOLDEN = Path(__file__).parent / "golden"


def of_kind(csl: str, kind: str, **facts) -> CitationRecord:
    return a_record(csl=csl, kind=kind, kind_plural=f"{kind}s", **facts)


CASES = {
    "an op-ed in an outlet": in_the_korea_times(),
    "an op-ed in an outlet without its address": in_the_korea_times(outlet_url=""),
    "an op-ed of our own": a_record(),
    "a report": a_report(),
    "a report with its number": a_report(report_number="KEI-24-03"),
    "a report in a series": a_report(series="Academic Paper Series", series_number=12),
    "a report in a series without numbers": a_report(series="Academic Paper Series"),
    "a report that another institute issued": a_report(
        outlet="Center for East Asia", outlet_url="https://cea.example/7", report_number="7"
    ),
    "a blog post": of_kind("post-weblog", "Blog post"),
    "a blog post in a blog": of_kind("post-weblog", "Blog post", series="The Peninsula"),
    "a testimony": of_kind("hearing", "Testimony"),
    "an interview with its guest": of_kind(
        "interview", "Interview", names=(STANGARONE, replace(KIM, role=Role.GUEST))
    ),
    "a podcast with a host": of_kind(
        "broadcast", "Podcast", series="Korea Kontext", names=(replace(KIM, role=Role.HOST),)
    ),
    "a podcast with two hosts": of_kind(
        "broadcast",
        "Podcast",
        names=(replace(KIM, role=Role.HOST), replace(STANGARONE, role=Role.HOST)),
    ),
    "a video": of_kind("motion_picture", "Video"),
    "an event": of_kind("event", "Event"),
    "a press release without names": of_kind("post", "Press Release", names=()),
    "no author in an outlet": in_the_korea_times(names=()),
    "no author of a report": a_report(names=()),
    "no date": a_record(date=None, published=None),
    "no date of a report": a_report(date=None, published=None),
    "a Korean name, romanized": in_the_korea_times(names=(KIM,)),
    "a Korean name in Hangul": in_the_korea_times(names=(HONG,), title="한국의 선택"),
    "Hangul and Latin names": in_the_korea_times(names=(HONG, STANGARONE)),
    "Latin and Hangul names": in_the_korea_times(names=(KIM, HONG)),
    "a name with initials": in_the_korea_times(names=(Name("J. D. de Vries", "de Vries", "J.D."),)),
    "a name of one word": in_the_korea_times(names=(Name("Suharto"),)),
    "an organization": a_report(names=(MINISTRY,)),
    "an organization and a person": a_report(names=(MINISTRY, KIM)),
    "the institute itself": a_report(
        names=(Name("Institute for Korean Affairs", is_organization=True),)
    ),
    "an edited report": a_report(names=(replace(KIM, role=Role.EDITOR),)),
    "a report with two editors": a_report(
        names=(replace(KIM, role=Role.EDITOR), replace(STANGARONE, role=Role.EDITOR))
    ),
    "a translated op-ed": in_the_korea_times(
        names=(HONG, replace(KIM, role=Role.TRANSLATOR))
    ),
    "a title that asks": in_the_korea_times(title="What now?"),
    "a title with quotation marks": in_the_korea_times(title="The “no limits” deal and \"trust\""),
    "2 authors": in_the_korea_times(names=authors(2)),
    "3 authors": in_the_korea_times(names=authors(3)),
    "6 authors": in_the_korea_times(names=authors(6)),
    "7 authors": in_the_korea_times(names=authors(7)),
    "20 authors": in_the_korea_times(names=authors(20)),
    "21 authors": in_the_korea_times(names=authors(21)),
}  # fmt: skip


@pytest.mark.parametrize("style", ["APA", "Chicago", "MLA"])
def test_citations_read_as_in_the_golden_file(style):
    written = {case: dict(citation_texts(record))[style] for case, record in CASES.items()}
    text = "".join(f"{case}\n    {citation}\n" for case, citation in written.items())
    assert text == (GOLDEN / f"{style.lower()}.txt").read_text(encoding="utf-8")
