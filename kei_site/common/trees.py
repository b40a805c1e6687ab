"""Well-formed markup as a tree, for the few changes that patterns cannot make.

Nothing here calls itself: pasted markup may nest deeper than Python's stack.
"""

import html
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"br", "col", "hr", "img"})

type Node = Element | str


@dataclass(slots=True, eq=False)
class Element:
    """A tag with its attributes and what stands in it."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)

    def get(self, name: str) -> str:
        """Return the value of an attribute, nothing for one that is missing."""
        return self.attributes.get(name, "")

    def elements(self) -> list["Element"]:
        """Return all elements inside, in the order of the text."""
        found: list[Element] = []
        waiting = [each for each in reversed(self.children) if isinstance(each, Element)]
        while waiting:
            element = waiting.pop()
            found.append(element)
            waiting += [each for each in reversed(element.children) if isinstance(each, Element)]
        return found

    def text(self) -> str:
        """Return the words inside."""
        return "".join(each for each in _pieces(self) if isinstance(each, str))


def parse(markup: str) -> Element:
    """Read well-formed markup, as the sanitizer leaves it; the root has no tag."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return reader.root


def write(root: Element) -> str:
    """Write a tree as markup; an element without a tag is only what stands in it."""
    written: list[str] = []
    waiting: list[Node | tuple[str]] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, tuple):
            written.append(node[0])
        elif isinstance(node, str):
            written.append(html.escape(node, quote=False).replace("\xa0", "&nbsp;"))
        else:
            if node.tag:
                written.append(_opening(node))
                waiting += [] if node.tag in VOID else [(f"</{node.tag}>",)]
            waiting += reversed(node.children)
    return "".join(written)


def rebuild(root: Element, change: Callable[[Element], list[Node]]) -> Element:
    """Put in the place of each element what `change` makes of it, the innermost first."""
    for element in [*reversed(root.elements()), root]:
        children: list[Node] = []
        for child in element.children:
            children += [child] if isinstance(child, str) else change(child)
        element.children = children
    return root


def parents_of(root: Element) -> dict[int, Element]:
    """Return the element around each element, by the identity of the inner one."""
    return {
        id(child): element
        for element in [root, *root.elements()]
        for child in element.children
        if isinstance(child, Element)
    }


def ancestors(element: Element, parents: dict[int, Element]) -> Iterator[Element]:
    """Yield what stands around an element, from the inside out, without the root."""
    above = parents.get(id(element))
    while above is not None and above.tag:
        yield above
        above = parents.get(id(above))


def _pieces(root: Element) -> Iterator[Node]:
    waiting: list[Node] = [root]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, Element):
            waiting += reversed(node.children)


def _opening(element: Element) -> str:
    attributes = "".join(
        f' {name}="{html.escape(value)}"' for name, value in element.attributes.items()
    )
    return f"<{element.tag}{attributes}>"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        # Well-formed markup closes what was opened last; anything else is let go.
        if len(self._open) > 1 and self._open[-1].tag == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)
