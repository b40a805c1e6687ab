"""From facts and the table of rules to findings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from publications.checklist.checks import CHECKS
from publications.checklist.facts import WorkFacts, facts_of
from publications.models import CheckLevel, ChecklistRule, Publication


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is to be mended, and the field of the form where that is done."""

    code: str
    text: str
    field: str
    level: CheckLevel


@dataclass(frozen=True, slots=True)
class Checklist:
    """What was found, what blocks first."""

    blocking: Sequence[Finding]
    advice: Sequence[Finding]

    @property
    def findings(self) -> Sequence[Finding]:
        """Return all findings, what blocks first."""
        return [*self.blocking, *self.advice]


def examine(work: Publication) -> Checklist:
    """Look at a saved work, by the rules for its kind."""
    return look_at(facts_of(work), levels_for(work.kind_id))


def look_at(work: WorkFacts, levels: Mapping[str, CheckLevel]) -> Checklist:
    """Look at the facts of a work; a check of which the rules say nothing gives advice."""
    found = [
        Finding(check.code, text, check.field, level)
        for check in CHECKS
        if (level := levels.get(check.code, CheckLevel.ADVICE)) != CheckLevel.OFF
        for text in check.find(work)
    ]
    return Checklist(
        blocking=[each for each in found if each.level == CheckLevel.BLOCKING],
        advice=[each for each in found if each.level == CheckLevel.ADVICE],
    )


def levels_for(kind_id: int | None) -> dict[str, CheckLevel]:
    """Return the level of each check for works of a kind: the exception counts before the rule."""
    rules = ChecklistRule.objects.filter(Q(kind=None) | Q(kind=kind_id)).values_list(
        "check_code", "kind", "level"
    )
    in_turn = sorted(rules, key=lambda rule: rule[1] is not None)
    return {code: CheckLevel(level) for code, _kind, level in in_turn}
