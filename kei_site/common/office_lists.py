"""The lists of Word: paragraphs that a style calls items, made into real lists."""

import re
from dataclasses import dataclass

from kei_site.common.trees import Element, Node

LEVEL = re.compile(r"mso-list:\s*\w+\s+level(\d)")
MARK = re.compile(r"mso-list:\s*ignore")
NUMBER = re.compile(r"\(?(?:(\d{1,4})|([ivxl]+)|([IVXL]+)|([a-z])|([A-Z]))[.)]")
KINDS = ("", "i", "I", "a", "A")
DEEPEST = 9


@dataclass(frozen=True, slots=True)
class Item:
    """A paragraph that is an item: how deep, with which mark, and what it says."""

    level: int
    mark: str
    children: list[Node]

    @property
    def is_numbered(self) -> bool:
        """Whether the mark counts; the letter o is Word's hollow bullet."""
        return NUMBER.fullmatch(self.mark) is not None


def make_lists(root: Element) -> None:
    """Turn runs of item paragraphs, wherever they stand, into lists."""
    for element in [root, *root.elements()]:
        if any(isinstance(each, Element) and _level(each) for each in element.children):
            element.children = _with_lists(element.children)


def _with_lists(children: list[Node]) -> list[Node]:
    result: list[Node] = []
    run: list[Item] = []
    for child in children:
        if isinstance(child, Element) and (level := _level(child)):
            run.append(_item(child, level))
        elif run and isinstance(child, str) and not child.strip():
            continue
        else:
            result += [*_lists(run), child]
            run = []
    return [*result, *_lists(run)]


def _level(element: Element) -> int:
    found = LEVEL.search(element.get("style").lower()) if element.tag == "p" else None
    return min(int(found[1]), DEEPEST) if found else 0


def _item(paragraph: Element, level: int) -> Item:
    """Take the mark off a paragraph."""
    marks = [each for each in paragraph.elements() if MARK.search(each.get("style").lower())]
    mark = "".join(each.text() for each in marks[:1]).replace("\xa0", " ").strip()
    for each in marks:
        each.children = []
    return Item(level, mark, paragraph.children)


def _lists(run: list[Item]) -> list[Node]:
    """Nest items by their levels; another kind of mark on the first level begins another list."""
    made: list[Node] = []
    open_: list[tuple[int, Element, bool]] = []
    for item in run:
        while open_ and (
            open_[-1][0] > item.level
            or (open_[-1][0] == item.level and open_[-1][2] != item.is_numbered)
        ):
            open_.pop()
        if not open_ or open_[-1][0] < item.level:
            new = _list(item)
            holder = _last_item(open_[-1][1]).children if open_ else made
            holder.append(new)
            open_.append((item.level, new, item.is_numbered))
        open_[-1][1].children.append(Element("li", {}, item.children))
    return made


def _last_item(element: Element) -> Element:
    last = element.children[-1]
    return last if isinstance(last, Element) else element


def _list(item: Item) -> Element:
    found = NUMBER.fullmatch(item.mark)
    if found is None:
        return Element("ul")
    index = next(place for place, group in enumerate(found.groups()) if group)
    attributes = {"type": KINDS[index]} if KINDS[index] else {}
    if found[1] and int(found[1]) != 1:
        attributes["start"] = found[1]
    return Element("ol", attributes)
