"""Plates: drawings that stand where a work has no picture, the same at every visit."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from random import Random
from typing import NamedTuple
from zlib import crc32

from django import template

from publications.models import Publication

register = template.Library()

WIDTH, HEIGHT = 800, 600
TINTS = 5


class Box(NamedTuple):
    """A rectangle by its edges."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def path(self) -> str:
        """The rectangle as an SVG path."""
        return f"M{self.left} {self.top}H{self.right}V{self.bottom}H{self.left}z"


class Shape(NamedTuple):
    """A path of SVG: an area, a line, or the one mark in the accent color."""

    path: str
    style: str
    opacity: float = 1


type Shapes = Iterator[Shape]


@register.simple_tag
def plate_shapes(work: Publication) -> list[Shape]:
    """Draw the plate of a work: the motif is its kind's, the details are its own."""
    motif = MOTIFS[work.kind.position % len(MOTIFS)]
    dice = Random(crc32(work.slug.encode()))  # noqa: S311 - a drawing, not a secret
    return list(motif(dice))


def _lattice(dice: Random) -> Shapes:
    """Draw a paper window: panes that let more or less light through."""
    xs = [0, *sorted(dice.sample(range(80, 760, 40), 7)), WIDTH]
    ys = [0, *sorted(dice.sample(range(60, 580, 40), 5)), HEIGHT]
    yield from _tinted(list(_grid(xs, ys)), dice)
    bars = [f"M{x} 0v{HEIGHT}" for x in xs[1:-1]] + [f"M0 {y}h{WIDTH}" for y in ys[1:-1]]
    yield Shape("".join(bars), "line", 0.4)


def _patchwork(dice: Random) -> Shapes:
    """Draw pieced cloth: rows of patches, some of them in a weave of their own."""
    rows = [0, *sorted(dice.sample(range(120, 560, 40), 3)), HEIGHT]
    patches: list[Box] = []
    for row in pairwise(rows):
        patches += _grid([0, *sorted(dice.sample(range(120, 760, 40), 3)), WIDTH], row)
    yield from _tinted(patches, dice)
    for box in dice.sample(patches, 5):
        weave = (f"M{x} {box.top}V{box.bottom}" for x in range(box.left + 12, box.right, 12))
        yield Shape("".join(weave), "line", 0.24)


def _strata(dice: Random) -> Shapes:
    """Draw layers of uneven length, like the edge of a stack of paper."""
    layers = []
    for y in range(30, HEIGHT, 26):
        start = 0 if dice.random() < 0.5 else dice.randrange(80, 420, 20)
        length = dice.randrange(200, WIDTH - start // 2, 20)
        layers.append(Box(start, y, start + length, y + 13))
    yield from _tinted(layers, dice)


def _skyline(dice: Random) -> Shapes:
    """Draw bars of uneven height on one ground line."""
    bars = []
    for x in range(26, WIDTH - 20, 25):
        top = 440 - int(300 * dice.random() ** 2) - x // 6
        bars.append(Box(x, top, x + 13, HEIGHT))
    yield from _tinted(bars, dice)


def _ripples(dice: Random) -> Shapes:
    """Draw rings around two points, like voices that meet."""
    x, y = dice.randrange(440, 700, 20), dice.randrange(120, 300, 20)
    for radius in range(560, 60, -70):
        yield Shape(_circle(x, y, radius), "area", 0.055)
    left = dice.randrange(60, 120)
    rings = (_circle(left, 620, radius) for radius in range(60, 720, 44))
    yield Shape("".join(rings), "line", 0.3)
    yield Shape(_circle(x, y, 34), "mark")


def _tide(dice: Random) -> Shapes:
    """Draw a swell under a low sun."""
    yield Shape(_circle(dice.randrange(420, 680, 20), 190, 74), "mark")
    for row, y in enumerate(range(170, 620, 50)):
        width, height = 360 + row * 24, 26 + row * 7
        swell = f"q{width // 4} {-height} {width // 2} 0" + f"t{width // 2} 0" * 9
        yield Shape(f"M{-dice.randrange(0, width, 10)} {y}{swell}V{HEIGHT}H-900z", "area", 0.085)


MOTIFS: list[Callable[[Random], Shapes]] = [
    _skyline, _lattice, _ripples, _strata, _patchwork, _tide,
]  # fmt: skip


def _tinted(boxes: list[Box], dice: Random) -> Shapes:
    """Give each box one of a few tints, and one of the lower half the accent."""
    marked = dice.choice(boxes[len(boxes) // 2 :])
    tints: dict[int, str] = defaultdict(str)
    for box in boxes:
        if box is not marked:
            tints[dice.randint(1, TINTS)] += box.path
    for tint, path in sorted(tints.items()):
        yield Shape(path, "area", 0.05 * tint)
    yield Shape(marked.path, "mark")


def _grid(xs: Iterable[int], ys: Iterable[int]) -> Iterator[Box]:
    columns = list(pairwise(xs))
    for top, bottom in pairwise(ys):
        for left, right in columns:
            yield Box(left, top, right, bottom)


def _circle(x: int, y: int, radius: int) -> str:
    half = f"a{radius} {radius} 0 1 0"
    return f"M{x - radius} {y}{half} {2 * radius} 0{half} {-2 * radius} 0"
