"""One batch of works into the database, in a fixed number of statements."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import connection, transaction
from django.utils import timezone

from publications.actions.after import after_write
from publications.actions.recording import begin_histories, record_many
from publications.importing.authorities import Authorities
from publications.importing.content import content_of, fold
from publications.importing.mapping import PreparedWork
from publications.importing.remarks import Noted, Remark
from publications.importing.report import Outcome, Result
from publications.models import Act, Contribution, Publication, Tagging
from publications.states import Status

EDITED = "changed here by staff since the last import; --overwrite replaces it"
WITHDRAWN = "withdrawn here; an import does not bring it back"
IMPORTED_FIELDS = [
    "kind", "title", "standfirst", "body", "language", "status", "published_at", "outlet",
    "outlet_url", "outlet_date", "rights", "full_text_from", "content_hash", "updated_at",
]  # fmt: skip
Key = tuple[str, str]


@transaction.atomic
def write(
    works: Sequence[PreparedWork], authorities: Authorities, *, overwrite: bool
) -> list[Result]:
    """Create what is new, update what changed in the file, leave the rest alone.

    All or nothing. A work that is the same in the file as at the last import is
    not touched at all, nor is one that staff have changed or withdrawn.
    """
    known = _known(works)
    skipped = _kept_by_staff(
        [work for work in works if _has_changed(work, known)], overwrite=overwrite
    )
    new = [work for work in works if work.key not in known]
    changed = [work for work in works if _has_changed(work, known) and work.key not in skipped]
    authorities.add_missing([*new, *changed])
    remarks = _create(new, authorities) | _update(changed, authorities)
    # Deferred constraints speak now, while the batch can still be taken apart.
    connection.check_constraints()
    return [_result(work, known, skipped, remarks) for work in works]


def _known(works: Iterable[PreparedWork]) -> dict[Key, str]:
    """Return the fingerprints of those works that an earlier run wrote."""
    keys = {work.key for work in works}
    rows = Publication.objects.filter(
        source__in={source for source, _ in keys}, external_id__in={name for _, name in keys}
    ).values_list("source", "external_id", "content_hash")
    return {(source, name): hash_ for source, name, hash_ in rows if (source, name) in keys}


def _has_changed(work: PreparedWork, known: Mapping[Key, str]) -> bool:
    return known.get(work.key, work.fingerprint) != work.fingerprint


def _kept_by_staff(works: Sequence[PreparedWork], *, overwrite: bool) -> dict[Key, str]:
    """Return the works that stay as staff have them, each with the reason."""
    kept = {}
    for row in _rows(works):
        if row.status == Status.WITHDRAWN:
            kept[row.source, row.external_id] = WITHDRAWN
        elif not overwrite and content_of(row).fingerprint != row.content_hash:
            kept[row.source, row.external_id] = EDITED
    return kept


def _rows(works: Sequence[PreparedWork]) -> list[Publication]:
    """Load and lock the publications behind these works."""
    if not works:
        return []
    keys = {work.key for work in works}
    rows = (
        Publication.objects.select_for_update(of=("self",))
        .filter(
            source__in={source for source, _ in keys}, external_id__in={name for _, name in keys}
        )
        .select_related("kind", "outlet")
        .prefetch_related("contributions__author", "tags")
        .order_by("pk")
    )
    return [row for row in rows if (row.source, row.external_id) in keys]


def _create(works: Sequence[PreparedWork], authorities: Authorities) -> dict[Key, list[Noted]]:
    remarks: dict[Key, list[Noted]] = {}
    rows = []
    for work in works:
        slug = authorities.slugs.take(work.slug)
        if slug != work.slug:
            remarks[work.key] = [Noted(Remark.REPEATED_TITLE, slug)]
        row = Publication(source=work.source, external_id=work.external_id, slug=slug)
        _fill(row, work, authorities)
        rows.append(row)
    Publication.objects.bulk_create(rows)
    _link(rows, works, authorities)
    return _with_shared_names(remarks, works, authorities)


def _update(works: Sequence[PreparedWork], authorities: Authorities) -> dict[Key, list[Noted]]:
    by_key = {(row.source, row.external_id): row for row in _rows(works)}
    rows = [by_key[work.key] for work in works]
    begin_histories(rows)
    for row, work in zip(rows, works, strict=True):
        _fill(row, work, authorities)
        row.updated_at = timezone.now()
    Publication.objects.bulk_update(rows, IMPORTED_FIELDS, batch_size=100)
    Contribution.objects.filter(publication__in=rows).delete()
    Tagging.objects.filter(content_object__in=rows).delete()
    _link(rows, works, authorities)
    return _with_shared_names({}, works, authorities)


def _fill(row: Publication, work: PreparedWork, authorities: Authorities) -> None:
    """Set every column that an import owns; the slug is set once and stays."""
    content = work.content
    row.kind_id = authorities.kinds[content.kind]
    row.title = content.title
    row.standfirst = content.standfirst
    row.body = content.body
    row.language = content.language
    row.status = content.status
    row.published_at = content.published_at
    row.outlet_id = authorities.outlets[fold(content.outlet)] if content.outlet else None
    row.outlet_url = content.outlet_url
    row.outlet_date = content.outlet_date
    row.rights = content.rights
    row.full_text_from = None
    row.content_hash = work.fingerprint


def _link(
    rows: Sequence[Publication], works: Sequence[PreparedWork], authorities: Authorities
) -> None:
    """Write bylines and tags, then whatever derives from all of it."""
    pairs = list(zip(rows, works, strict=True))
    Contribution.objects.bulk_create(
        Contribution(publication=row, author_id=authorities.authors[fold(name)], position=position)
        for row, work in pairs
        for position, name in enumerate(work.content.authors, start=1)
    )
    Tagging.objects.bulk_create(
        Tagging(content_object=row, tag_id=authorities.tags[fold(name)])
        for row, work in pairs
        for name in work.content.tags
    )
    if rows:
        after_write(*rows)
        record_many(rows, by=None, act=Act.IMPORTED)


def _with_shared_names(
    remarks: dict[Key, list[Noted]], works: Iterable[PreparedWork], authorities: Authorities
) -> dict[Key, list[Noted]]:
    for work in works:
        for name in work.content.authors:
            if fold(name) in authorities.shared_names:
                remarks.setdefault(work.key, []).append(Noted(Remark.SAME_NAME, name))
    return remarks


def _result(
    work: PreparedWork,
    known: Mapping[Key, str],
    skipped: Mapping[Key, str],
    remarks: Mapping[Key, list[Noted]],
) -> Result:
    if work.key in skipped:
        return Result(work.line, work.external_id, Outcome.SKIPPED, why=skipped[work.key])
    if work.key in known and not _has_changed(work, known):
        return Result(work.line, work.external_id, Outcome.UNCHANGED)
    outcome = Outcome.UPDATED if work.key in known else Outcome.CREATED
    said = (*work.remarks, *remarks.get(work.key, ()))
    return Result(work.line, work.external_id, outcome, remarks=said)
