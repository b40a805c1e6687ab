"""What publications give to the calendar of the desk."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kei_site.common.calendars import MOST, Entry, Mover
from publications.actions import scheduling
from publications.forms.calendar import MoveForm, MoveOrDropForm, SpotlightTimesForm
from publications.models import PendingChange, Publication, Spotlight
from publications.permissions import may_move
from publications.states import Status

FORM = "admin:publications_publication_change"


def entries(user: Any, since: datetime, until: datetime) -> list[Entry]:
    """Return what an account may see between two moments: works, their ends, Spotlights."""
    found: list[Entry] = []
    if user.has_perm("publications.view_publication"):
        found += _works(user, since, until)
        found += _withdrawals(user, since, until)
        found += _changes(user, since, until)
    if user.has_perm("publications.view_spotlight"):
        found += _spotlights(user, since, until)
    return found


def _works(user: Any, since: datetime, until: datetime) -> list[Entry]:
    """Return works that came or come out, and those that have a date but are not approved yet."""
    now = timezone.now()
    planned = [Status.DRAFT, Status.IN_REVIEW, Status.APPROVED]
    works = (
        Publication.objects.filter(published_at__gte=since, published_at__lt=until)
        .filter(Q(status=Status.PUBLISHED) | Q(status__in=planned, published_at__gt=now))
        .order_by("published_at", "pk")
        .only("title", "status", "published_at")
    )[:MOST]
    return [
        Entry(
            work.published_at,
            "publication",
            _work_label(work, now),
            work.title,
            work.pk,
            reverse(FORM, args=[work.pk]),
            is_movable=not work.is_public_at(now) and may_move(user, work, Status(work.status)),
        )
        for work in works
        if work.published_at
    ]


def _work_label(work: Publication, now: datetime) -> str:
    if work.is_public_at(now):
        return _("Published")
    if work.status == Status.PUBLISHED:
        return _("Scheduled")
    return _("Planned: %(status)s") % {"status": work.get_status_display()}


def _withdrawals(user: Any, since: datetime, until: datetime) -> list[Entry]:
    works = (
        Publication.objects.to_be_withdrawn()
        .filter(withdraw_at__gte=since, withdraw_at__lt=until)
        .order_by("withdraw_at", "pk")
        .only("title", "status", "withdraw_at")
    )[:MOST]
    return [
        Entry(
            work.withdraw_at, "withdrawal", _("Withdrawal"), work.title, work.pk,
            reverse(FORM, args=[work.pk]), is_movable=may_move(user, work, Status.WITHDRAWN),
        )
        for work in works
        if work.withdraw_at
    ]  # fmt: skip


def _changes(user: Any, since: datetime, until: datetime) -> list[Entry]:
    changes = (
        PendingChange.objects.filter(publish_at__gte=since, publish_at__lt=until)
        .order_by("publish_at", "pk")
        .values_list("publish_at", "publication__title", "publication_id")
    )
    may = user.has_perm("publications.publish_publication")
    return [
        Entry(
            at, "changes", _("Changes"), title, pk, reverse(FORM, args=[pk]), is_movable=may
        )
        for at, title, pk in changes[:MOST]
        if at
    ]  # fmt: skip


def _spotlights(user: Any, since: datetime, until: datetime) -> list[Entry]:
    spotlights = (
        Spotlight.objects.filter(starts_at__gte=since, starts_at__lt=until)
        .order_by("starts_at")
        .select_related("publication")
        .only("headline", "starts_at", "ends_at", "publication__title")
    )
    may, now = user.has_perm("publications.change_spotlight"), timezone.now()
    return [
        Entry(
            each.starts_at, "spotlight", _("Spotlight"), str(each), each.pk,
            reverse("admin:publications_spotlight_change", args=[each.pk]),
            is_movable=may and (each.ends_at is None or each.ends_at > now), until=each.ends_at,
        )
        for each in spotlights[:MOST]
    ]  # fmt: skip


def _work(pk: int) -> Publication | None:
    return Publication.objects.filter(pk=pk).first()


def _changed_work(pk: int) -> Publication | None:
    works = Publication.objects.select_related("pending_change")
    return works.filter(pk=pk, pending_change__isnull=False).first()


def _spotlight(pk: int) -> Spotlight | None:
    return Spotlight.objects.select_related("publication").filter(pk=pk).first()


def _may_set(user: Any, work: Publication) -> bool:
    return bool(user.has_perm("publications.view_publication")) and may_move(
        user, work, Status(work.status)
    )


def _may_publish(user: Any, _thing: Any) -> bool:
    return bool(
        user.has_perms(["publications.view_publication", "publications.publish_publication"])
    )


def _may_feature(user: Any, _thing: Any) -> bool:
    return bool(user.has_perms(["publications.view_spotlight", "publications.change_spotlight"]))


MOVERS: Mapping[str, Mover] = {
    "publication": Mover(
        gettext_lazy("Move the publication"),
        _work,
        MoveForm,
        lambda work: {"at": work.published_at},
        lambda work, by, typed: scheduling.redate(work, by=by, at=typed["at"]),
        _may_set,
    ),
    "withdrawal": Mover(
        gettext_lazy("Move the withdrawal"),
        _work,
        MoveOrDropForm,
        lambda work: {"at": work.withdraw_at},
        lambda work, by, typed: scheduling.set_withdrawal(work, by=by, at=typed["at"]),
        _may_publish,
    ),
    "changes": Mover(
        gettext_lazy("Move the changes"),
        _changed_work,
        MoveOrDropForm,
        lambda work: {"at": work.pending_change.publish_at},
        lambda work, by, typed: scheduling.set_release(work, by=by, at=typed["at"]),
        _may_publish,
    ),
    "spotlight": Mover(
        gettext_lazy("Move the Spotlight"),
        _spotlight,
        SpotlightTimesForm,
        lambda each: {"starts_at": each.starts_at, "ends_at": each.ends_at},
        lambda each, by, typed: scheduling.set_spotlight(
            each, by=by, starts_at=typed["starts_at"], ends_at=typed["ends_at"]
        ),
        _may_feature,
    ),
}
