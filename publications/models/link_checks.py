"""Addresses that works lead to, what was found at them, and which work uses which."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from publications.models.lookups import empty_or_web_address

# An index entry of PostgreSQL holds about 2,700 bytes; addresses are kept in ASCII.
LONGEST_ADDRESS = 2000


class LinkStatus(models.TextChoices):
    """What is known of an address; one failure is no broken link yet."""

    WAITING = "waiting", _("Not checked yet")
    WORKS = "works", _("Works")
    MOVED = "moved", _("Moved for good")
    FAILING = "failing", _("Failing since lately")
    SOFT_404 = "soft_404", _("Looks gone")
    BROKEN = "broken", _("Broken")
    UNKNOWN = "unknown", _("Could not be checked")


class LinkReason(models.TextChoices):
    """Why an address stands as it does."""

    NONE = "", "–"
    HTTP = "http", _("the server answers with an error")
    DNS = "dns", _("the name of the server is not known")
    CONNECTION = "connection", _("the server does not take the connection")
    TIMEOUT = "timeout", _("the server takes too long")
    TLS = "tls", _("the certificate or encryption is not in order")
    PROTOCOL = "protocol", _("the answer makes no sense")
    REDIRECTS = "redirects", _("it redirects in a circle, or too often")
    PRIVATE = "private", _("the address is inside a private network")
    PORT = "port", _("the address has an unusual port, which is not checked")
    ROBOTS = "robots", _("the site asks programs to stay away")
    REFUSED = "refused", _("the server does not answer programs")
    WORDS = "words", _("the page says that there is nothing")
    HOME = "home", _("it leads to the home page instead")
    OWN = "own", _("readers find nothing at this address of our own")
    FILE = "file", _("the stored file is missing")


# Readers following such a link do not find what the author meant.
GONE = (LinkStatus.BROKEN, LinkStatus.SOFT_404)
PROBLEMS = (*GONE, LinkStatus.MOVED, LinkStatus.FAILING)


class LinkCheck(models.Model):
    """One address, however many works use it. Our own are paths and have no host."""

    url = models.CharField(_("address"), max_length=LONGEST_ADDRESS, editable=False)
    host = models.CharField(_("host"), max_length=255, blank=True, editable=False)
    status = models.CharField(
        _("status"), max_length=8, choices=LinkStatus, default=LinkStatus.WAITING, editable=False
    )
    reason = models.CharField(
        _("reason"), max_length=10, choices=LinkReason, blank=True, editable=False
    )
    http_code = models.PositiveSmallIntegerField(_("HTTP status"), null=True, editable=False)
    final_url = models.CharField(
        _("leads to"), max_length=LONGEST_ADDRESS, blank=True, editable=False
    )
    checked_at = models.DateTimeField(_("last checked"), null=True, editable=False)
    next_at = models.DateTimeField(_("next check"), default=timezone.now, editable=False)
    failures = models.PositiveSmallIntegerField(_("failures in a row"), default=0, editable=False)
    failing_since = models.DateTimeField(_("failing since"), null=True, editable=False)
    ignored = models.BooleanField(
        _("ignored"),
        default=False,
        help_text=_("Not checked any more, and not in the list of problems."),
    )
    archive_url = models.URLField(
        _("archived copy"),
        max_length=1000,
        blank=True,
        help_text=_(
            "Where a copy is kept, at web.archive.org for instance. Readers are offered it beside "
            "the outlet when the original is gone."
        ),
    )

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("link health")
        ordering = ["host", "url"]
        constraints = [
            models.UniqueConstraint(fields=["url"], name="link_check_url_unique"),
            models.CheckConstraint(
                condition=Q(url__regex=r"^(?:/(?![/\\])|https?://)"), name="link_check_url_whole"
            ),
            models.CheckConstraint(
                condition=Q(status__in=LinkStatus.values), name="link_check_status_known"
            ),
            models.CheckConstraint(
                condition=Q(reason__in=LinkReason.values), name="link_check_reason_known"
            ),
            models.CheckConstraint(
                condition=empty_or_web_address("archive_url"),
                name="link_check_archive_is_web",
                violation_error_message=_("The address of the copy starts with https://."),
            ),
            models.CheckConstraint(
                condition=Q(failures=0, failing_since__isnull=True)
                | Q(failures__gt=0, failing_since__isnull=False),
                name="link_check_fails_since",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(ignored=False), name="link_check_next"),
            models.Index(fields=["host", "url"], name="link_check_host"),
            # What needs somebody is a handful beside all links of a library.
            models.Index(
                fields=["status", "host"],
                condition=Q(status__in=PROBLEMS, ignored=False),
                name="link_check_problems",
            ),
        ]

    def __str__(self) -> str:
        return self.url


class LinkPlace(models.TextChoices):
    """Where in a work an address stands."""

    BODY = "body", _("In the text")
    OUTLET = "outlet", _("Address at the outlet")
    FILE = "file", _("File to download")


class LinkUse(models.Model):
    """One address in one place of one work; derived from the work whenever it is written."""

    publication = models.ForeignKey(
        "publications.Publication", models.CASCADE, related_name="link_uses"
    )
    link = models.ForeignKey(LinkCheck, models.CASCADE, related_name="uses")
    place = models.CharField(_("place"), max_length=6, choices=LinkPlace)

    class Meta:
        verbose_name = _("use of a link")
        verbose_name_plural = _("uses of links")
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "place", "link"], name="link_use_unique"
            ),
            models.CheckConstraint(
                condition=Q(place__in=LinkPlace.values), name="link_use_place_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.publication}: {self.link}"
