"""Plates: drawings that stand where a work has no picture, the same at every visit."""

from collections.abc import Callable, Iterator
from random import Random
from zlib import crc32

from django import template

from publications.models import Publication

register = template.Library()

WIDTH, HEIGHT = 800, 600
STEP = 50


@register.simple_tag
def plate_shapes(work: Publication) -> list[tuple[str, float]]:
    """Return SVG paths and their opacities: the motif by the kind, its turns by the work."""
    motif = MOTIFS[crc32(work.kind.slug.encode()) % len(MOTIFS)]
    dice = Random(crc32(work.slug.encode()))  # noqa: S311 - a drawing, not a secret
    return [(path, round(opacity, 2)) for path, opacity in motif(dice)]


Shapes = Iterator[tuple[str, float]]


def _arcs(dice: Random) -> Shapes:
    """Draw rings around two points, like ripples that meet."""
    for x, y in ((dice.randint(420, 760), dice.randint(40, 220)), (dice.randint(0, 300), 600)):
        for radius in range(40, 520, 34):
            yield _circle(x, y, radius), 0.5 - radius / 1300


def _strata(dice: Random) -> Shapes:
    """Draw lines of uneven length, like the edge of a stack of paper."""
    for y in range(36, HEIGHT, 24):
        start = 0 if dice.random() < 0.5 else dice.randrange(80, 420, 20)
        yield f"M{start} {y}h{dice.randrange(220, 800, 20)}", 0.2 + 0.4 * dice.random()


def _lattice(dice: Random) -> Shapes:
    """Draw the bars of a paper window."""
    for x in range(STEP, WIDTH, STEP):
        yield f"M{x} 0v{HEIGHT}", 0.34 if x % 200 else 0.6
    for y in sorted(dice.sample(range(STEP, HEIGHT, STEP // 2), 9)):
        yield f"M0 {y}h{WIDTH}", 0.34


def _patchwork(dice: Random) -> Shapes:
    """Draw pieced cloth: rectangles cut again and again."""
    rows = [0, *sorted(dice.sample(range(100, 560, 20), 3)), HEIGHT]
    for top, bottom in zip(rows, rows[1:], strict=False):
        columns = [0, *sorted(dice.sample(range(120, 740, 20), 3)), WIDTH]
        for left, right in zip(columns, columns[1:], strict=False):
            yield f"M{left} {top}H{right}V{bottom}H{left}z", 0.5
            if dice.random() < 0.4:
                for x in range(left + 12, right, 12):
                    yield f"M{x} {top}V{bottom}", 0.24


def _waves(dice: Random) -> Shapes:
    """Draw a swell that flattens toward the horizon."""
    width = dice.choice((160, 200))
    for row, y in enumerate(range(90, 640, 30)):
        height = 6 + row * 2.2
        shift = dice.randrange(0, width, 10)
        path = f"M{-shift} {y}" + f"q{width / 4} {-height} {width / 2} 0t{width / 2} 0" * 7
        yield path, 0.22 + row * 0.022


def _columns(dice: Random) -> Shapes:
    """Draw bars of uneven height on one ground line."""
    for x in range(40, WIDTH, 24):
        yield f"M{x} {HEIGHT}V{dice.randrange(90, 520, 10)}", 0.25 + 0.35 * dice.random()


def _circle(x: int, y: int, radius: int) -> str:
    return f"M{x - radius} {y}a{radius} {radius} 0 1 0 {2 * radius} 0a{radius} {radius} 0 1 0 {-2 * radius} 0"


MOTIFS: list[Callable[[Random], Shapes]] = [
    _arcs, _strata, _lattice, _patchwork, _waves, _columns,
]  # fmt: skip
