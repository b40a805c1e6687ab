"""What repeats so often on the search page that templates would take most of its time."""

from collections.abc import Iterable
from html import escape
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from publications.models import Image
from publications.search.page_hits import PageHit
from publications.templatetags.publications_media import picture
from publications.templatetags.publications_text import counted, facts, lang_of, lang_span
from publications.views.narrowing import Choice
from publications.views.years import Bar

register = template.Library()


@register.simple_tag
def facet_values(choices: Iterable[Choice]) -> SafeString:
    """Write the items of a list of facet values, each with its count."""
    remove = format_html('<span class="unseen">{} </span>', gettext("Remove"))
    return mark_safe("".join(_item(choice, remove) for choice in choices))  # noqa: S308 - escaped


@register.simple_tag
def year_bars(bars: Iterable[Bar]) -> SafeString:
    """Draw the years; there is nothing but numbers in it."""
    return mark_safe("".join(map(_bar, bars)))  # noqa: S308


@register.simple_tag
def search_results(works: Iterable[Any], level: int) -> SafeString:
    """Write results, each with its title as a heading of this level."""
    return mark_safe("".join(_result(work, level) for work in works))  # noqa: S308 - escaped


def _result(work: Any, level: int) -> str:
    kind, image = work.kind, work.lead_image
    return f"""
<article class="card{" card--pictured" if image else ""}">
  <div class="card__words">
    <p class="label"><a href="{escape(kind.get_absolute_url())}">{lang_span(kind.name)}</a></p>
    <h{level} class="card__title"><a href="{escape(work.get_absolute_url())}"\
{lang_of(work.title, work.language)}>{work.headline}</a></h{level}>
    {_passage(work)}
    {_hits(work.hits) if work.hits else ""}
    {facts(work, work.marked)}
    {work.coins}
    {_explained(work) if hasattr(work, "explanation") else ""}
  </div>
  {_picture(image) if image else ""}
</article>
"""


def _passage(work: Any) -> str:
    if not work.words:
        return ""
    return f'<p class="card__text"{lang_of(work.words, work.language)}>{work.words}</p>'


def _hits(hits: Iterable[PageHit]) -> str:
    links = " · ".join(map(_hit, hits))
    return f'<p class="meta hits">{escape(gettext("In the file:"))} {links}</p>'


def _hit(hit: PageHit) -> str:
    title = f' title="{escape(hit.title)}"' if hit.title else ""
    number = escape(gettext("p. %(number)d") % {"number": hit.number})
    return f'<a href="{escape(hit.url)}"{title}>{number}</a>'


def _explained(work: Any) -> str:
    return render_to_string("publications/_search_explain.html", {"explanation": work.explanation})


def _picture(image: Image) -> str:
    return f'<div class="card__picture">{picture(image, "card", speaks=False)}</div>'


def _item(choice: Choice, remove: str) -> str:
    words = f"<span>{lang_span(choice.label)}</span> <b>{counted(choice.works)}</b>"
    is_current = ' aria-current="true"' if choice.is_chosen else ""
    if not choice.url:
        return f'<li><span class="facet__value"{is_current}>{words}</span></li>\n'
    return (
        f'<li><a class="facet__value" href="{escape(choice.url)}" rel="nofollow"'
        f' data-key="{escape(choice.key)}"{is_current}>'
        f"{remove if choice.is_chosen else ''}{words}</a></li>\n"
    )


def _bar(bar: Bar) -> str:
    kind = ' class="years__on"' if bar.is_chosen else ""
    return (
        f'<rect{kind} x="{bar.x}" y="{bar.y}" width="3" height="{bar.height}">'
        f"<title>{bar.year}: {counted(bar.works)}</title></rect>"
    )
