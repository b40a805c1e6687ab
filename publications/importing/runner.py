"""The import itself: lines to records, records to batches, batches to the database."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection, transaction

from publications.importing.authorities import Authorities
from publications.importing.jsonl import MAX_LINE, UnusableError
from publications.importing.kinds import Rules
from publications.importing.mapping import PreparedWork, prepare
from publications.importing.records import Problem, parse
from publications.importing.report import Outcome, Report, Result
from publications.importing.writing import write

BATCH = 500
# Texts are large: a batch also ends when its markup does not fit here.
BATCH_CHARACTERS = 16_000_000
# A file whose first lines all fail is not this kind of file.
PROBE = 100
LOCK = 0x6B65_6931
Line = tuple[int, bytes | None]


class BusyError(Exception):
    """Another import is at work."""


def run(lines: Iterable[Line], rules: Rules, report: Report, *, overwrite: bool) -> None:
    """Import every line, a transaction a batch; what is committed stays when it is interrupted."""
    authorities = Authorities()
    for batch in _batches(_prepared(lines, rules, report)):
        try:
            for result in write(batch, authorities, overwrite=overwrite):
                report.add(result)
        except DatabaseError:
            for result in _one_by_one(batch, overwrite=overwrite):
                report.add(result)
            # What the failed batch had added is not there.
            authorities = Authorities()


@contextmanager
def alone() -> Iterator[None]:
    """Hold off a second import: two at once would each create the same authors."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            raise BusyError
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


@contextmanager
def undone(*, when: bool) -> Iterator[None]:
    """Take everything back at the end of a rehearsal."""
    if not when:
        yield
        return
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _prepared(lines: Iterable[Line], rules: Rules, report: Report) -> Iterator[PreparedWork]:
    """Yield the works of a file; report the lines that are none."""
    seen: dict[tuple[str, str], int] = {}
    for number, data in lines:
        work = _read(number, data, rules)
        if isinstance(work, PreparedWork) and work.key in seen:
            what = f"the same id as on line {seen[work.key]}"
            work = Problem(number, what, work.external_id)
        if isinstance(work, Problem):
            report.add(Result(work.line, work.external_id, Outcome.SKIPPED, why=work.what))
            _ensure_usable(report, works=len(seen), at_least=PROBE)
            continue
        seen[work.key] = number
        yield work
    _ensure_usable(report, works=len(seen), at_least=0)


def _read(number: int, data: bytes | None, rules: Rules) -> PreparedWork | Problem:
    if data is None:
        return Problem(number, f"longer than {MAX_LINE // 1024**2} MB")
    record = parse(number, data)
    return record if isinstance(record, Problem) else prepare(record, rules)


def _ensure_usable(report: Report, *, works: int, at_least: int) -> None:
    if works or report.total < at_least:
        return
    if not report.skipped:
        raise UnusableError("There is nothing in it.")
    first = report.skipped[0]
    raise UnusableError(
        "This is no file of publications, one JSON object a line: "
        f"line {first.line} is {first.why}." if first.why.startswith("not")
        else f"No line can be used; line {first.line} has this: {first.why}."
    )  # fmt: skip


def _batches(works: Iterable[PreparedWork]) -> Iterator[list[PreparedWork]]:
    batch: list[PreparedWork] = []
    characters = 0
    for work in works:
        batch.append(work)
        characters += len(work.content.body)
        if len(batch) == BATCH or characters > BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def _one_by_one(works: Iterable[PreparedWork], *, overwrite: bool) -> Iterator[Result]:
    """Write what can be written of a batch that failed; name the rest."""
    authorities = Authorities()
    for work in works:
        try:
            yield from write([work], authorities, overwrite=overwrite)
        except DatabaseError as error:
            if not connection.is_usable():
                raise
            authorities = Authorities()
            why = "the database refused it: " + str(error).partition("\n")[0]
            yield Result(work.line, work.external_id, Outcome.SKIPPED, why=why)
