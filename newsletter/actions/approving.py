"""A second pair of eyes: who may approve what, and what may be sent."""

from typing import Any

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from newsletter.linting import lint
from newsletter.mail.rendering import content_hash, facts_of
from newsletter.models import Issue, IssueStatus, NewsletterSettings

APPROVABLE = (IssueStatus.DRAFT, IssueStatus.SCHEDULED)


@transaction.atomic
def approve(issue_id: int, by: Any, *, seen: str = "") -> Issue:
    """Approve the content as it is now; refused to whoever wrote it.

    `seen` is the hash of what the person looked at: when somebody has changed the
    issue in the meantime, nothing is approved.
    """
    issue = Issue.objects.select_for_update().get(pk=issue_id)
    if issue.status not in APPROVABLE:
        raise ValidationError(_("Only what has not been sent can be approved."), code="moved")
    if wrote(by, issue):
        raise ValidationError(
            _("You wrote this issue or changed it last: somebody else has to approve it."),
            code="author",
        )
    now = content_hash(facts_of(issue))
    if seen and seen != now:
        raise ValidationError(
            _("The issue was changed while you looked at it. Please look again."), code="changed"
        )
    issue.approved_by, issue.approved_at, issue.approved_hash = by, timezone.now(), now
    issue.save(update_fields=["approved_by", "approved_at", "approved_hash", "updated_at"])
    return issue


def is_approved(issue: Issue) -> bool:
    """Say whether exactly this content was approved."""
    return bool(issue.approved_hash) and issue.approved_hash == content_hash(facts_of(issue))


def ensure_may_send(issue: Issue) -> None:
    """Refuse an issue that a second person has to approve first."""
    if not NewsletterSettings.read().needs_approval or is_approved(issue):
        return
    if issue.approved_hash:
        raise ValidationError(
            _("The issue was changed after it was approved, so that it needs approval again."),
            code="outdated",
        )
    raise ValidationError(_("A second person has to approve this issue first."), code="unapproved")


def ensure_free_of_errors(issue: Issue) -> None:
    """Refuse an issue in which the linter finds errors; its warnings are advice."""
    if errors := [str(finding.text) for finding in lint(issue) if finding.level == "error"]:
        raise ValidationError(errors, code="lint")


def wrote(user: Any, issue: Issue) -> bool:
    """Say whether somebody began the issue or changed it last, as the desk's log has it."""
    if user.pk == issue.created_by_id:
        return True
    changes = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Issue),
        object_id=str(issue.pk),
        action_flag=CHANGE,
        # The log describes an edit as a list of changes; a step such as a pause is a sentence.
        change_message__startswith="[{",
    )
    last = changes.order_by("-action_time", "-pk").values_list("user_id", flat=True).first()
    return bool(last == user.pk)


@transaction.atomic
def save_settings(settings: NewsletterSettings) -> NewsletterSettings:
    """Store how the newsletter is run, approval among it."""
    settings.full_clean()
    settings.save()
    return settings
