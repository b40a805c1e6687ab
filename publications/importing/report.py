"""What an import did: counts for the screen, one line for each work with something to tell."""

import json
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TextIO

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from publications.importing.remarks import Noted, Remark

SHOWN = 20


class Outcome(StrEnum):
    """What became of a line, in the words of the report."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one line."""

    line: int
    external_id: str
    outcome: Outcome
    why: str = ""
    remarks: tuple[Noted, ...] = ()


@dataclass(slots=True)
class Report:
    """A tally of results; written to `file` line by line, so that memory stays flat."""

    file: TextIO | None = None
    counts: Counter[Outcome] = field(default_factory=Counter)
    remarks: Counter[Remark] = field(default_factory=Counter)
    examples: dict[Remark, str] = field(default_factory=dict)
    skipped: list[Result] = field(default_factory=list)

    def add(self, result: Result) -> None:
        """Count one result, and keep what is shown of it."""
        self.counts[result.outcome] += 1
        for remark in {noted.remark for noted in result.remarks}:
            self.remarks[remark] += 1
            self.examples.setdefault(remark, f"line {result.line}, {result.external_id[:60]}")
        if result.outcome == Outcome.SKIPPED and len(self.skipped) < SHOWN:
            self.skipped.append(result)
        if self.file and (result.why or result.remarks):
            self.file.write(json.dumps(_as_json(result), ensure_ascii=False) + "\n")

    @property
    def total(self) -> int:
        """How many lines have been accounted for."""
        return self.counts.total()

    @property
    def works(self) -> int:
        """How many of them are works on this site now."""
        return self.total - self.counts[Outcome.SKIPPED]

    def show(self, console: Console, *, seconds: float, heading: str) -> None:
        """Print the table of counts, the remarks, and the first of what was skipped."""
        table = Table(show_header=False)
        table.add_column(justify="right")
        table.add_column(overflow="fold")
        for outcome in Outcome:
            table.add_row(f"{self.counts[outcome]:,}", outcome.value)
        table.add_section()
        for remark, count in self.remarks.most_common():
            table.add_row(f"{count:,}", f"{remark.value} ({escape(self.examples[remark])})")
        console.print(heading)
        console.print(table)
        for result in self.skipped:
            name = f" ({result.external_id[:80]})" if result.external_id else ""
            console.print(f"Skipped line {result.line}{name}: {result.why}.", markup=False)
        if more := self.counts[Outcome.SKIPPED] - len(self.skipped):
            console.print(f"… and {more:,} more; --report FILE lists all of them.")
        console.print(f"{self.total:,} lines in {seconds:.1f} s.")


def _as_json(result: Result) -> dict[str, object]:
    return {
        "line": result.line,
        "id": result.external_id,
        "outcome": result.outcome,
        "why": result.why,
        "remarks": [
            f"{noted.remark} ({noted.detail})" if noted.detail else noted.remark.value
            for noted in result.remarks
        ],
    }
