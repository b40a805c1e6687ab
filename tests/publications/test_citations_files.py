"""BibTeX and RIS: what is in the files, and that no text can break them."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publications.citations import bibtex, ris
from publications.citations.record import File, Name, one_line
from publications.models import Role
from tests.factories import a_work, an_author, an_outlet
from tests.publications.records import (
    HONG,
    KIM,
    MINISTRY,
    STANGARONE,
    a_record,
    a_report,
    in_the_korea_times,
)

anything = st.text(max_size=60).map(one_line)


def test_an_op_ed_in_bibtex_is_an_article_in_its_outlet():
    assert bibtex(in_the_korea_times(keywords=("North Korea", "Russia"))) == (
        "@article{stangarone2024rethink,\n"
        "  author = {Stangarone, Troy},\n"
        "  title = {{Rethink North Korea-Russia relations}},\n"
        "  journal = {The Korea Times},\n"
        "  year = {2024},\n"
        "  month = jul,\n"
        "  day = {10},\n"
        "  language = {en},\n"
        "  keywords = {North Korea, Russia},\n"
        "  url = {https://www.koreatimes.example/opinion/378},\n"
        "}\n"
    )


def test_a_report_in_bibtex_has_its_institution_and_number():
    entry = bibtex(a_report(report_number="KEI-24-03"))
    assert entry.startswith("@techreport{stangarone2024supply,")
    assert "institution = {Institute for Korean Affairs}" in entry
    assert "type = {Report}" in entry
    assert "number = {KEI-24-03}" in entry


def test_names_in_bibtex_stay_whole_where_they_must():
    jr = Name("Martin King, Jr.", "King, Jr.", "Martin")
    entry = bibtex(a_report(names=(KIM, HONG, MINISTRY, jr)))
    assert (
        "author = {Kim, Chul-soo and {홍길동} and {Ministry of Trade, Industry and Energy}"
        " and {King, Jr.}, Martin}" in entry
    )


def test_a_key_in_bibtex_is_plain_letters_whatever_the_name():
    assert bibtex(a_report(names=(HONG,))).startswith(
        "@techreport{instituteforkoreanaffairs2024supply,"
    )
    assert bibtex(a_report(names=(HONG, KIM))).startswith("@techreport{kim2024supply,")


def test_a_work_without_names_is_the_institutes_in_bibtex_unless_it_ran_elsewhere():
    assert "author = {{Institute for Korean Affairs}}" in bibtex(a_record(names=()))
    assert "author" not in bibtex(in_the_korea_times(names=()))


def test_editors_and_translators_have_their_fields_in_bibtex():
    editor, translator = replace(KIM, role=Role.EDITOR), replace(HONG, role=Role.TRANSLATOR)
    entry = bibtex(a_report(names=(editor, translator)))
    assert "editor = {Kim, Chul-soo}" in entry
    assert "translator = {{홍길동}}" in entry
    assert "author" not in entry


def test_tex_specials_in_bibtex_are_escaped():
    entry = bibtex(in_the_korea_times(title=r"100% of {R&D} cost_$5 #1 ~ ^ \ end"))
    assert (
        r"{{100\% of \textbraceleft{}R\&D\textbraceright{} cost\_\$5 \#1 "
        r"\textasciitilde{} \textasciicircum{} \textbackslash{} end}}" in entry
    )


@given(title=anything, name=anything, outlet=anything)
def test_no_text_breaks_the_braces_of_bibtex(title, name, outlet):
    entry = bibtex(in_the_korea_times(title=title, names=(Name(name, name, name),), outlet=outlet))
    depth = 0
    for each in re.findall(r"[{}]", entry):
        depth += 1 if each == "{" else -1
        assert depth >= 0
    assert depth == 0
    assert re.match(r"@(article|misc)\{[a-z0-9]+,\n", entry)


def test_an_op_ed_in_ris_is_a_newspaper_article():
    assert ris(in_the_korea_times(keywords=("Russia",))).split("\r\n") == [
        "TY  - NEWS",
        "TI  - Rethink North Korea-Russia relations",
        "AU  - Stangarone, Troy",
        "PY  - 2024",
        "DA  - 2024/07/10/",
        "T2  - The Korea Times",
        "AB  - Why the two grew closer.",
        "LA  - en",
        "KW  - Russia",
        "UR  - https://www.koreatimes.example/opinion/378",
        "ER  - ",
        "",
    ]


def test_a_report_in_ris_has_its_number_where_zotero_looks_for_it():
    pdf = File("https://www.example.org/files/1/report.pdf", 1234)
    lines = ris(a_report(report_number="KEI-24-03", series="Papers", pdf=pdf)).split("\r\n")
    assert lines[0] == "TY  - RPRT"
    assert "SN  - KEI-24-03" in lines
    assert "PB  - Institute for Korean Affairs" in lines
    assert "T2  - Papers" in lines
    assert "L1  - https://www.example.org/files/1/report.pdf" in lines


def test_ris_has_names_in_their_roles():
    names = (STANGARONE, HONG, replace(KIM, role=Role.EDITOR), replace(MINISTRY, role="translator"))
    text = ris(a_report(names=names))
    assert "AU  - Stangarone, Troy\r\nAU  - 홍길동\r\nA2  - Kim, Chul-soo\r\nA4  - Ministry" in text


def test_a_kind_of_the_staffs_own_is_generic_in_ris():
    assert ris(a_record(csl="speech")).startswith("TY  - GEN\r\n")


@given(title=anything, name=anything)
def test_no_text_starts_a_line_of_its_own_in_ris(title, name):
    text = ris(in_the_korea_times(title=title, names=(Name(name),), description=title))
    lines = text.removesuffix("\r\n").split("\r\n")
    assert all(re.match(r"[A-Z][A-Z0-9]  - [^\r\n]*$", line) for line in lines)


@pytest.mark.parametrize(
    ("extension", "content_type", "start"),
    [
        ("bib", "application/x-bibtex; charset=utf-8", "@article{kim"),
        ("ris", "application/x-research-info-systems; charset=utf-8", "TY  - NEWS\r\n"),
    ],
)
def test_a_published_work_is_a_file_to_download(reader, extension, content_type, start):
    kim = an_author("Chul-soo Kim", family_name="Kim", given_name="Chul-soo")
    a_work(kind="op-eds", slug="한국-2024", authors=[kim], outlet=an_outlet("The Korea Times"))
    response = reader.get(f"/publications/한국-2024/cite.{extension}")
    assert response.status_code == 200
    assert response["Content-Type"] == content_type
    assert response["Content-Disposition"] == (
        f"attachment; filename*=utf-8''%ED%95%9C%EA%B5%AD-2024.{extension}"
    )
    assert response.content.decode().startswith(start)
    assert not response.cookies


@pytest.mark.parametrize("status", ["draft", "in_review", "approved", "withdrawn"])
@pytest.mark.parametrize("extension", ["bib", "ris"])
def test_a_work_that_is_not_out_has_no_file(reader, status, extension):
    a_work(slug="secret", status=status)
    assert reader.get(f"/publications/secret/cite.{extension}").status_code == 404


def test_a_scheduled_work_has_its_file_when_its_time_comes(reader, time_machine):
    time_machine.move_to("2026-03-01T12:00:00Z", tick=False)
    a_work(slug="soon", published_at="2026-03-01T13:00:00Z")
    assert reader.get("/publications/soon/cite.bib").status_code == 404
    time_machine.move_to("2026-03-01T13:00:00Z", tick=False)
    assert reader.get("/publications/soon/cite.bib").status_code == 200


@pytest.mark.parametrize("extension", ["bib", "ris"])
def test_an_unknown_work_has_no_file(reader, extension):
    assert reader.get(f"/publications/nothing/cite.{extension}").status_code == 404
