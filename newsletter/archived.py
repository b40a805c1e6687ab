"""The issues that readers find on the web."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import QuerySet

from newsletter.models import Issue
from newsletter.models.issues import STARTED


def archived() -> QuerySet[Issue]:
    """Return the issues that have begun to go out and that staff left on the web, newest first."""
    return Issue.objects.filter(
        status__in=STARTED, is_archived=True, content__isnull=False
    ).order_by("-started_at", "-pk")


def shown(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return frozen facts as pages and feeds show them."""
    items = [{**item, "date": date.fromisoformat(item["date"])} for item in facts["items"]]
    return {**facts, "items": items}
