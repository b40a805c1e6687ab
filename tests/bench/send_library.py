"""A scratch site with its own database server, subscribers by the thousand, and an issue."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ITEMS = 16
# As long as a standfirst; 16 of them make an issue of some 26 KB.
BLURB = (
    "What the figures of the last ten years say about shipyards, wages and orders, and what they "
    "do not say: a look at the ports of the south coast and at those who work in them."
)
SUBSCRIBERS = """
INSERT INTO newsletter_subscriber
    (address, normalized, language, frequency, soft_bounces, created_at)
SELECT address, address, 'en', 'each', 0, now()
FROM (
    SELECT 'reader' || number || '@example.org' AS address FROM generate_series(1, %s) AS number
) AS made
"""
SUBSCRIPTIONS = """
INSERT INTO newsletter_subscription
    (subscriber_id, mailing_list_id, status, requested_at, confirmed_at)
SELECT id, %s, 'active', now(), now() FROM newsletter_subscriber
"""


@contextmanager
def scratch_site() -> Iterator[Path]:
    """Point the settings at an empty folder, with the embedded server in it, and clean up."""
    folder = Path(tempfile.mkdtemp(prefix="send-"))
    os.environ.pop("DATABASE_URL", None)
    os.environ |= {
        "VAR_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "kei_site.settings",
        "SMTP_SECURITY": "none",
        "SMTP_HOST": "127.0.0.1",
    }
    try:
        yield folder
    finally:
        manage("postgres", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def manage(*arguments: str) -> None:
    """Run a command of the site."""
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, check=False)


def make_subscribers(number: int) -> None:
    """Make so many subscribers of the one list."""
    from django.db import connection

    from newsletter.models import MailingList

    mailing_list = MailingList.objects.get(slug="new-publications")
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE newsletter_subscriber, newsletter_issue CASCADE")
        cursor.execute(SUBSCRIBERS, [number])
        cursor.execute(SUBSCRIPTIONS, [mailing_list.pk])
        cursor.execute("ANALYZE")


def make_issue() -> int:
    """Make an issue of usual length and return its id."""
    from django.utils import timezone

    from newsletter.models import Issue, IssueItem, MailingList
    from publications.models import Kind, Publication, SiteSettings
    from publications.states import Status

    SiteSettings.objects.update_or_create(
        pk=1, defaults={"name": "The Institute", "address": "1 Main Street, Washington"}
    )
    issue = Issue.objects.create(subject="The week in shipbuilding")
    issue.lists.set([MailingList.objects.get(slug="new-publications")])
    for number in range(1, ITEMS + 1):
        work, _ = Publication.objects.get_or_create(
            slug=f"harbor-{number}",
            defaults={
                "kind": Kind.objects.order_by("pk")[0],
                "title": f"Report {number} from the harbors of the south coast",
                "standfirst": BLURB,
                "status": Status.PUBLISHED,
                "published_at": timezone.now(),
            },
        )
        IssueItem.objects.create(issue=issue, publication=work, position=number)
    return issue.pk
