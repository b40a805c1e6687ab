"""Issues: one mailing each, composed of publications."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from newsletter.models.lists import MailingList
from publications.models import Publication
from publications.models.fields import RichTextField


class IssueStatus(models.TextChoices):
    """Where an issue stands between the first draft and the last delivery."""

    DRAFT = "draft", _("Draft")
    SCHEDULED = "scheduled", _("Scheduled")
    SENDING = "sending", _("Sending")
    PAUSED = "paused", _("Paused")
    SENT = "sent", _("Sent")
    CANCELLED = "cancelled", _("Cancelled")


STARTED = (IssueStatus.SENDING, IssueStatus.PAUSED, IssueStatus.SENT)


class Issue(models.Model):
    """One newsletter mailing."""

    status = models.CharField(
        _("status"), max_length=9, choices=IssueStatus, default=IssueStatus.DRAFT
    )
    subject = models.CharField(_("subject"), max_length=200)
    intro = RichTextField(_("introduction"), blank=True)
    lists = models.ManyToManyField(MailingList, related_name="issues", verbose_name=_("lists"))
    publications = models.ManyToManyField(
        Publication, through="IssueItem", related_name="+", verbose_name=_("publications")
    )
    scheduled_for = models.DateTimeField(_("send from"), null=True, blank=True)
    started_at = models.DateTimeField(_("sending began"), null=True, blank=True, editable=False)
    finished_at = models.DateTimeField(_("sending ended"), null=True, blank=True, editable=False)
    # Frozen with the audience: the deliveries must add up to it before the issue is sent.
    candidates = models.PositiveIntegerField(_("audience"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    class Meta:
        verbose_name = _("issue")
        verbose_name_plural = _("issues")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=IssueStatus.values), name="issue_status_known"
            ),
            models.CheckConstraint(
                condition=Q(subject__regex=r"\S") & ~Q(subject__regex=r"[[:cntrl:]]"),
                name="issue_subject_is_one_line",
                violation_error_message=_("The subject is one line of text."),
            ),
            models.CheckConstraint(
                condition=~Q(status=IssueStatus.SCHEDULED) | Q(scheduled_for__isnull=False),
                name="scheduled_issue_has_a_time",
                violation_error_message=_("A scheduled issue needs a time."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=STARTED)
                | Q(started_at__isnull=False, candidates__isnull=False),
                name="started_issue_has_an_audience",
            ),
            models.CheckConstraint(
                condition=~Q(status=IssueStatus.SENT) | Q(finished_at__isnull=False),
                name="sent_issue_has_an_end",
            ),
        ]
        indexes = [
            models.Index(
                fields=["scheduled_for"],
                condition=Q(status=IssueStatus.SCHEDULED),
                name="issue_schedule",
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class IssueItem(models.Model):
    """One publication in one issue, with its own headline and blurb where given."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="items")
    publication = models.ForeignKey(
        Publication, models.PROTECT, related_name="+", verbose_name=_("publication")
    )
    position = models.PositiveSmallIntegerField(_("order"), default=1)
    headline = models.CharField(
        _("own headline"), max_length=300, blank=True, help_text=_("Empty for the work’s own.")
    )
    blurb = models.TextField(
        _("own blurb"), blank=True, help_text=_("Empty for the work’s standfirst.")
    )

    class Meta:
        verbose_name = _("item")
        verbose_name_plural = _("items")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["issue", "position"],
                name="issue_item_position_unique",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message=_("Two items stand at the same place."),
            ),
            models.UniqueConstraint(
                fields=["issue", "publication"],
                name="issue_item_publication_once",
                violation_error_message=_("This publication is in the issue already."),
            ),
            models.CheckConstraint(
                condition=Q(position__gte=1), name="issue_item_position_from_one"
            ),
        ]

    def __str__(self) -> str:
        return self.headline or self.publication.title
