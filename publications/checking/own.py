"""Addresses of our own: nobody asks the server for them, the database and the disk know."""

from collections.abc import Mapping, Sequence

from django.urls import Resolver404, resolve

from publications.checking.verdicts import Verdict
from publications.models import Attachment, LinkCheck, LinkReason, LinkStatus
from publications.own_pages import missing

WORKS = Verdict(LinkStatus.WORKS)
NOTHING = Verdict(LinkStatus.FAILING, LinkReason.OWN)
NO_FILE = Verdict(LinkStatus.FAILING, LinkReason.FILE)


def own_verdicts(links: Sequence[LinkCheck]) -> Mapping[str, Verdict]:
    """Return what is at these paths, in a fixed number of statements."""
    lost = set(missing([each.url for each in links]))
    found = {each.url: NOTHING if each.url in lost else WORKS for each in links}
    numbers = {url: number for url in found if (number := _file_number(url)) is not None}
    files = Attachment.objects.in_bulk(set(numbers.values()))
    for url, number in numbers.items():
        file = files.get(number)
        if file and url not in lost and not file.file.storage.exists(str(file.file.name)):
            found[url] = NO_FILE
    return found


def _file_number(path: str) -> int | None:
    try:
        match = resolve(path.partition("?")[0])
    except Resolver404:
        return None
    return match.kwargs["pk"] if match.view_name == "publications:attachment" else None
