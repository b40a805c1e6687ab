"""The institute's color in mail, where a style sheet cannot darken it until it can be read."""

INK = "#1a1c20"
# WCAG 2.2 asks for 4.5:1; the paper of our mail is nearly white.
LIGHTEST = 0.177


def readable(color: str) -> str:
    """Return the color, or the ink where it is too light for text on paper."""
    channels = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels
    )
    return color if 0.2126 * red + 0.7152 * green + 0.0722 * blue < LIGHTEST else INK
