"""Abstract pictures in two colors, drawn from a seed."""

import math
from collections.abc import Callable
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw, ImageOps

from publications.sample.works import Plate

SIZE = (1200, 675)
DRAWN = (1600, 900)
QUALITY = 82
INKS = (
    ("#14386b", "#e9e2d2"), ("#5b1f24", "#efe3d6"), ("#1f3d36", "#e6e4d4"), ("#2c2f3a", "#e7e3dc"),
    ("#3b2a52", "#ece4dd"), ("#0f4a5c", "#eae6d8"), ("#6b4a14", "#f0e8d8"), ("#22304a", "#d9dfe4"),
)  # fmt: skip


def draw(plate: Plate) -> bytes:
    """Return the plate as a JPEG; the same seed gives the same bytes."""
    rng = Random(plate.seed)  # noqa: S311
    dark, light = rng.choice(INKS)
    if rng.random() < 1 / 2:
        dark, light = light, dark
    # One channel is enough to draw and to shrink; the two inks come last.
    gray = Image.new("L", DRAWN, 0)
    MOTIFS[plate.motif](ImageDraw.Draw(gray), rng)
    file = BytesIO()
    picture = ImageOps.colorize(gray.resize(SIZE, Image.Resampling.LANCZOS), dark, light)
    picture.save(file, "JPEG", quality=QUALITY)
    return file.getvalue()


def _tone(share: float) -> int:
    """Return how much of the second ink there is, as a gray value."""
    return round(255 * share)


def _ribs(pen: ImageDraw.ImageDraw, rng: Random) -> None:
    """Arcs that share a center below the frame, like the ribs of a hull."""
    wide, high = DRAWN
    x, y = rng.uniform(0.2, 0.8) * wide, high * rng.uniform(1.0, 1.5)
    step = rng.randint(58, 90)
    for ring in range(4, 34):
        radius = ring * step
        color = _tone(0.15 + 0.8 * rng.random())
        width = rng.randint(5, step // 2)
        pen.arc((x - radius, y - radius, x + radius, y + radius), 180, 360, fill=color, width=width)


def _waves(pen: ImageDraw.ImageDraw, rng: Random) -> None:
    """Layers that overlap from top to bottom, like hills or water."""
    wide, high = DRAWN
    layers = rng.randint(6, 10)
    for layer in range(layers):
        base = high * (0.2 + 0.8 * layer / layers)
        tall, long, phase = rng.uniform(24, 95), rng.uniform(380, 1100), rng.uniform(0, math.tau)
        crest = [
            (x, base + tall * math.sin(x / long * math.tau + phase))
            for x in range(0, wide + 24, 24)
        ]
        pen.polygon([(0, high), *crest, (wide, high)], fill=_tone(layer / layers))


def _grid(pen: ImageDraw.ImageDraw, rng: Random) -> None:
    """Small squares, some lit, thinning out toward one side."""
    wide, high = DRAWN
    cell = rng.choice((45, 60, 75))
    for column in range(0, wide, cell):
        for row in range(0, high, cell):
            if rng.random() > (column / wide) ** 1.3:
                color = _tone(rng.random() ** 1.5)
                pen.rectangle((column + 5, row + 5, column + cell - 5, row + cell - 5), fill=color)


def _discs(pen: ImageDraw.ImageDraw, rng: Random) -> None:
    """A chain of circles along a shallow arc."""
    wide, high = DRAWN
    bend = rng.uniform(-0.25, 0.25) * high
    for place in range(rng.randint(9, 15)):
        across = (place + 0.5) / 13
        x, y = across * wide, high * 0.5 + bend * math.sin(across * math.pi) * 2
        radius = rng.randint(30, 210)
        color = _tone(rng.uniform(0.2, 0.95))
        box = (x - radius, y - radius, x + radius, y + radius)
        if rng.random() < 2 / 5:
            pen.ellipse(box, outline=color, width=7)
        else:
            pen.ellipse(box, fill=color)


def _bars(pen: ImageDraw.ImageDraw, rng: Random) -> None:
    """Upright bars of falling height."""
    wide, high = DRAWN
    x, place = wide * 0.06, 0
    while x < wide * 0.94:
        width = rng.randint(14, 60)
        top = high * (0.12 + 0.6 * (x / wide) * rng.uniform(0.7, 1.2))
        color = _tone(rng.uniform(0.35, 1))
        pen.rectangle((x, top, x + width, high * 0.9), fill=color)
        x += width + rng.randint(14, 30) + place
        place += 1


MOTIFS: dict[str, Callable[[ImageDraw.ImageDraw, Random], None]] = {
    "ribs": _ribs, "waves": _waves, "grid": _grid, "discs": _discs, "bars": _bars,
}  # fmt: skip
