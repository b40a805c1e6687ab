"""The passage of a text that shows why it was found."""

import re
from collections.abc import Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from kei_site.common.html import to_text

LENGTH = 240
ENDINGS = re.compile(r"(?:ies|ing|ed|es|s|y)$", re.IGNORECASE)
HANGUL = re.compile(r"[가-힣]")


def fragment(body: str, words: Sequence[str]) -> SafeString:
    """Return about 240 characters around the first of `words` in `body`, the words marked."""
    pattern = _pattern(words)
    text = to_text(body)
    first = pattern.search(text) if pattern else None
    if pattern is None or first is None:
        return mark_safe("")
    start = text.rfind(" ", 0, max(0, first.start() - LENGTH // 3)) + 1
    stop = text.find(" ", start + LENGTH)
    passage = text[start:] if stop < 0 else text[start:stop]
    marked = highlight(passage, words)
    return mark_safe(f"{'… ' if start else ''}{marked}{'' if stop < 0 else ' …'}")  # noqa: S308


def highlight(text: str, words: Sequence[str]) -> SafeString:
    """Escape `text` and mark `words` in it."""
    pattern = _pattern(words)
    if pattern is None:
        return escape(text)
    pieces: list[str] = []
    end = 0
    for found in pattern.finditer(text):
        pieces += [escape(text[end : found.start()]), "<mark>", escape(found.group()), "</mark>"]
        end = found.end()
    return mark_safe("".join([*pieces, escape(text[end:])]))  # noqa: S308


def _pattern(words: Sequence[str]) -> re.Pattern[str] | None:
    """Match the words and their inflections: English by the start of a word, Hangul anywhere."""
    parts = []
    for word in words:
        if HANGUL.search(word):
            parts.append(re.escape(word))
        else:
            stem = ENDINGS.sub("", word) if len(word) > 4 else word
            tail = r"\w{0,5}" if len(word) > 3 else ""
            parts.append(rf"\b{re.escape(stem)}{tail}\b")
    return re.compile("|".join(parts), re.IGNORECASE) if parts else None
