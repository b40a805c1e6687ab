"""Players and charts of others that may stand in a text, as data; nothing else may.

What is stored is a plain link. Readers get a card with that link; only a click loads
anything from the provider, so the provider learns of nobody who did not ask for it.
"""

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

MAX_ADDRESS = 500
NAME = r"[\w-]{1,100}"


@dataclass(frozen=True, slots=True)
class Provider:
    """Who shows something, the addresses of their pages, and of the frame for each."""

    name: str
    kind: str
    pages: tuple[str, ...]
    frame: str
    shape: str = "wide"

    @property
    def frame_host(self) -> str:
        """The origin that a page with this embed lets into a frame."""
        parts = urlsplit(self.frame)
        return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True, slots=True)
class Embed:
    """One thing of a provider: its own page and the frame that shows it."""

    provider: Provider
    address: str
    frame: str


PROVIDERS = (
    Provider(
        "YouTube", "video",
        (
            rf"(?:www\.|m\.)?youtube\.com/watch\?(?:\S*&)?v=(?P<id>{NAME})(?:&\S*)?",
            rf"(?:www\.)?youtube(?:-nocookie)?\.com/(?:embed|live|shorts)/(?P<id>{NAME})(?:\?\S*)?",
            rf"youtu\.be/(?P<id>{NAME})(?:\?\S*)?",
        ),
        "https://www.youtube-nocookie.com/embed/{id}?autoplay=1",
    ),
    Provider(
        "Vimeo", "video",
        (r"(?:www\.|player\.)?vimeo\.com/(?:video/|channels/[\w-]+/)?(?P<id>\d{1,12})(?:[/?]\S*)?",),
        "https://player.vimeo.com/video/{id}?dnt=1&autoplay=1",
    ),
    Provider(
        "SoundCloud", "audio",
        (rf"(?:www\.|m\.)?soundcloud\.com/(?P<id>{NAME}/(?:sets/)?{NAME})/?(?:\?\S*)?",),
        "https://w.soundcloud.com/player/?url=https%3A//soundcloud.com/{id}&auto_play=true",
        "low",
    ),
    Provider(
        "Datawrapper", "chart",
        (
            r"(?:www\.)?datawrapper\.de/_/(?P<id>\w{1,12})/?",
            r"datawrapper\.dwcdn\.net/(?P<id>\w{1,12}(?:/\d{1,4})?)/?",
        ),
        "https://datawrapper.dwcdn.net/{id}/",
        "tall",
    ),
)  # fmt: skip
PATTERNS = tuple(
    (provider, re.compile(page, re.IGNORECASE)) for provider in PROVIDERS for page in provider.pages
)


def read(address: str) -> Embed | None:
    """Return what can be shown of an address; None for all that is not on the list."""
    if len(address) > MAX_ADDRESS:
        return None
    rest = re.sub(r"^https?://", "", address.strip())
    if rest == address.strip():
        return None
    for provider, pattern in PATTERNS:
        if found := pattern.fullmatch(rest):
            frame = provider.frame.format(id=quote(found["id"], safe="/"))
            return Embed(provider, f"https://{rest}", frame)
    return None
