"""Whether a color can be read on the page."""

import re

PAPER = "#fdfcf9"
READABLE = 4.5
HEX = re.compile(r"#[0-9a-fA-F]{6}")


def contrast(color: str, on: str = PAPER) -> float:
    """Return the contrast ratio of two hexadecimal colors, from 1 to 21 (WCAG 2)."""
    darker, lighter = sorted((_luminance(color), _luminance(on)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    if not HEX.fullmatch(color):
        raise ValueError(f"{color!r} is not # and six hexadecimal digits")
    red, green, blue = (_linear(int(color[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
