"""What decodes pictures: `python -m publications.pictures.child`, with little memory and time.

A picture is a stranger's program for a decoder in C. Whatever happens here is an answer to
the parent: this process reads one picture from standard input, writes into the folder it is
given, prints one line of JSON, and is gone.
"""

import json
import resource
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms, ImageOps

SECONDS = 30
MEMORY = 1536 * 1024 * 1024
MAX_OUTPUT = 64 * 1024 * 1024
MAX_PIXELS = 50_000_000
KINDS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
WIDTHS = (480, 960, 1600)
ORIENTATION = 0x0112
ANEW: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 92, "subsampling": 0},
    "PNG": {},
    "WEBP": {"quality": 92},
    "AVIF": {"quality": 85, "speed": 8},
    "GIF": {},
}


def limit_this_process() -> None:
    """Take away from this process what a picture within our limits does not need."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_OUTPUT, MAX_OUTPUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def check(picture: Any, _folder: Path) -> dict[str, Any]:
    """Decode all of the picture; say what kind it is and whether it lies on its side."""
    moves = bool(getattr(picture, "is_animated", False))
    facts = {
        "kind": picture.format,
        "is_turned": not moves and picture.getexif().get(ORIENTATION, 1) != 1,
        "is_described": bool(picture.info.get("exif") or picture.info.get("xmp")),
        "is_moving": moves,
    }
    # A JPEG is read to its end also when only an eighth of its pixels is wanted.
    picture.draft("RGB", (max(1, picture.width // 8), max(1, picture.height // 8)))
    picture.load()
    return facts


def encode_anew(picture: Any, folder: Path) -> dict[str, Any]:
    """Write the picture upright, with its pixels and colors and nothing else."""
    kind, profile = picture.format, picture.info.get("icc_profile")
    upright = ImageOps.exif_transpose(picture)
    clean = upright.copy()
    clean.info = {
        name: value for name, value in upright.info.items() if name in ("transparency", "gamma")
    }
    clean.getexif().clear()
    options = ANEW[kind] | ({"icc_profile": profile} if profile else {})
    clean.save(folder / "clean", kind, **options)
    return {"kind": kind}


def make_smaller(picture: Any, folder: Path) -> dict[str, Any]:
    """Write the narrower versions; none of a picture that moves."""
    if getattr(picture, "is_animated", False):
        return {"names": []}
    turned = picture.getexif().get(ORIENTATION, 1) >= 5
    width = picture.height if turned else picture.width
    widths = sorted({each for each in WIDTHS if each < width} | {min(width, WIDTHS[-1])})
    # A JPEG is decoded no larger than needed.
    scale = max(1, width // widths[-1])
    picture.draft("RGB", (picture.width // scale, picture.height // scale))
    picture = _in_screen_colors(ImageOps.exif_transpose(picture))
    names = []
    for each in reversed(widths):
        height = max(1, round(picture.height * each / picture.width))
        if picture.size != (each, height):
            picture = picture.resize((each, height), Image.Resampling.LANCZOS)
        picture.save(folder / f"{each}.webp", "WEBP", quality=78, method=4)
        names.append(f"{each}.webp")
        if picture.mode == "RGB":
            picture.save(folder / f"{each}.jpg", "JPEG", quality=80, optimize=True,
                         progressive=True)  # fmt: skip
            names.append(f"{each}.jpg")
    return {"names": sorted(names)}


def _in_screen_colors(picture: Any) -> Any:
    """Return it in sRGB with eight bits: RGB, or RGBA where something shines through."""
    profile = picture.info.get("icc_profile")
    if picture.mode.startswith("I;16") or picture.mode == "I":
        # Pillow would cut 16 bits off instead of scaling them.
        picture = picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if picture.mode in ("P", "LA", "PA", "La") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
    if profile and picture.mode in ("RGB", "CMYK"):
        try:
            picture = ImageCms.profileToProfile(
                picture, BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            picture = picture.convert("RGB")
    if picture.mode == "RGBA" and picture.getchannel("A").getextrema() == (255, 255):
        picture = picture.convert("RGB")
    picture = picture if picture.mode in ("RGB", "RGBA") else picture.convert("RGB")
    picture.info = {}
    return picture


JOBS = {"check": check, "clean": encode_anew, "smaller": make_smaller}


def main(job: str, folder: str) -> int:
    """Do one job with the picture on standard input; 1 for one that cannot be read."""
    limit_this_process()
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    try:
        with Image.open(sys.stdin.buffer, formats=KINDS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                return 1
            facts = JOBS[job](picture, Path(folder))
    except Exception:  # noqa: BLE001 - decoders raise whatever they like
        return 1
    sys.stdout.write(json.dumps(facts))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
