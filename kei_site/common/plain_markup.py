"""How each element of a word processor is said with plain tags, from the inside out."""

from collections.abc import Callable

from kei_site.common.plain_phrases import BLOCKS, SAID, folded, kept, link, said
from kei_site.common.trees import Element, Node

HEADINGS = {"h1": "h2", "h5": "h4", "h6": "h4"}
FRAMES = {"div", "section", "article", "center", "header", "footer", "main", "aside"}
CLASSES = {
    "msotitle": "h2", "msosubtitle": "h3",
    "msoquote": "blockquote", "msointensequote": "blockquote",
}  # fmt: skip


def plain(element: Element) -> list[Node]:
    """Return what stands for `element`, whose children are plain already."""
    tag = HEADINGS.get(element.tag, element.tag)
    style = element.get("style").lower()
    if tag != "pre":
        element.children = folded(element.children)
    if tag in FRAMES:
        return in_paragraphs(element.children)
    if tag in {"span", "font"} or tag in SAID:
        return said(tag, style, element.children)
    if tag == "a":
        return link(element)
    if tag == "p":
        tag = CLASSES.get(element.get("class").lower(), "p")
    element.tag = tag
    element.attributes = kept(element)
    special = SPECIAL.get(tag)
    return special(element) if special else [element]


def in_paragraphs(children: list[Node]) -> list[Node]:
    """Put what stands loose between blocks into paragraphs."""
    if not any(isinstance(each, Element) and each.tag in BLOCKS for each in children):
        return _paragraphs(Element("p", {}, children))
    result: list[Node] = []
    loose: list[Node] = []
    for child in children:
        if isinstance(child, Element) and child.tag in BLOCKS:
            result += [*_paragraphs(Element("p", {}, loose)), child]
            loose = []
        else:
            loose.append(child)
    return [*result, *_paragraphs(Element("p", {}, loose))]


def _paragraphs(paragraph: Element) -> list[Node]:
    """Return a paragraph, or as many as empty lines make of it; empty ones are none."""
    groups: list[list[Node]] = [[]]
    breaks = 0
    for child in paragraph.children:
        if isinstance(child, Element) and child.tag == "br":
            breaks += 1
            continue
        if isinstance(child, str) and not child.strip() and breaks:
            continue
        if breaks == 1 and groups[-1]:
            groups[-1].append(Element("br"))
        elif breaks > 1:
            groups.append([])
        breaks = 0
        groups[-1].append(child)
    made = [Element(paragraph.tag, dict(paragraph.attributes), _ends_trimmed(g)) for g in groups]
    return [each for each in made if _says_something(each)]


def _heading(heading: Element) -> list[Node]:
    """Return a heading without the bold that all of it has anyway."""
    children: list[Node] = []
    for each in heading.children:
        is_bold = isinstance(each, Element) and each.tag == "strong"
        children += each.children if isinstance(each, Element) and is_bold else [each]
    heading.children = _ends_trimmed(folded(children))
    return [heading] if _says_something(heading) else []


def _says_something(element: Element) -> bool:
    return bool(element.text().strip()) or any(each.tag == "img" for each in element.elements())


def _without_gaps(children: list[Node]) -> list[Node]:
    """Drop the space between blocks."""
    if not any(isinstance(each, Element) and each.tag in BLOCKS for each in children):
        return children
    return [each for each in children if isinstance(each, Element) or each.strip()]


def _ends_trimmed(children: list[Node]) -> list[Node]:
    left = list(children)
    for end in (0, -1):
        while left and (
            (isinstance(left[end], str) and not str(left[end]).strip())
            or (isinstance(left[end], Element) and getattr(left[end], "tag", "") == "br")
        ):
            left.pop(end)
        if left and isinstance(left[end], str):
            text = str(left[end])
            left[end] = text.lstrip() if end == 0 else text.rstrip()
    return left


def _nested(children: list[Node]) -> list[Node]:
    """Put a list that stands between items, as Google Docs has it, into the item before it."""
    result: list[Node] = []
    for child in children:
        if not isinstance(child, Element):
            continue
        last = result[-1] if result else None
        if child.tag in {"ul", "ol"} and isinstance(last, Element) and last.tag == "li":
            last.children.append(child)
        else:
            result.append(child)
    return result


def _name_columns(table: Element) -> None:
    """Make a first row that is all bold the head of its table."""
    rows = [each for each in table.elements() if each.tag == "tr"]
    cells = [each for each in (rows or [table])[0].children if isinstance(each, Element)]
    if len(rows) < 2 or not cells or not all(_is_bold(each) for each in cells):
        return
    for cell in cells:
        cell.tag = "th"
        for holder in [cell, *cell.elements()]:
            flat: list[Node] = []
            for each in holder.children:
                bold = isinstance(each, Element) and each.tag == "strong"
                flat += each.children if isinstance(each, Element) and bold else [each]
            holder.children = flat


def _is_bold(cell: Element) -> bool:
    """Say whether all words of a cell are bold."""
    if cell.tag == "th":
        return True
    words = "".join(each.text() for each in cell.elements() if each.tag == "strong")
    return bool(words.strip()) and words.split() == cell.text().split()


def _with_elements(element: Element) -> list[Node]:
    """Return what has only elements in it, without the space between them."""
    element.children = [each for each in element.children if isinstance(each, Element)]
    return [element]


def _table(element: Element) -> list[Node]:
    _with_elements(element)
    _name_columns(element)
    return [element]


def _list(element: Element) -> list[Node]:
    element.children = _nested(element.children)
    return [element]


def _quotation(element: Element) -> list[Node]:
    element.children = in_paragraphs(element.children)
    return [element] if element.children else []


def _cell(element: Element) -> list[Node]:
    element.children = _ends_trimmed(_without_gaps(element.children))
    return [element]


def _picture(element: Element) -> list[Node]:
    """Return a picture of the site; any other has stayed on the writer's machine."""
    return [element] if element.get("src").startswith("/images/") else []


SPECIAL: dict[str, Callable[[Element], list[Node]]] = {
    "p": _paragraphs,
    **dict.fromkeys(("h2", "h3", "h4"), _heading),
    **dict.fromkeys(("ul", "ol"), _list),
    **dict.fromkeys(("tr", "tbody", "thead", "dl"), _with_elements),
    **dict.fromkeys(("li", "td", "th"), _cell),
    "blockquote": _quotation,
    "img": _picture,
    "table": _table,
}
