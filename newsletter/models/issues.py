"""Issues: one mailing each, composed of publications."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from newsletter.models.digests import Digest
from newsletter.models.lists import MailingList
from newsletter.models.lookups import SHA256_HEX
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
    preheader = models.CharField(
        _("preview text"),
        max_length=150,
        blank=True,
        help_text=_("What mail programs show beside the subject."),
    )
    intro = RichTextField(_("introduction"), blank=True)
    closing = RichTextField(_("closing text"), blank=True)
    lists = models.ManyToManyField(MailingList, related_name="issues", verbose_name=_("lists"))
    publications = models.ManyToManyField(
        Publication, through="IssueItem", related_name="+", verbose_name=_("publications")
    )
    # Of an issue that composed itself.
    digest = models.ForeignKey(
        Digest, models.SET_NULL, null=True, blank=True, related_name="issues", editable=False
    )
    is_archived = models.BooleanField(
        _("on the web"), default=True, help_text=_("Readers find it in the newsletter’s archive.")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", editable=False
    )
    approved_at = models.DateTimeField(_("approved"), null=True, editable=False)
    # Of the content that was approved: whatever is changed afterwards needs approval again.
    approved_hash = models.CharField(max_length=64, blank=True, editable=False)
    scheduled_for = models.DateTimeField(_("send from"), null=True, blank=True)
    # Why it did not begin by itself when it should have; shown until somebody tries again.
    refusal = models.TextField(_("why it did not begin"), blank=True, editable=False)
    started_at = models.DateTimeField(_("sending began"), null=True, blank=True, editable=False)
    finished_at = models.DateTimeField(_("sending ended"), null=True, blank=True, editable=False)
    # Frozen with the audience: the deliveries must add up to it before the issue is sent.
    candidates = models.PositiveIntegerField(_("audience"), null=True, blank=True, editable=False)
    # Counted at the end, so that lists of issues need not count a million deliveries.
    sent_total = models.PositiveIntegerField(_("sent"), null=True, blank=True, editable=False)
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
                condition=Q(approved_hash="", approved_at__isnull=True)
                | Q(approved_hash__regex=SHA256_HEX, approved_at__isnull=False),
                name="issue_approval_names_its_content",
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


class IssueContent(models.Model):
    """An issue as it is sent, frozen with its audience: what is changed later changes nothing."""

    issue = models.OneToOneField(
        Issue, models.CASCADE, primary_key=True, related_name="content", verbose_name=_("issue")
    )
    subject = models.CharField(max_length=200)
    # What the templates are filled with: a message that leaves items out is made from it.
    facts = models.JSONField()
    html = models.TextField()
    text = models.TextField()
    content_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("frozen content")
        verbose_name_plural = _("frozen contents")
        constraints = [
            models.CheckConstraint(
                condition=Q(content_hash__regex=SHA256_HEX), name="issue_content_is_hashed"
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class IssueLink(models.Model):
    """A link in an issue, and how often it was followed; by whom is not recorded."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="links", db_index=False)
    number = models.PositiveSmallIntegerField()
    url = models.URLField(max_length=2000)
    clicks = models.PositiveIntegerField(_("clicks"), default=0)
    machine_clicks = models.PositiveIntegerField(_("clicks of machines"), default=0)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["issue", "number"], name="issue_link_number_once"),
        ]

    def __str__(self) -> str:
        return self.url
