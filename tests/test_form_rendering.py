"""Fields drawn in Python look as Django's own templates draw them."""

import re
from typing import Any

import pytest
from django.forms.renderers import DjangoTemplates

from kei_site.common import form_rendering
from publications.models import Attachment, Spotlight
from tests.factories import a_series, a_tag, a_work, an_author, an_outlet
from tests.publications.desk import desk_url

pytestmark = pytest.mark.django_db
MODELS = ["publication", "author", "tag", "outlet", "spotlight", "page", "kind", "user", "image"]


def drawn(page: Any) -> str:
    """The page without what differs each time, and without spaces that no reader sees."""
    changing = r'(nonce|value)="([\w-]{20,}|\d\d:\d\d:\d\d)"'
    text = re.sub(changing, "", page.content.decode())
    text = re.sub(r">\s+", ">", re.sub(r"\s+<", "<", text))
    return re.sub(r"\s+", " ", re.sub(r"\s+>", ">", text))


@pytest.fixture
def work() -> Any:
    work = a_work(
        "\"<b>Ships</b>\" & 'sea'",
        authors=[an_author("Kim <i>"), an_author()],
        tags=[a_tag("A & B")],
        outlet=an_outlet("O'Neil"),
        outlet_url="https://x.example/?a=1&b=2",
        outlet_date="2024-01-02",
        series=a_series(),
        series_number=1234567,
        standfirst="One\n\n& <two>",
    )
    Attachment.objects.create(publication=work, file="a & b.pdf", size=1)
    Spotlight.objects.create(publication=work)
    return work


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("page", ["add", "wrong"])
def test_forms_look_the_same(staff: Any, monkeypatch: Any, model: str, page: str) -> None:
    compare(staff, monkeypatch, desk_url(model, "add"), {} if page == "wrong" else None)


@pytest.mark.parametrize("wrong", [None, {"title": "", "contributions-TOTAL_FORMS": "x"}])
def test_a_full_form_looks_the_same(
    staff: Any, monkeypatch: Any, work: Any, wrong: dict[str, str] | None
) -> None:
    compare(staff, monkeypatch, desk_url("publication", "change", work.pk), wrong)


def compare(staff: Any, monkeypatch: Any, url: str, sent: dict[str, str] | None) -> None:
    pages = []
    for quick in (True, False):
        if not quick:
            monkeypatch.setattr(form_rendering, "DRAWN", {})
        pages.append(drawn(staff.get(url) if sent is None else staff.post(url, sent)))
    assert pages[0] == pages[1]


def test_what_is_not_known_is_left_to_the_templates() -> None:
    context = {
        "widget": {
            "name": "a", "attrs": {}, "value": None, "type": "text", "template_name": "x",
            "optgroups": [(None, [{"template_name": "django/forms/widgets/radio_option.html",
                                   "name": "a", "value": "1", "attrs": {}, "label": "One",
                                   "wrap_label": True, "type": "radio"}], 0)],
        }
    }  # fmt: skip
    name = "django/forms/widgets/select.html"
    quick = form_rendering.QuickTemplates().render(name, context)
    assert quick == DjangoTemplates().render(name, context)
