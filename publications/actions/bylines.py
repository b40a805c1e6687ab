"""Who stands in a byline, in which order."""

from collections.abc import Sequence

from publications.models import Contribution


def write_byline(contributions: Sequence[Contribution]) -> None:
    """Write rows of a byline; rows that were there before are written anew.

    Two rows that trade places or names never meet in the database this way.
    """
    old = [row.pk for row in contributions if row.pk]
    Contribution.objects.filter(pk__in=old).delete()
    for row in contributions:
        row.pk = None
        row._state.adding = True  # noqa: SLF001
        row.publication_id = row.publication.pk
    Contribution.objects.bulk_create(contributions)
