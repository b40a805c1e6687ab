"""Which kind of publication a record is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from publications.importing.content import fold
from publications.importing.records import ImportedWork
from publications.importing.remarks import Noted, Remark

DEFAULT_KIND = "commentary"
# First match wins. The outlet and the source are read together, as “source | outlet”.
KIND_RULES = (
    (re.compile(r"white ?house|press office|newsroom", re.IGNORECASE), "press-releases"),
    (re.compile(r"\bblogs?\b|\b18f\b|digital\.?gov", re.IGNORECASE), "blog"),
    (re.compile(r"podcast", re.IGNORECASE), "podcasts"),
)
NEWSPAPER = re.compile(
    r"\b(?:chronicle|daily|gazette|guardian|herald|journal|news|post|times|tribune)\b|일보|신문",
    re.IGNORECASE,
)
NEWSPAPER_KIND = "op-eds"


@dataclass(frozen=True, slots=True)
class Rules:
    """What one run decides for every line."""

    # Slugs and lower-case names of the kinds, and the slug each stands for.
    kinds: Mapping[str, str]
    source: str = ""
    kind: str = ""


def kind_of(
    record: ImportedWork, rules: Rules, *, outlet: str, outlet_url: str
) -> tuple[str, list[Noted]]:
    """Choose a kind: the line's own, the operator's, or what outlet and source suggest."""
    named = rules.kinds.get(fold(record.kind))
    if named:
        return named, []
    notes = [Noted(Remark.UNKNOWN_KIND, record.kind[:60])] if record.kind.strip() else []
    suggested = rules.kind or _suggested(record.source, outlet, outlet_url)
    return rules.kinds.get(suggested) or next(iter(rules.kinds.values())), notes


def _suggested(source: str, outlet: str, outlet_url: str) -> str:
    where = f"{source} | {outlet}"
    for pattern, kind in KIND_RULES:
        if pattern.search(where):
            return kind
    return NEWSPAPER_KIND if outlet_url and NEWSPAPER.search(outlet) else DEFAULT_KIND
