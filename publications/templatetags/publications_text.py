"""How text stands on a page: languages, names, dates, counts."""

import html
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from itertools import groupby
from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext, pgettext

from publications.models import Author, Contribution, Publication, Role

register = template.Library()

HANGUL = re.compile(r"[ᄀ-ᇿ㄰-㆏가-힣]")
HANGUL_RUN = re.compile(r"[가-힣](?:[가-힣\d\s·,‘’“”()-]*[가-힣])?")
LETTER = re.compile(r"[^\W\d_]")
# Written in letters of their own, so that a Latin title is not in them.
OTHER_SCRIPTS = {"ko", "ja", "zh", "ru"}
MOSTLY = 0.3
# So many characters tell what language a text is in.
ENOUGH = 2000
SHORT_BYLINE = 3
TABLE = re.compile(r"</?table\b[^>]*>")


# --- Languages ---------------------------------------------------------------
@register.simple_tag
def lang_of(text: Any, language: str = "") -> str:
    """Return a `lang` attribute for `text` unless it is in the language of the page."""
    found = _language_of(str(text), language)
    return format_html(' lang="{}"', found) if found else SafeString("")


@register.filter
def lang_span(text: Any) -> str:
    """Mark plain `text`, or the Korean passages in it, as Korean."""
    plain = str(text)
    if _is_mostly_korean(plain):
        return format_html('<span lang="ko">{}</span>', plain)
    return lang_runs(plain)


@register.filter
def lang_runs(text: Any) -> str:
    """Mark Korean passages in plain `text` of another language; its element has `lang_of`."""
    plain = str(text)
    if _is_mostly_korean(plain):
        return _escaped(plain)
    if plain.isascii():
        return _escaped(plain)
    pieces: list[str] = []
    end = 0
    for run in HANGUL_RUN.finditer(plain):
        marked = format_html('<span lang="ko">{}</span>', run.group())
        pieces += [_escaped(plain[end : run.start()]), marked]
        end = run.end()
    return mark_safe("".join([*pieces, _escaped(plain[end:])]))  # noqa: S308 - every piece is escaped


def _escaped(text: str) -> SafeString:
    """Escape plain text; Django's own `escape` asks each time whether it is lazy."""
    return SafeString(html.escape(text))


def _language_of(text: str, language: str) -> str:
    """Return the language of `text` where it is another than the page's, else nothing."""
    if _is_mostly_korean(text):
        found = "ko"
    elif language in OTHER_SCRIPTS and text.isascii():
        found = "en"
    else:
        found = language
    is_usual = not found or found == (get_language() or "en").partition("-")[0]
    return "" if is_usual else found


def _is_mostly_korean(text: str) -> bool:
    if text.isascii():
        return False
    opening = text[:ENOUGH]
    letters = len(LETTER.findall(opening))
    return bool(letters) and len(HANGUL.findall(opening)) / letters > MOSTLY


# --- Dates and numbers -------------------------------------------------------
@register.filter
def day(value: date | datetime | None) -> str:
    """Write a day in full, machine-readable too; a moment is taken by the site's clock."""
    if value is None:
        return ""
    local = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return _day(local, get_language() or "")


@lru_cache(1024)
def _day(local: date, _language: str) -> SafeString:
    """Write a day in the language that is spoken; lists show the same ones over and over."""
    # Translators: the form of a day, https://docs.djangoproject.com/en/stable/ref/templates/builtins/#date
    words = date_format(local, pgettext("form of a day", "F j, Y"))
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), words)


@register.filter
def counted(number: int | None) -> str:
    """Write a number with its thousands apart."""
    # Most are small, and what is small needs no looking up.
    if not number or 0 < number < 1000:
        return str(number or 0)
    return str(number_format(number, use_l10n=True, force_grouping=True))


@register.filter
def file_size(octets: int) -> str:
    """Write the size of a file in whole kilobytes or tenths of megabytes."""
    if octets < 1_000_000:
        return gettext("%(size)s KB") % {"size": number_format(max(1, round(octets / 1000)))}
    return gettext("%(size)s MB") % {"size": number_format(octets / 1_000_000, decimal_pos=1)}


@register.filter
def bar_width(number: int, rows: Sequence[tuple[Any, Any, int]]) -> str:
    """Return `number` as a per cent of the largest count in `rows`."""
    largest = max((count for _, _, count in rows), default=0)
    return f"{100 * number / largest:.1f}" if largest else "0"


# --- Names -------------------------------------------------------------------
@register.filter
def initials(author: Author) -> str:
    """Return the letters that stand for a missing portrait."""
    name = author.display_name.strip()
    if HANGUL.match(name):
        return name[0]
    words: list[str] = [word for word in re.findall(r"\w+", name) if word[0].isupper()] or [name]
    return words[0][0] + (words[-1][0] if len(words) > 1 else "")


@register.simple_tag
def facts(work: Publication, marked: Callable[[str], str] | None = None) -> str:
    """Write the line below the title of a card: who, when, where, in which language.

    `marked` escapes a name and marks what was found in it.
    """
    outlet = work.outlet.name if work.outlet else ""
    name = marked(outlet) if marked else outlet
    parts = [
        _short_byline(work, marked),
        day(work.published_at),
        format_html("<cite{}>{}</cite>", lang_of(outlet), name) if outlet else "",
        _escaped(work.get_language_display()) if work.language != "en" else "",
    ]
    line = mark_safe(" · ".join(filter(None, parts)))  # noqa: S308 - every part is escaped
    return format_html('<p class="meta">{}</p>', line)


def _short_byline(work: Publication, marked: Callable[[str], str] | None) -> str:
    """Return three names, or two and how many others."""
    names = [
        _written(each.author.display_name, marked)
        for each in work.byline
        if each.role != Role.GUEST
    ]
    if len(names) <= SHORT_BYLINE:
        return _listed(names)
    rest = len(names) - 2
    others = ngettext("%(count)d other", "%(count)d others", rest) % {"count": rest}
    return _listed([*names[:2], _escaped(others)])


def _written(name: str, marked: Callable[[str], str] | None) -> str:
    if marked is None:
        return lang_span(name)
    language = lang_of(name)
    return format_html("<span{}>{}</span>", language, marked(name)) if language else marked(name)


@register.simple_tag
def linked_names(contributions: Iterable[Contribution]) -> str:
    """Write a full byline, each name linked, in the order given and by role."""
    return mark_safe(  # noqa: S308 - made of escaped pieces
        " · ".join(
            _with_role(Role(role), _listed([_linked(each) for each in group]))
            for role, group in groupby(contributions, key=lambda each: each.role)
        )
    )


def _linked(contribution: Contribution) -> SafeString:
    author = contribution.author
    url = reverse("publications:author", args=[author.slug])
    link = format_html('<a href="{}">{}</a>', url, lang_span(author.display_name))
    place = contribution.affiliation
    return format_html("{} ({})", link, lang_span(place)) if place else link


def _with_role(role: Role, names: str) -> str:
    phrases = {
        Role.AUTHOR: gettext("By %(names)s"),
        Role.EDITOR: gettext("Edited by %(names)s"),
        Role.TRANSLATOR: gettext("Translated by %(names)s"),
        Role.HOST: gettext("Hosted by %(names)s"),
        Role.GUEST: gettext("With %(names)s"),
    }
    return phrases[role] % {"names": names}


def _listed(names: Sequence[str]) -> SafeString:
    """Join escaped names as a sentence does."""
    if len(names) < 2:
        return mark_safe("".join(names))  # noqa: S308 - escaped by the caller
    first = format_html_join(", ", "{}", ((mark_safe(name),) for name in names[:-1]))  # noqa: S308
    both = gettext("%(first)s and %(last)s") % {"first": first, "last": names[-1]}
    return mark_safe(both)  # noqa: S308


# --- Rich text ---------------------------------------------------------------
@register.filter
def scrolling_tables(markup: str) -> str:
    """Put every table of sanitized `markup` in a box that scrolls on a narrow screen."""
    label = _escaped(gettext("Table"))
    box = f'<div class="scroll" role="group" aria-label="{label}" tabindex="0">'

    def boxed(found: re.Match[str]) -> str:
        tag = found.group()
        return f"{tag}</div>" if tag.startswith("</") else f"{box}{tag}"

    return mark_safe(TABLE.sub(boxed, markup))  # noqa: S308 - only boxes are added
