"""What is a footnote in markup of any origin: two links that lead to each other."""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from kei_site.common.trees import Element, ancestors, parents_of

NOTES = "footnotes"
MARKER = re.compile(
    r"\s*[\[(]?\s*(?:\d{1,4}|[ivxlc]{1,6}|[a-z]|[*†‡§¶]{1,4})\s*[\])]?\s*", re.IGNORECASE
)
NOTE_BLOCKS = {"p", "li", "div", "section", "dd", "td"}

# The links that lead to each name.
type Leading = defaultdict[str, list[Element]]


@dataclass(slots=True)
class Note:
    """A note: what it says, and the links that lead to it."""

    block: Element
    back: list[Element] = field(default_factory=list)
    references: list[Element] = field(default_factory=list)


def find(root: Element) -> list[Note]:
    """List the notes in the order in which the text refers to them."""
    parents = parents_of(root)
    elements = root.elements()
    place = {id(element): number for number, element in enumerate(elements)}
    named: dict[str, Element] = {}
    for element in elements:
        for name in _own_names(element):
            named.setdefault(name, element)
    links = [each for each in elements if each.tag == "a" and _target(each) in named]
    leading: Leading = defaultdict(list)
    for link in links:
        leading[_target(link)].append(link)
    notes: dict[int, Note] = {}
    for link in links:
        target = named[_target(link)]
        if place[id(target)] < place[id(link)] or not MARKER.fullmatch(link.text()):
            continue
        block = _block_of(link, target, leading, parents)
        if block is not None and link not in block.elements():
            note = notes.setdefault(id(block), Note(block))
            note.references.append(link)
    for note in notes.values():
        inside = note.block.elements()
        names = {name for each in note.references for name in _names_around(each, parents)}
        note.back = [each for each in inside if each.tag == "a" and _target(each) in names]
    return [*notes.values(), *_orphans(root, list(notes.values()))]


def _block_of(
    link: Element, target: Element, leading: Leading, parents: dict[int, Element]
) -> Element | None:
    """Return the whole note that `link` leads to, None where that is no note."""
    names = _names_around(link, parents)
    around = [target, *ancestors(target, parents)]
    inside = {id(target), *map(id, target.elements())}
    ways = [each for name in names for each in leading.get(name, ())]
    back = next((each for each in ways if id(each) in inside or target in each.elements()), None)
    if back is None:
        # Not all write ways back; a numbered item that a number leads to is a note all the same.
        is_item = target.tag == "li" and (parents.get(id(target)) or target).tag == "ol"
        return target if is_item and (parents.get(id(link)) or link).tag == "sup" else None
    block = next((each for each in around if each.tag in NOTE_BLOCKS), None)
    if block is None:
        return None
    if block.tag == "p":
        above = parents.get(id(block))
        if above is not None and above.tag in {"li", "div"} and _is_one_note(above, link):
            block = above
    return block


def _is_one_note(block: Element, link: Element) -> bool:
    """Say whether all in a block belongs to one note."""
    inside = block.elements()
    ways = [each for each in inside if _target(each) and MARKER.fullmatch(each.text())]
    return link not in inside and len(ways) == 1 and all(each.tag != "hr" for each in inside)


def _orphans(root: Element, notes: list[Note]) -> list[Note]:
    """List the notes of our own list that nothing refers to any more."""
    known = {id(note.block) for note in notes}
    return [
        Note(item)
        for element in root.elements()
        if element.tag == "ol" and element.get("class") == NOTES
        for item in element.children
        if isinstance(item, Element) and id(item) not in known
    ]


def _own_names(element: Element) -> list[str]:
    return [name for name in (element.get("id"), element.get("name")) if name]


def _names_around(link: Element, parents: dict[int, Element]) -> set[str]:
    """Return the names by which a way back may call this link."""
    near = [link, *link.elements()]
    above = parents.get(id(link))
    if above is not None and above.tag in {"sup", "span"}:
        near.append(above)
    return {name for each in near for name in _own_names(each)}


def _target(link: Element) -> str:
    """Return what a link within the page leads to; Word writes the file's name before it."""
    before, mark, name = link.get("href").partition("#")
    return name if mark and not before.startswith(("http:", "https:", "/")) else ""


def has_content(element: Element) -> bool:
    """Say whether an element shows anything."""
    kept = {"img", "table"}
    return bool(element.text().strip()) or any(each.tag in kept for each in element.elements())
