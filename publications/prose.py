"""A stored text as readers get it: pictures, notes, links and cards brought up to date.

The text says which picture, work or video; what these are called and whose they are is
looked up here, so that a changed caption or address is everywhere at once.
"""

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from kei_site.common import footnotes
from kei_site.common.html import NOTE_NUMBER, to_text
from publications import embeds
from publications.models import Image, Publication
from publications.reading import Heading, outline

# In sanitized markup only tags have a bare "<", and attributes only double quotes.
IMG = re.compile(r'<img [^>]*?src="/images/(\d{1,18})/[^"]*"[^>]*>')
FIGURE = re.compile(r'<figure(?! class="embed")([^>]*)>(.*?)</figure>', re.DOTALL)
CAPTION = re.compile(r"<figcaption[^>]*>(.*?)</figcaption>", re.DOTALL)
CARD = re.compile(
    r'<figure class="embed"[^>]*>(?:<p>)?<a href="([^"]*)"[^>]*>(.*?)</a>(?:</p>)?</figure>',
    re.DOTALL,
)
LINE = re.compile(
    r'<p>(?:<a href="(https?://[^"]*)"[^>]*>\s*https?://[^<]*</a>|(https?://[^<\s]*))</p>'
)
BY_ID = re.compile(r'href="/work/(\d{1,18})/(#[^"]*)?"')
HEADS = re.compile(r"<thead>.*?</thead>", re.DOTALL)
FURNITURE = re.compile(r'<figure|class="(?:footnotes|pull)"')
UNSCOPED = re.compile(r"<th(?![^>]*\bscope=)(?=[ >])")


@dataclass(frozen=True, slots=True)
class Prose:
    """A text ready for a page, its headings, and whom it may show in a frame."""

    markup: SafeString
    contents: list[Heading]
    pictures: Mapping[int, Image]
    frame_hosts: frozenset[str] = frozenset()

    @property
    def has_furniture(self) -> bool:
        """Whether there is more in it than words and tables, for which there is more style."""
        return FURNITURE.search(self.markup) is not None


def dress(body: str) -> Prose:
    """Make a sanitized text ready for a page, with a query each for its pictures and links."""
    body, contents = outline(footnotes.settle(body))
    pictures = pictures_in([body])
    body = with_pictures(body, pictures)
    body = _with_current_links(body)
    body, hosts = _with_cards(body)
    body = footnotes.dress(_with_scopes(body))
    return Prose(mark_safe(body), contents, pictures, hosts)  # noqa: S308 - sanitized, and only ours was added


def excerpt(opening: str) -> SafeString:
    """Return the opening of a text, whose notes are not there."""
    return mark_safe(_with_current_links(NOTE_NUMBER.sub("", opening)))  # noqa: S308


def pictures_in(bodies: Iterable[str]) -> dict[int, Image]:
    """Load the pictures that stand in any of these texts."""
    ids = {int(pk) for body in bodies if "/images/" in body for pk in IMG.findall(body)}
    return Image.objects.in_bulk(ids) if ids else {}


def with_pictures(body: str, pictures: Mapping[int, Image]) -> str:
    """Say of each picture what it shows and whose it is, as the library knows it today."""
    if "<img" not in body:
        return body
    return IMG.sub(
        lambda found: _picture(pictures.get(int(found[1]))),
        FIGURE.sub(lambda found: _figure(found, pictures), body),
    )


def _picture(image: Image | None) -> str:
    """Write a picture; of one that is gone nothing is left."""
    if image is None:
        return ""
    return format_html(
        '<img src="{}" alt="{}" width="{}" height="{}" loading="lazy" decoding="async">',
        image.get_absolute_url(), image.alt, image.width, image.height,
    )  # fmt: skip


def _figure(found: re.Match[str], pictures: Mapping[int, Image]) -> str:
    shown = [pictures.get(int(pk)) for pk in IMG.findall(found[2])]
    here = [image for image in shown if image is not None]
    if not here:
        return "" if shown and not to_text(CAPTION.sub("", found[2])) else found[0]
    own = CAPTION.search(found[2])
    known = " ".join(html.escape(each.caption) for each in here)
    caption = (own[1].strip() if own else "") or known
    credits_ = ", ".join(dict.fromkeys(each.credit for each in here))
    credit = format_html('<span class="credit">{}</span>', credits_)
    inner = CAPTION.sub("", found[2])
    return f"<figure{found[1]}>{inner}<figcaption>{caption} {credit}</figcaption></figure>"


def _with_current_links(body: str) -> str:
    """Lead links to works, which name them by their number, to where these are today."""
    ids = {int(pk) for pk, _anchor in BY_ID.findall(body)}
    if not ids:
        return body
    works = Publication.objects.published().only("slug").in_bulk(ids)

    def current(found: re.Match[str]) -> str:
        work = works.get(int(found[1]))
        address = html.escape(work.get_absolute_url()) if work else f"/work/{found[1]}/"
        return f'href="{address}{found[2] or ""}"'

    return BY_ID.sub(current, body)


def _with_cards(body: str) -> tuple[str, frozenset[str]]:
    """Put cards in the place of what is to be shown from elsewhere; return also by whom."""
    hosts: set[str] = set()

    def card(address: str, title: str, otherwise: str) -> str:
        embed = embeds.read(html.unescape(address))
        if embed is None:
            return otherwise
        hosts.add(embed.provider.frame_host)
        return _card(embed, html.unescape(title))

    body = CARD.sub(lambda found: card(found[1], to_text(found[2]), found[0]), body)
    body = LINE.sub(lambda found: card(found[1] or found[2], "", found[0]), body)
    return body, frozenset(hosts)


def _card(embed: embeds.Embed, title: str) -> str:
    provider = embed.provider
    known = title if title and not title.startswith(("http://", "https://")) else ""
    kinds = {"video": _("Video"), "audio": _("Audio"), "chart": _("Chart")}
    facts = {"provider": provider.name}
    return format_html(
        '<figure class="embed embed--{shape}" data-frame="{frame}" data-title="{title}"'
        ' data-show="{show}">'
        '<p class="label">{kind} · {name}</p>'
        '<p class="embed__title"><a href="{address}" rel="noopener noreferrer">{title}</a></p>'
        '<p class="meta">{note}</p></figure>',
        shape=provider.shape,
        frame=embed.frame,
        title=known or _("Watch or listen at %(provider)s") % facts,
        show=_("Show it here"),
        kind=kinds[provider.kind],
        name=provider.name,
        address=embed.address,
        note=_("Nothing is loaded from %(provider)s before you ask for it.") % facts,
    )


def _with_scopes(body: str) -> str:
    """Say of each head of a table whether it stands for a column or a row."""
    if "<th" not in body:
        return body
    columns = HEADS.sub(lambda found: UNSCOPED.sub('<th scope="col"', found[0]), body)
    return UNSCOPED.sub('<th scope="row"', columns)
