"""Pictures on pages: the narrowest version that is enough, in the best format a browser knows."""

import re
from collections.abc import Mapping
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from publications.models import Image
from publications.models.images import CENTER
from publications.templatetags.publications_text import lang_of

register = template.Library()

# How wide a picture stands, for the browser's choice; the same words as in site.css.
SIZES = {
    "page": "(min-width: 60rem) 52rem, calc(100vw - 2.5rem)",
    "lead": "(min-width: 60rem) 34rem, calc(100vw - 2.5rem)",
    "card": "11rem",
    "text": "(min-width: 44rem) 40rem, calc(100vw - 2.5rem)",
}
PLAIN = 960
# Percent between two classes of site.css: a strict policy lets no page have styles of its own.
STEP = 20
IMG = re.compile(r'<img((?:\s+[\w-]+="[^"]*")*)\s*/?>')
OWN = re.compile(r'\ssrc="/images/(\d{1,15})/')
REPLACED = re.compile(r'\s(?:src|width|height|loading|decoding)="[^"]*"')


@register.simple_tag
def picture(image: Image, place: str, *, speaks: bool = True, first: bool = False) -> SafeString:
    """Write an image as it stands in a place; one that does not speak is there for the eye alone.

    `first` is for the picture that a reader sees before scrolling.
    """
    alt = f'alt="{escape(image.alt)}"{lang_of(image.alt)}' if speaks else 'alt=""'
    haste = 'fetchpriority="high"' if first else 'loading="lazy"'
    return mark_safe(_markup(image, place, f"{alt} {haste}"))  # noqa: S308 - escaped


@register.simple_tag
def face(image: Image, size: int, *, speaks: bool = False) -> SafeString:
    """Write a portrait in a small circle."""
    versions = [*image.widths(".jpg"), *image.widths(".webp")]
    src = image.rendition_url(min(versions)[1]) if versions else image.get_absolute_url()
    alt = escape(image.alt) if speaks else ""
    large = " face--large" if speaks else ""
    return mark_safe(  # noqa: S308 - escaped
        f'<img class="face{large}{focus(image)}" src="{escape(src)}" alt="{alt}"'
        f' width="{size}" height="{size}">'
    )


@register.filter
def with_renditions(markup: str, images: Mapping[int, Image]) -> SafeString:
    """Let pictures inside sanitized `markup` load as fast as others; unknown ones stay."""

    def better(found: re.Match[str]) -> str:
        own = OWN.search(found.group(1))
        image = images.get(int(own.group(1))) if own else None
        if image is None:
            return found.group()
        return _markup(image, "text", f'{REPLACED.sub("", found.group(1)).strip()} loading="lazy"')

    return mark_safe(IMG.sub(better, markup))  # noqa: S308 - it was safe


def focus(image: Image) -> str:
    """Return the classes that keep what matters in sight where a picture is cropped."""
    if image.focus_x == image.focus_y == CENTER:
        return ""
    return f" fx{round(image.focus_x / STEP)} fy{round(image.focus_y / STEP)}"


def _markup(image: Image, place: str, attributes: str) -> str:
    sizes = SIZES[place]
    webp, jpeg = _srcset(image, ".webp"), _srcset(image, ".jpg")
    source = f'<source type="image/webp" srcset="{webp}" sizes="{sizes}">' if webp else ""
    choice = f' srcset="{jpeg}" sizes="{sizes}"' if jpeg else ""
    focused = f' class="{focus(image).strip()}"' if focus(image) else ""
    img = (
        f'<img src="{escape(_plain(image))}"{choice} {attributes}{focused}'
        f' width="{image.width}" height="{image.height}" decoding="async">'
    )
    return f"<picture>{source}{img}</picture>" if source else img


def _srcset(image: Image, suffix: str) -> str:
    return ", ".join(
        f"{escape(image.rendition_url(name))} {width}w" for width, name in image.widths(suffix)
    )


def _plain(image: Image) -> str:
    """Return what a browser shows that knows none of the rest."""
    fitting = [name for width, name in image.widths(".jpg") if width <= PLAIN]
    return image.rendition_url(fitting[-1]) if fitting else image.get_absolute_url()
