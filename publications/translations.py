"""The same work in other languages, as readers may find it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q

from publications.models import Publication

# Said in the language that is offered, to those who read it.
INVITATIONS = {
    "en": "Read in English",
    "ko": "한국어로 읽기",
    "es": "Leer en español",
    "fr": "Lire en français",
    "de": "Auf Deutsch lesen",
    "ja": "日本語で読む",
    "zh": "阅读中文版",
    "ru": "Читать по-русски",
}


@dataclass(frozen=True, slots=True)
class Translation:
    """A work in one language."""

    language: str
    path: str
    is_original: bool

    @property
    def invitation(self) -> str:
        """What to call the link to it."""
        return INVITATIONS[self.language]

    @property
    def url(self) -> str:
        """The whole address."""
        return f"{settings.SITE_URL}{self.path}"


def family_of(work: Publication) -> list[Translation]:
    """List the published works that are `work` in some language, with itself; alone it is none."""
    family = _members([work.translation_of_id or work.pk])
    others = [each for each in family if each.pk != work.pk]
    return [_translation(each) for each in [work, *others]] if others else []


def families(first: int, last: int) -> Mapping[str, list[Translation]]:
    """Return the families of works with ids from `first` to `last`, by path, in two queries."""
    translated = Publication.objects.published().filter(translation_of__isnull=False)
    near = Q(pk__range=(first, last)) | Q(translation_of__gte=first, translation_of__lte=last)
    roots = translated.filter(near).order_by().values_list("translation_of", flat=True).distinct()
    found: dict[int, list[Translation]] = {}
    for member in _members(roots):
        root = member.translation_of_id or member.pk
        found.setdefault(root, []).append(_translation(member))
    return {
        member.path: family for family in found.values() if len(family) > 1 for member in family
    }


def _members(roots: Iterable[int]) -> list[Publication]:
    ids = list(roots)
    if not ids:
        return []
    works = Publication.objects.published().only("slug", "language", "translation_of")
    return list(works.filter(Q(pk__in=ids) | Q(translation_of__in=ids)).order_by("language"))


def _translation(work: Publication) -> Translation:
    return Translation(work.language, work.get_absolute_url(), work.translation_of_id is None)
