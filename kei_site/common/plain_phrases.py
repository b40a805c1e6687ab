"""How words and links of a word processor are said with plain tags."""

import re
from urllib.parse import parse_qs, urlsplit

from kei_site.common.html import URL_SCHEMES
from kei_site.common.trees import Element, Node

BLOCKS = {
    "blockquote", "dd", "dl", "dt", "figcaption", "figure", "h2", "h3", "h4", "hr", "li", "ol", "p",
    "pre", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
KEPT = {
    "a": {"href", "title", "id"}, "img": {"src", "alt", "width", "height"},
    "ol": {"start", "type", "class"}, "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"}, "li": {"id"},
}  # fmt: skip
# What a style says, and the tag that says it.
MEANINGS = (
    (re.compile(r"(?<!-)font-weight:\s*(?:bold|[6-9]00)"), "strong"),
    (re.compile(r"(?<!-)font-style:\s*(?:italic|oblique)"), "em"),
    (re.compile(r"text-decoration[^;]*line-through"), "s"),
    (re.compile(r"vertical-align:\s*super"), "sup"),
    (re.compile(r"vertical-align:\s*sub"), "sub"),
)
UNSAID = {
    "strong": re.compile(r"(?<!-)font-weight:\s*(?:normal|[1-4]00)"),
    "em": re.compile(r"(?<!-)font-style:\s*normal"),
}
SAID = {"b": "strong", "strong": "strong", "i": "em", "em": "em", "strike": "s"}
PHRASES = {"em", "s", "strong", "sub", "sup", "u"}
SPACES = re.compile(r"[ \t\r\n\xa0]+")
NOTE = re.compile(r"fn(?:ref)?-[\d-]+")


def kept(element: Element) -> dict[str, str]:
    """Return the attributes that a tag may keep; ids only where footnotes need them."""
    return {
        name: value
        for name, value in element.attributes.items()
        if name in KEPT.get(element.tag, ()) and (name != "id" or NOTE.fullmatch(value))
    }


def said(tag: str, style: str, children: list[Node]) -> list[Node]:
    """Return phrases with the tags that their style asks for; blocks are no phrases."""
    if any(isinstance(each, Element) and each.tag in BLOCKS for each in children):
        return children
    wanted = [each for pattern, each in MEANINGS if pattern.search(style)]
    own = SAID.get(tag)
    if own and own not in wanted and not (own in UNSAID and UNSAID[own].search(style)):
        wanted.append(own)
    for each in wanted:
        children = _wrapped(each, children)
    return children


def _wrapped(tag: str, children: list[Node]) -> list[Node]:
    """Wrap words in a tag; spaces need none, and none twice."""
    if not any(isinstance(each, Element) or each.strip() for each in children):
        return children
    inner: list[Node] = []
    for each in children:
        inner += each.children if isinstance(each, Element) and each.tag == tag else [each]
    # A footnote is raised already.
    if tag == "sup" and any(isinstance(each, Element) and each.tag == "sup" for each in children):
        return children
    return [Element(tag, {}, inner)]


def link(element: Element) -> list[Node]:
    """Return a link to what it is really about; a bookmark or a file of one's own is no link."""
    address = _own_address(element.get("href"))
    scheme = re.match(r"([a-z][a-z0-9+.-]*):", address, re.IGNORECASE)
    is_note = NOTE.fullmatch(element.get("href").removeprefix("#")) is not None
    if not address or (address.startswith("#") and not is_note):
        return element.children
    if scheme and scheme[1].lower() not in URL_SCHEMES:
        return element.children
    children: list[Node] = []
    for each in element.children:
        children += each.children if isinstance(each, Element) and each.tag == "u" else [each]
    element.children = children
    element.attributes = kept(element) | {"href": address}
    return [element]


def _own_address(address: str) -> str:
    """Return where a link of Google Docs leads past Google's counter."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if parts.netloc.removeprefix("www.") == "google.com" and parts.path == "/url":
        return parse_qs(parts.query).get("q", [address])[0]
    return address


def folded(children: list[Node]) -> list[Node]:
    """Join neighbors that say the same, and fold runs of spaces."""
    result: list[Node] = []
    for child in children:
        last = result[-1] if result else None
        if isinstance(child, str):
            text = SPACES.sub(" ", child)
            if isinstance(last, str):
                result[-1] = SPACES.sub(" ", last + text)
            else:
                result.append(text)
        elif isinstance(last, Element) and child.tag == last.tag in PHRASES - {"sup", "sub"}:
            last.children = folded([*last.children, *child.children])
        elif child.tag not in PHRASES or child.children:
            result.append(child)
    return result
