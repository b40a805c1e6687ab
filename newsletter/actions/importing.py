"""Taking in subscribers who agreed somewhere else."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import batched

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsletter.addresses import Address
from newsletter.importing import Candidate
from newsletter.models import (
    ConsentEvent,
    ConsentKind,
    MailingList,
    Subscriber,
    Subscription,
    SubscriptionStatus,
    Suppression,
)

BATCH = 1_000
MAX_PROOF = 2_000


class Outcome(models.TextChoices):
    """What becomes of a row."""

    NEW = "new", gettext_lazy("New subscribers")
    ADDED = "added", gettext_lazy("Known already, now on this list as well")
    ALREADY = "already", gettext_lazy("On this list already")
    DUPLICATE = "duplicate", gettext_lazy("Twice in the file")
    LEFT = "left", gettext_lazy("Left earlier, and not brought back")
    SUPPRESSED = "suppressed", gettext_lazy("Suppressed, and stays so")
    INVALID = "invalid", gettext_lazy("No address that can be written to")


TAKEN = (Outcome.NEW, Outcome.ADDED)
# What staff may want to look into, line by line.
REMARKABLE = (Outcome.DUPLICATE, Outcome.LEFT, Outcome.SUPPRESSED, Outcome.INVALID)


@dataclass(frozen=True, slots=True)
class Remark:
    """Why a row was not taken in."""

    line: int
    typed: str
    outcome: Outcome
    problem: str

    def __str__(self) -> str:
        said = _("Line %(line)d: %(typed)s – %(why)s")
        why = self.problem or self.outcome.label
        return said % {"line": self.line, "typed": self.typed[:100], "why": why}


@dataclass(frozen=True, slots=True)
class Plan:
    """Where the people go, and where and when they agreed to it."""

    mailing_list: MailingList
    proof: str
    form_address: str
    is_rehearsal: bool = False


@dataclass(slots=True)
class Report:
    """How many rows had which outcome."""

    counts: Counter[Outcome] = field(default_factory=Counter)
    other_languages: int = 0

    @property
    def lines(self) -> list[tuple[str, int]]:
        """Each outcome in words, with its number of rows."""
        return [(str(each.label), self.counts[each]) for each in Outcome]


def import_subscribers(
    candidates: Iterable[Candidate], plan: Plan, *, remark: Callable[[Remark], None]
) -> Report:
    """Put people on a list without a mail, each with the proof of consent.

    Every 1,000 rows are one transaction. A second run changes nothing; a rehearsal
    says what would happen. Raises a ValidationError when there is no proof.
    """
    if not plan.proof.strip() or len(plan.proof) > MAX_PROOF:
        raise ValidationError(_("Say where and when these people agreed, in 2,000 characters."))
    report = Report()
    seen: set[str] = set()
    for rows in batched(candidates, BATCH):
        outcomes = _take_in(_first_of_each(rows, seen), plan)
        for row in rows:
            outcome = _outcome(row, outcomes)
            report.counts[outcome] += 1
            report.other_languages += outcome in TAKEN and row.has_other_language
            if outcome in REMARKABLE:
                remark(Remark(row.line, row.typed, outcome, row.problem))
    return report


def _first_of_each(rows: Sequence[Candidate], seen: set[str]) -> list[Candidate]:
    """Return the rows whose address was not in the file before, ordered by address.

    In the same order everywhere, two imports at once wait and never lock each other out.
    """
    first: dict[str, Candidate] = {}
    for row in rows:
        if row.address and row.address.normalized not in seen:
            first.setdefault(row.address.normalized, row)
    seen.update(first)
    return [first[name] for name in sorted(first)]


def _outcome(row: Candidate, outcomes: dict[str, Outcome]) -> Outcome:
    """Return the outcome of a row; the address counts once, what follows repeats it."""
    if row.address is None:
        return Outcome.INVALID
    return outcomes.pop(row.address.normalized, Outcome.DUPLICATE)


@transaction.atomic
def _take_in(rows: Sequence[Candidate], plan: Plan) -> dict[str, Outcome]:
    """Write what has to be written for these addresses and return what became of each."""
    # One import of a list at a time: the same file twice at once is the same file once.
    MailingList.objects.select_for_update(no_key=True).get(pk=plan.mailing_list.pk)
    found = {each.address.normalized: each for each in rows if each.address}
    known = {
        each.normalized: each
        for each in Subscriber.objects.select_for_update()
        .filter(normalized__in=found)
        .order_by("normalized")
    }
    outcomes = _decide([each.address for each in rows if each.address], known, plan.mailing_list)
    if not plan.is_rehearsal:
        new = [found[each] for each, outcome in outcomes.items() if outcome is Outcome.NEW]
        added = [known[each] for each, outcome in outcomes.items() if outcome is Outcome.ADDED]
        _subscribe([*_stored(new), *added], plan)
    return outcomes


def _decide(
    addresses: Sequence[Address], known: dict[str, Subscriber], mailing_list: MailingList
) -> dict[str, Outcome]:
    """Say what becomes of each address."""
    hashes = {each: address.normalized for address in addresses for each in address.hashes}
    suppressed = _addresses_of(Suppression.objects.all(), hashes)
    # Also of people whose subscriber is not stored any more.
    gone = _addresses_of(
        ConsentEvent.objects.filter(kind__in=[ConsentKind.UNSUBSCRIBED, ConsentKind.ERASED]), hashes
    )
    statuses: dict[int, dict[int, str]] = {each.pk: {} for each in known.values()}
    for subscriber_id, list_id, status in Subscription.objects.filter(
        subscriber__in=statuses
    ).values_list("subscriber_id", "mailing_list_id", "status"):
        statuses[subscriber_id][list_id] = status

    def outcome(name: str) -> Outcome:
        lists = statuses[known[name].pk] if name in known else {}
        here = lists.get(mailing_list.pk)
        if name in suppressed:
            return Outcome.SUPPRESSED
        if here == SubscriptionStatus.ACTIVE:
            return Outcome.ALREADY
        if here == SubscriptionStatus.UNSUBSCRIBED:
            return Outcome.LEFT
        if SubscriptionStatus.ACTIVE not in lists.values() and name in gone:
            return Outcome.LEFT
        return Outcome.ADDED if name in known else Outcome.NEW

    return {each.normalized: outcome(each.normalized) for each in addresses}


def _addresses_of(rows: models.QuerySet[models.Model], hashes: dict[str, str]) -> set[str]:
    """Return the addresses that have a row under one of their hashes."""
    found = rows.filter(address_hash__in=hashes).order_by().values_list("address_hash", flat=True)
    return {hashes[each] for each in found}


def _stored(rows: Sequence[Candidate]) -> list[Subscriber]:
    """Store new subscribers; one who signed up this very moment is taken as stored."""
    subscribers = [
        Subscriber(
            address=row.address.typed,
            normalized=row.address.normalized,
            **({"language": row.language} if row.language else {}),
        )
        for row in rows
        if row.address
    ]
    return Subscriber.objects.bulk_create(
        subscribers,
        update_conflicts=True,
        unique_fields=["normalized"],
        update_fields=["normalized"],
    )


def _subscribe(subscribers: Sequence[Subscriber], plan: Plan) -> None:
    """Put people on the list, also those who had not confirmed yet, and keep the proof."""
    now = timezone.now()
    active = {"status": SubscriptionStatus.ACTIVE, "confirmed_at": now}
    Subscription.objects.bulk_create(
        [
            Subscription(
                subscriber=each, mailing_list=plan.mailing_list, requested_at=now, **active
            )
            for each in subscribers
        ],
        ignore_conflicts=True,
    )
    Subscription.objects.filter(
        subscriber__in=subscribers,
        mailing_list=plan.mailing_list,
        status=SubscriptionStatus.PENDING,
    ).update(**active)
    ConsentEvent.objects.bulk_create(
        ConsentEvent(
            kind=ConsentKind.IMPORTED,
            happened_at=now,
            subscriber=each,
            address_hash=Address(each.address, each.normalized).hash,
            mailing_list=plan.mailing_list,
            text=plan.proof,
            form_address=plan.form_address,
        )
        for each in subscribers
    )
