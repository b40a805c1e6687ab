"""Plates: drawings that stand where a work has no picture, the same at every visit."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from random import Random
from typing import NamedTuple
from zlib import crc32

from django import template

from publications.models import Publication

register = template.Library()

WIDTH, HEIGHT = 800, 600


class Shape(NamedTuple):
    """A path of SVG: an area, a line, or the one mark in the accent color."""

    path: str
    style: str
    opacity: float = 1


@register.simple_tag
def plate_shapes(work: Publication) -> list[Shape]:
    """Draw the plate of a work: the motif is its kind's, the details are its own."""
    motif = MOTIFS[work.kind.position % len(MOTIFS)]
    dice = Random(crc32(work.slug.encode()))  # noqa: S311 - a drawing, not a secret
    return list(motif(dice))


Shapes = Iterator[Shape]


def _ripples(dice: Random) -> Shapes:
    """Draw rings around two points, like voices that meet."""
    x, y = dice.randrange(440, 700, 20), dice.randrange(120, 300, 20)
    for radius in range(560, 60, -70):
        yield Shape(_circle(x, y, radius), "area", 0.055)
    for radius in range(60, 720, 44):
        yield Shape(_circle(dice.randrange(60, 120), 620, radius), "line", 0.3)
    yield Shape(_circle(x, y, 34), "mark")


def _lattice(dice: Random) -> Shapes:
    """Draw a paper window: panes that let more or less light through."""
    xs = [0, *sorted(dice.sample(range(80, 760, 40), 7)), WIDTH]
    ys = [0, *sorted(dice.sample(range(60, 580, 40), 5)), HEIGHT]
    panes = [(box, dice.random()) for box in _boxes(xs, ys)]
    marked = dice.choice(panes[len(panes) // 2 :])
    for pane in panes:
        box, light = pane
        yield Shape(_box(*box), "mark" if pane is marked else "area", 1 if pane is marked else light * 0.22)
    for x in xs[1:-1]:
        yield Shape(f"M{x} 0v{HEIGHT}", "line", 0.4)
    for y in ys[1:-1]:
        yield Shape(f"M0 {y}h{WIDTH}", "line", 0.4)


def _strata(dice: Random) -> Shapes:
    """Draw layers of uneven length, like the edge of a stack of paper."""
    marked = dice.randrange(6, 16)
    for row, y in enumerate(range(30, HEIGHT, 26)):
        start = 0 if dice.random() < 0.5 else dice.randrange(80, 420, 20)
        length = dice.randrange(200, WIDTH - start // 2, 20)
        box = _box(start, y, start + length, y + 13)
        yield Shape(box, "mark" if row == marked else "area", 1 if row == marked else 0.06 + dice.random() * 0.26)


def _patchwork(dice: Random) -> Shapes:
    """Draw pieced cloth: rows of patches, each in a weave of its own."""
    rows = [0, *sorted(dice.sample(range(120, 560, 40), 3)), HEIGHT]
    boxes = [
        box
        for top, bottom in pairwise(rows)
        for box in _boxes([0, *sorted(dice.sample(range(120, 760, 40), 3)), WIDTH], [top, bottom])
    ]
    marked = dice.choice(boxes[4:])
    for box in boxes:
        yield Shape(_box(*box), "mark" if box is marked else "area", 1 if box is marked else dice.random() * 0.24)
        if box is not marked and dice.random() < 0.4:
            left, top, right, bottom = box
            lines = "".join(f"M{x} {top}V{bottom}" for x in range(left + 12, right, 12))
            yield Shape(lines, "line", 0.24)


def _tide(dice: Random) -> Shapes:
    """Draw a swell under a low sun."""
    yield Shape(_circle(dice.randrange(420, 680, 20), 190, 74), "mark")
    for row, y in enumerate(range(170, 620, 50)):
        width, height = 360 + row * 24, 26 + row * 7
        swell = f"q{width / 4} {-height} {width / 2} 0t{width / 2} 0" * 5
        yield Shape(f"M{-dice.randrange(0, width, 10)} {y}{swell}V{HEIGHT}H-900z", "area", 0.085)


def _skyline(dice: Random) -> Shapes:
    """Draw bars of uneven height on one ground line."""
    marked = dice.randrange(14, 26)
    for column, x in enumerate(range(26, WIDTH - 20, 25)):
        top = 440 - int(300 * dice.random() ** 2) - column * 4
        style = "mark" if column == marked else "area"
        yield Shape(_box(x, top, x + 13, HEIGHT), style, 1 if column == marked else 0.08 + dice.random() * 0.26)


def _boxes(xs: list[int], ys: list[int]) -> list[tuple[int, int, int, int]]:
    return [(left, top, right, bottom) for top, bottom in pairwise(ys) for left, right in pairwise(xs)]


def _box(left: int, top: int, right: int, bottom: int) -> str:
    return f"M{left} {top}H{right}V{bottom}H{left}z"


def _circle(x: int, y: int, radius: int) -> str:
    half = f"a{radius} {radius} 0 1 0"
    return f"M{x - radius} {y}{half} {2 * radius} 0{half} {-2 * radius} 0"


MOTIFS: list[Callable[[Random], Shapes]] = [
    _skyline, _lattice, _ripples, _strata, _patchwork, _tide,
]  # fmt: skip
