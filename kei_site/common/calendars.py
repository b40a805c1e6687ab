"""What the calendar of the desk is made of: each application gives its own entries."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

# So many entries of one sort a month are shown.
MOST = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happens, or happened, at a moment."""

    at: datetime
    # The name of its sort, which is also that of what moves it.
    sort: str
    label: str
    title: str
    pk: int
    # Where its own form is; empty where the account has none.
    url: str = ""
    is_movable: bool = False
    # Of what lasts.
    until: datetime | None = None


class Source(Protocol):
    """Gives the entries between two moments that an account may see."""

    def __call__(self, user: Any, since: datetime, until: datetime) -> list[Entry]: ...


@dataclass(frozen=True, slots=True)
class Mover:
    """How entries of one sort get another time."""

    heading: Any
    find: Callable[[int], Any]
    form: Callable[..., Any]
    # What the form shows of a thing, and what is done with what was typed.
    initial: Callable[[Any], Mapping[str, Any]]
    move: Callable[[Any, Any, Mapping[str, Any]], None]
    may: Callable[[Any, Any], bool]
