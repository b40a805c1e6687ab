"""The links, pictures and headings of rich text, and what can be said of an address by itself."""

from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import SplitResult, urlsplit, urlunsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri

from publications.models.link_checks import LONGEST_ADDRESS

WEB = {"http", "https"}
OTHER = {"mailto", "tel"}
HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in the text."""

    src: str
    alt: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading in the text."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Markup:
    """What of a text leads elsewhere or gives it its shape, in order."""

    links: tuple[str, ...]
    pictures: tuple[Picture, ...]
    headings: tuple[Heading, ...]


def read_markup(body: str) -> Markup:
    """Read sanitized `body`."""
    reader = _Reader()
    reader.feed(body)
    reader.close()
    return Markup(
        tuple(reader.links),
        tuple(reader.pictures),
        tuple(Heading(level, " ".join("".join(words).split())) for level, words in reader.headings),
    )


def is_whole(address: str) -> bool:
    """Say whether an address says by itself where it leads."""
    parts = split(address)
    if parts is None:
        return False
    return bool(parts.hostname if parts.scheme in WEB else parts.scheme in OTHER and parts.path)


def is_ours(address: str) -> bool:
    """Say whether an address begins with that of this site."""
    parts = split(address)
    return parts is not None and parts.netloc == urlsplit(settings.SITE_URL).netloc


def own_path(address: str) -> str | None:
    """Return the path and query of an address of this site; None for any other address."""
    parts = split(address)
    if parts is None:
        return None
    relative = not parts.scheme and not parts.netloc and address.startswith("/")
    if not (relative or (parts.scheme in WEB and is_ours(address))):
        return None
    # A browser takes these for the address of another site.
    if parts.path.startswith(("//", "/\\")):
        return None
    return urlunsplit(("", "", parts.path or "/", parts.query, ""))


def checkable(address: str) -> str | None:
    """Return an address as it is checked, in ASCII and without fragment; our own as a path.

    None for what no program can follow: mail, a user name in the address, nonsense.
    """
    address = address.strip()
    path = own_path(address)
    whole = iri_to_uri(path) if path is not None else _ascii(split(address))
    if whole is None or len(whole) > LONGEST_ADDRESS or not whole.isascii():
        return None
    # PostgreSQL cannot store NUL, and nothing else below a blank belongs into an address.
    return whole if min(whole) > " " else None


def host_of(url: str) -> str:
    """Return the host of a checkable address, with a port that is not the usual one."""
    return urlsplit(url).netloc


def split(address: str) -> SplitResult | None:
    """Take an address apart; None for what is none."""
    try:
        parts = urlsplit(address)
        _port = parts.port
    except ValueError:
        return None
    return parts


def _ascii(parts: SplitResult | None) -> str | None:
    if parts is None or parts.scheme not in WEB or not parts.hostname or "@" in parts.netloc:
        return None
    try:
        host = parts.hostname.encode("idna").decode()
    except UnicodeError:
        return None
    usual = {"http": 80, "https": 443}[parts.scheme]
    host = f"[{host}]" if ":" in host else host
    netloc = host if parts.port in {None, usual} else f"{host}:{parts.port}"
    return iri_to_uri(urlunsplit((parts.scheme, netloc, parts.path or "/", parts.query, "")))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.pictures: list[Picture] = []
        self.headings: list[tuple[int, list[str]]] = []
        self._inside: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.links.append(given.get("href", ""))
        elif tag == "img":
            self.pictures.append(Picture(given.get("src", ""), given.get("alt", "")))
        elif tag in HEADINGS:
            self.headings.append((HEADINGS[tag], []))
            self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = None

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.headings[-1][1].append(data)
