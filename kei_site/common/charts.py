"""Charts as numbers for a drawing: no script, and every figure is in a table as well."""

from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT = 100


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar, one unit wide: its label, its figure, and where it is drawn from above."""

    place: int
    label: str
    value: int
    top: float
    height: float


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars above a base line, and below it for figures under zero."""

    title: str
    bars: list[Bar]
    base: float
    most: int
    least: int

    @property
    def width(self) -> int:
        """How many units wide the drawing is."""
        return len(self.bars)

    @property
    def height(self) -> int:
        """How many units high the drawing is."""
        return HEIGHT

    @property
    def first(self) -> str:
        """The label at the left end."""
        return self.bars[0].label if self.bars else ""

    @property
    def last(self) -> str:
        """The label at the right end."""
        return self.bars[-1].label if self.bars else ""


def bar_chart(title: str, figures: Sequence[tuple[str, int]]) -> Chart:
    """Draw labeled figures to the scale of the largest; what is not nothing can be seen."""
    values = [value for _label, value in figures]
    most, least = max([0, *values]), min([0, *values])
    unit = HEIGHT / ((most - least) or 1)
    base = most * unit
    bars = [_bar(place, *figure, unit, base) for place, figure in enumerate(figures)]
    return Chart(title, bars, round(base, 2), most, least)


def _bar(place: int, label: str, value: int, unit: float, base: float) -> Bar:
    height = max(abs(value) * unit, 1) if value else 0
    top = base - height if value > 0 else base
    return Bar(place, label, value, round(min(max(top, 0), HEIGHT - height), 2), round(height, 2))
