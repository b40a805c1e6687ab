"""What may be a translation of what."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from publications.models import Publication


def original_of(work: Publication) -> Publication:
    """Return the work in its first language: all translations hang on that one."""
    return work.translation_of or work


def ensure_fits(work: Publication) -> None:
    """Refuse a translation whose language is there already, and one that has its own."""
    works: Any = Publication.objects.only("pk", "language", "title")
    own = works.filter(translation_of=work.pk) if work.pk else works.none()
    if work.translation_of_id is None:
        _ensure_free(work, own)
        return
    if own.exists():
        raise ValidationError(
            {"translation_of": _("This work has translations itself; choose it in their forms.")}
        )
    root = work.translation_of_id
    family = works.filter(pk=root) | works.filter(translation_of=root)
    _ensure_free(work, family.exclude(pk=work.pk))


def _ensure_free(work: Publication, family: Any) -> None:
    same = family.filter(language=work.language).first()
    if same is not None:
        raise ValidationError(
            {
                "language": _("“%(title)s” is the same work in this language already.")
                % {"title": same.title}
            }
        )
