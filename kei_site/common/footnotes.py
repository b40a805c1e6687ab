"""Footnotes: the one way they are stored, how others write them, and how readers get them.

Stored are a number that links to its note, `<sup><a href="#fn-1" id="fnref-1">1</a></sup>`,
and the notes in an ordered list of the class `footnotes` at the end, `<li id="fn-1">`.
What makes a footnote elsewhere (Word, Google Docs, LibreOffice, WordPress, Markdown) is
that two links lead to each other; by this it is recognized whoever wrote it.
"""

import re

from django.utils.translation import gettext as _

from kei_site.common.note_finding import NOTES, Note, find, has_content
from kei_site.common.trees import Element, Node, parse, rebuild, write

# Every way of writing them needs a link within the page.
MAYBE = re.compile(r'href="[^"]*#')
NUMBERED_LINK = re.compile(r"<sup([^>]*)><a ([^>]*)>([^<]*)</a></sup>")
LINKED_NUMBER = re.compile(r'<sup[^>]*><a [^>]*href="#fn-[^>]*>([^<]*)</a></sup>')
LIST = re.compile(r'<ol class="footnotes">(.*)</ol>\s*$', re.DOTALL)
NOTE_ID = re.compile(r'<li id="fn-(\d+)">')


def settle(markup: str) -> str:
    """Write the footnotes of clean `markup` the one way, numbered as they are referred to.

    A note that nothing refers to is kept at the end of the list. Settling twice is
    settling once.
    """
    if not MAYBE.search(markup):
        return markup
    root = parse(markup)
    return write(root) if recognize(root) else markup


def recognize(root: Element) -> bool:
    """Turn what are footnotes in a tree into the one way of writing them; say if there are any."""
    notes = find(root)
    if not notes:
        return False
    _take_out(root, notes)
    _number_references(root, notes)
    items: list[Node] = [
        Element("li", {"id": f"fn-{number}"}, _content(note))
        for number, note in enumerate(notes, start=1)
    ]
    root.children.append(Element("ol", {"class": NOTES}, items))
    return True


def dress(markup: str) -> str:
    """Give settled `markup` what readers need: a heading, ways back, and roles."""
    found = LIST.search(markup)
    if found is None:
        return markup
    referred = set(re.findall(r'id="fnref-(\d+)"', markup))
    back = _("Back to reference %(number)s")

    def item(note: str) -> str:
        number = (NOTE_ID.match(note) or [""] * 2)[1]
        if number not in referred:
            return note
        label = back % {"number": number}
        way = f'<a href="#fnref-{number}" role="doc-backlink" aria-label="{label}">↩</a>'
        return _before_end(note, way)

    start, inner = markup[: found.start()], found[1]
    items = "".join(item(each) for each in re.split(r"(?=<li id=\"fn-\d+\">)", inner))
    heading = _("Notes")
    return (
        NUMBERED_LINK.sub(_with_role, start)
        + f'<section class="footnotes" role="doc-endnotes" aria-label="{heading}">'
        + f"<h2>{heading}</h2><ol>{items}</ol></section>"
    )


def without_links(markup: str) -> str:
    """Return settled `markup` with bare numbers, for where links within a page lead nowhere."""
    return LINKED_NUMBER.sub(r"<sup>\1</sup>", markup)


def _with_role(found: re.Match[str]) -> str:
    if 'href="#fn-' not in found[2]:
        return found[0]
    return f'<sup{found[1]}><a role="doc-noteref" {found[2]}>{found[3]}</a></sup>'


def _before_end(note: str, way: str) -> str:
    """Put the way back at the end of the last line of a note."""
    for end in ("</p></li>", "</li>"):
        head, mark, rest = note.rpartition(end)
        if mark:
            return f"{head} {way}{mark}{rest}"
    return note


# --- Changing -----------------------------------------------------------------
def _take_out(root: Element, notes: list[Note]) -> None:
    """Take notes out of the text, with the line and the emptied lists around them."""
    blocks = {id(note.block) for note in notes}

    def change(element: Element) -> list[Node]:
        if id(element) in blocks:
            return []
        if held.get(id(element)):
            element.children = _without_rule(element.children)
            return [element] if has_content(element) else []
        return [element]

    held = {
        id(element): any(id(each) in blocks for each in element.elements())
        for element in root.elements()
        if element.tag in {"ol", "ul", "div", "section"}
    }
    rebuild(root, change)
    root.children = _without_rule(root.children)


def _without_rule(children: list[Node]) -> list[Node]:
    """Drop a line at the end, which stood between the text and its notes."""
    kept = list(children)
    while kept and not _has_more(kept[-1]):
        kept.pop()
    if kept and isinstance(kept[-1], Element) and kept[-1].tag == "hr":
        kept.pop()
        return kept
    return children


def _has_more(node: Node) -> bool:
    if isinstance(node, str):
        return bool(node.strip())
    return node.tag == "hr" or has_content(node)


def _number_references(root: Element, notes: list[Note]) -> None:
    numbers = {
        id(link): (number, time)
        for number, note in enumerate(notes, start=1)
        for time, link in enumerate(note.references, start=1)
    }

    def change(element: Element) -> list[Node]:
        if element.tag == "sup" and (inner := _only_reference(element)):
            return [inner]
        if id(element) not in numbers:
            return [element]
        number, time = numbers[id(element)]
        name = f"fnref-{number}" if time == 1 else f"fnref-{number}-{time}"
        link = Element("a", {"href": f"#fn-{number}", "id": name, "rel": "noopener"}, [str(number)])
        return [Element("sup", {}, [link])]

    rebuild(root, change)


def _only_reference(element: Element) -> Element | None:
    """Return the reference, already raised, that is all in an element."""
    inner = [each for each in element.children if not isinstance(each, str) or each.strip()]
    if len(inner) != 1 or not isinstance(inner[0], Element) or inner[0].tag != "sup":
        return None
    return inner[0]


def _content(note: Note) -> list[Node]:
    """Return what a note says, without its ways back and its own number."""
    back = {id(each) for each in note.back}

    def change(element: Element) -> list[Node]:
        if id(element) in back:
            return []
        empty = element.tag in {"sup", "span"} and not has_content(element)
        return [] if empty else [element]

    block = rebuild(note.block, change)
    children: list[Node] = block.children
    return _trimmed([Element("p", {}, children)] if block.tag == "p" else children)


def _trimmed(children: list[Node]) -> list[Node]:
    """Drop the space that the number and the way back leave at both ends."""
    for end in (0, -1):
        holder: list[Node] = children
        while holder and isinstance(holder[end], Element):
            inner = holder[end]
            holder = inner.children if isinstance(inner, Element) else []
        if holder and isinstance(holder[end], str):
            text = str(holder[end])
            holder[end] = text.lstrip() if end == 0 else text.rstrip()
    return children
