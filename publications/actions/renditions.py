"""Making the smaller versions of pictures, one by one, outside any request."""

from dataclasses import dataclass

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction

from publications.models import Image, Rendering
from publications.pictures import decoding


@dataclass(frozen=True, slots=True)
class Rendered:
    """What became of one picture."""

    image: Image
    outcome: Rendering


@transaction.atomic
def render_next() -> Rendered | None:
    """Make the smaller versions of one picture that waits; None when none does.

    The row is held meanwhile, so that several may work at once and a killed one leaves nothing
    behind: the picture waits again. A broken picture is marked, and not tried again.
    """
    waiting = Image.objects.filter(rendering=Rendering.WAITING).order_by("pk")
    # Not a full lock: works that begin to use the picture need not wait.
    image = waiting.select_for_update(skip_locked=True, no_key=True).first()
    if image is None:
        return None
    names = _make(image)
    image.renditions = names or []
    if names is None:
        image.rendering = Rendering.BROKEN
    else:
        image.rendering = Rendering.MADE if names else Rendering.AS_IT_IS
    image.save(update_fields=["rendering", "renditions"])
    return Rendered(image, Rendering(image.rendering))


def make_all_anew() -> int:
    """Let every picture wait again; return how many there are."""
    return Image.objects.update(rendering=Rendering.WAITING)


def _make(image: Image) -> list[str] | None:
    """Store the smaller versions; None for a file that is gone or broken."""
    try:
        stream = image.file.open("rb")
    except OSError:
        return None
    with stream, decoding.smaller(stream) as made:
        if made is None:
            return None
        for name in made.names:
            path = image.rendition_path(name)
            # What an interrupted run left there would push the new one to another name.
            default_storage.delete(path)
            with (made.folder / name).open("rb") as file:
                default_storage.save(path, File(file))
        return list(made.names)
