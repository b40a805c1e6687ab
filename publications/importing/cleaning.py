"""Text, rich text, addresses and slugs from a file, made fit for the columns they go to."""

import html
import re
import unicodedata
from collections import Counter
from urllib.parse import urljoin, urlsplit

from django.utils.text import slugify

from kei_site.common.html import sanitize
from kei_site.common.pasting import tidy
from publications.importing.remarks import Noted, Remark

MAX_BODY = 2_000_000
MAX_URL = 1000
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]\w{1,30});")
# Control characters, and those that turn or hide the text around them.
INVISIBLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2066-\u2069\ufeff]"
)
EMPHASIS = re.compile(r"\*\*([^*]+)\*\*")
WEB_ADDRESS = re.compile(r"https?://[^\s\"<>]+", re.IGNORECASE)

# One pass over all tags; that the pattern starts with a plain "<" makes it fast.
FOREIGN = re.compile(r"<(/?)(?i:(h[156])|(article|aside|center|div|footer|header|section))\b")
MEDIA = re.compile(
    r"<(?i:audio|embed|iframe|source|video)\b[^>]{0,1000}?\b(?i:src)=[\"']?([^\"'\s>]+)[^>]{0,1000}>"
)
MEDIA_TITLE = re.compile(r"\btitle=\"([^\"]+)\"", re.IGNORECASE)
PART = re.compile(r"<(?i:(script|audio|embed|iframe|video|form|object|svg|img))\b")
# In sanitized markup only tags have a bare "<", and attributes only double quotes.
LINK = re.compile(r'(<a (?:(?!href)\w+="[^"]*" )*)href="([^"]*)"')
DEAD_LINK = re.compile(r'<a(?: +(?:dir|lang|rel|title)="[^"]*")* *>(.*?)</a>', re.DOTALL)


def plain(text: str) -> str:
    """Return one line of text: entities resolved, invisible characters dropped, spaces folded."""
    resolved = ENTITY.sub(lambda match: html.unescape(match.group()), text)
    storable = resolved.encode("utf-8", "ignore").decode()
    return " ".join(INVISIBLE.sub("", unicodedata.normalize("NFC", storable)).split())


def summary(text: str) -> str:
    """Return a standfirst as plain text; leftover Markdown emphasis and tags go."""
    bare = re.sub(r"</?[a-zA-Z][^<>]{0,500}>", " ", text)
    return plain(EMPHASIS.sub(r"\1", bare))


def shorten(text: str, limit: int) -> tuple[str, list[Noted]]:
    """Cut text that is longer than a column, at a space when there is one near."""
    if len(text) <= limit:
        return text, []
    cut = text[: limit - 1]
    head, _, _ = cut.rpartition(" ")
    kept = head if len(head) > limit // 2 else cut
    return kept.rstrip() + "…", [Noted(Remark.SHORTENED, text[:60] + "…")]


def web_address(text: str) -> str:
    """Return an http(s) address that fits its column, or nothing."""
    address = plain(text).replace(" ", "%20")
    if address.startswith("//"):
        address = f"https:{address}"
    return address if len(address) <= MAX_URL and _has_host(address) else ""


def site_name(address: str) -> str:
    """Return the host of a web address as a name for its outlet."""
    host = urlsplit(address).hostname or ""
    return host.removeprefix("www.") or host


def slug_base(text: str, fallback: str, limit: int) -> str:
    """Return a slug with room for a number behind it."""
    room = limit - 8
    return slugify(text, allow_unicode=True)[:room].strip("-_") or fallback


def body(markup: str, base: str) -> tuple[str, list[Noted]]:
    """Return sanitized rich text and what was lost; `base` is what relative links hang on."""
    found = Counter(part.lower() for part in PART.findall(markup))
    familiar = FOREIGN.sub(_familiar, MEDIA.sub(_as_link, markup))
    cleaned = tidy(INVISIBLE.sub("", familiar))
    linked, unresolved = _resolve_links(cleaned, base)
    result = sanitize(DEAD_LINK.sub(r"\1", linked))
    lost = {
        Remark.SCRIPT: found["script"],
        Remark.EMBED: found["audio"] + found["embed"] + found["iframe"] + found["video"],
        Remark.FORM: found["form"] + found["object"] + found["svg"],
        Remark.PICTURE: found["img"] - result.count("<img "),
        Remark.RELATIVE_LINK: unresolved,
    }
    return result, [Noted(remark, str(count)) for remark, count in lost.items() if count > 0]


def _familiar(match: re.Match[str]) -> str:
    """Give a tag the name it has here: h1 is the page’s own, and a division ends a line."""
    slash, heading, division = match.groups()
    if division:
        return f"\n<{slash}{division}"
    return f"<{slash}h2" if heading[1] == "1" else f"<{slash}h4"


def _as_link(match: re.Match[str]) -> str:
    """Turn an embedded frame or recording into a link that readers can follow."""
    address = web_address(html.unescape(match[1]))
    if not address:
        return ""
    title = MEDIA_TITLE.search(match[0])
    label = html.unescape(title[1]) if title else site_name(address)
    return f'<p><a href="{html.escape(address)}">{html.escape(label)}</a></p>'


def _resolve_links(markup: str, base: str) -> tuple[str, int]:
    """Complete links that have no site of their own; count those that cannot be."""
    unresolved = 0

    def resolve(match: re.Match[str]) -> str:
        nonlocal unresolved
        target = html.unescape(match[2]).strip()
        if target.startswith("#") or re.match(r"[a-z]+:", target, re.IGNORECASE):
            return match[0]
        address = _join(base or ("https:" if target.startswith("//") else ""), target)
        if not address:
            unresolved += 1
            return match[1]
        return f'{match[1]}href="{html.escape(address)}"'

    return LINK.sub(resolve, markup), unresolved


def _join(base: str, target: str) -> str:
    try:
        address = urljoin(base, target) if target else ""
    except ValueError:
        return ""
    return address if _has_host(address) else ""


def _has_host(address: str) -> bool:
    try:
        return bool(WEB_ADDRESS.fullmatch(address) and urlsplit(address).hostname)
    except ValueError:
        return False
