"""The publication: one work, and all that belongs to it alone."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from kei_site.common.addresses import path_to
from publications.models.fields import RichTextField
from publications.models.images import Image
from publications.models.kinds import Kind
from publications.models.lookups import empty_or_web_address, not_blank
from publications.models.outlets import Outlet
from publications.models.people import Author, Contribution
from publications.models.querysets import PublicationQuerySet
from publications.models.series import Series
from publications.models.tags import Tagging
from publications.states import Status


class Language(models.TextChoices):
    """Languages of works, by their BCP 47 tags."""

    ENGLISH = "en", _("English")
    KOREAN = "ko", _("Korean")
    SPANISH = "es", _("Spanish")
    FRENCH = "fr", _("French")
    GERMAN = "de", _("German")
    JAPANESE = "ja", _("Japanese")
    CHINESE = "zh", _("Chinese")
    RUSSIAN = "ru", _("Russian")


class Rights(models.TextChoices):
    """How much of a work that ran elsewhere may stand here."""

    FULL = "full", _("Full text here")
    EXCERPT = "excerpt", _("Excerpt with a link to the outlet")
    FULL_FROM = "full_from", _("Excerpt until a date, then full text")


class Publication(models.Model):  # type: ignore[django-manager-missing]  # taggit has no types
    """One work."""

    kind = models.ForeignKey(
        Kind, models.PROTECT, related_name="publications", verbose_name=_("kind")
    )
    title = models.CharField(_("headline"), max_length=500)
    standfirst = models.TextField(
        _("standfirst"), blank=True, help_text=_("One or two sentences under the headline.")
    )
    slug = models.SlugField(_("address"), max_length=200, unique=True, allow_unicode=True)
    language = models.CharField(
        _("language"), max_length=2, choices=Language, default=Language.ENGLISH
    )
    translation_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="translations",
        verbose_name=_("translation of"),
        help_text=_("The work in its first language. Readers of each are led to the others."),
    )  # fmt: skip
    body = RichTextField(_("text"), blank=True)
    lead_image = models.ForeignKey(
        Image, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("lead image"),
    )  # fmt: skip
    report_number = models.CharField(
        _("report number"), max_length=60, blank=True, help_text=_("Printed on the cover, if any.")
    )

    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    published_at = models.DateTimeField(
        _("publication date"),
        null=True,
        blank=True,
        help_text=_("A moment in the future makes a schedule: readers see the work from then on."),
    )
    withdraw_at = models.DateTimeField(
        _("withdraw at"),
        null=True,
        blank=True,
        help_text=_("From this moment readers no longer see the work. Empty: it stays."),
    )
    withdrawal_note = models.TextField(
        _("note on withdrawal"), blank=True, help_text=_("Readers of the old address see it.")
    )

    outlet = models.ForeignKey(
        Outlet, models.PROTECT, null=True, blank=True, related_name="publications",
        verbose_name=_("outlet"), help_text=_("Where the work was first published."),
    )  # fmt: skip
    outlet_url = models.URLField(_("address at the outlet"), max_length=1000, blank=True)
    outlet_date = models.DateField(_("date at the outlet"), null=True, blank=True)
    rights = models.CharField(_("rights"), max_length=9, choices=Rights, default=Rights.FULL)
    full_text_from = models.DateField(_("full text from"), null=True, blank=True)

    series = models.ForeignKey(
        Series, models.PROTECT, null=True, blank=True, related_name="publications",
        verbose_name=_("series"),
    )  # fmt: skip
    series_number = models.PositiveIntegerField(_("number in the series"), null=True, blank=True)

    authors = models.ManyToManyField(
        Author, through=Contribution, related_name="publications", verbose_name=_("authors")
    )
    tags = TaggableManager(through=Tagging, blank=True, verbose_name=_("tags"))

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("owner"), help_text=_("Who looks after the work once it is out."),
    )  # fmt: skip
    review_by = models.DateField(
        _("review by"),
        null=True,
        blank=True,
        help_text=_("When somebody should look again whether it still holds."),
    )

    source = models.CharField(max_length=60, blank=True, editable=False)
    external_id = models.CharField(max_length=300, blank=True, editable=False)
    content_hash = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)
    revision = models.PositiveIntegerField(_("revision"), default=0, editable=False)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["-published_at", "-pk"]
        permissions = [
            ("approve_publication", _("Can approve and send back")),
            ("publish_publication", _("Can publish, schedule and withdraw")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=not_blank("title"),
                name="publication_has_a_title",
                violation_error_message=_("A publication needs a headline."),
            ),
            models.CheckConstraint(
                condition=~Q(slug=""),
                name="publication_has_an_address",
                violation_error_message=_("A publication needs an address."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="publication_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.PUBLISHED) | Q(published_at__isnull=False),
                name="published_has_a_date",
                violation_error_message=_("A published work needs a publication date."),
            ),
            models.CheckConstraint(
                condition=Q(withdraw_at__isnull=True) | Q(withdraw_at__gt=F("published_at")),
                name="withdrawn_after_it_was_published",
                violation_error_message=_("A work can be withdrawn only after it is published."),
            ),
            models.CheckConstraint(
                condition=Q(outlet__isnull=False) | Q(outlet_url="", outlet_date__isnull=True),
                name="outlet_facts_need_an_outlet",
                violation_error_message=_("Choose the outlet that the address and date belong to."),
            ),
            models.CheckConstraint(
                condition=empty_or_web_address("outlet_url"),
                name="outlet_url_is_a_web_address",
                violation_error_message=_("The address at the outlet starts with https://."),
            ),
            models.CheckConstraint(
                condition=Q(rights=Rights.FULL) | ~Q(outlet_url=""),
                name="excerpt_links_to_the_outlet",
                violation_error_message=_("An excerpt needs the address of the full text."),
            ),
            models.CheckConstraint(
                condition=Q(rights=Rights.FULL_FROM, full_text_from__isnull=False)
                | (~Q(rights=Rights.FULL_FROM) & Q(full_text_from__isnull=True)),
                name="full_text_date_when_excerpt_ends",
                violation_error_message=_(
                    "Give the date from which the full text may stand here, "
                    "or choose another rights mode."
                ),
            ),
            models.CheckConstraint(
                condition=Q(series__isnull=False) | Q(series_number__isnull=True),
                name="series_number_needs_a_series",
                violation_error_message=_("Choose the series that the number belongs to."),
            ),
            models.UniqueConstraint(
                fields=["series", "series_number"],
                name="series_number_unique",
                violation_error_message=_("Another work has this number in the series."),
            ),
            # A trigger compares a translation with its original; see migration 0016.
            models.UniqueConstraint(
                fields=["translation_of", "language"],
                name="one_translation_in_a_language",
                violation_error_message=_("There is a translation into this language already."),
            ),
            models.CheckConstraint(
                condition=Q(translation_of__isnull=True) | ~Q(translation_of=F("id")),
                name="translation_of_another_work",
                violation_error_message=_("A work is no translation of itself."),
            ),
            models.UniqueConstraint(
                fields=["source", "external_id"],
                condition=~Q(external_id=""),
                name="publication_external_id_unique",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-published_at", "-id"],
                condition=Q(status=Status.PUBLISHED),
                name="published_newest",
            ),
            models.Index(
                fields=["kind", "-published_at", "-id"],
                condition=Q(status=Status.PUBLISHED),
                name="published_by_kind",
            ),
            models.Index(
                fields=["outlet", "-published_at", "-id"],
                condition=Q(status=Status.PUBLISHED),
                name="published_by_outlet",
            ),
            models.Index(fields=["-updated_at"], name="publication_last_changed"),
            models.Index(
                fields=["withdraw_at"],
                condition=Q(withdraw_at__isnull=False),
                name="publication_withdraw_at",
            ),
            models.Index(
                fields=["review_by"],
                condition=Q(review_by__isnull=False),
                name="publication_review_by",
            ),
            # The list of the desk is sorted by these, drafts included.
            models.Index(fields=["-published_at", "-id"], name="publication_by_date"),
            models.Index(fields=["title", "-id"], name="publication_by_title"),
            models.Index(
                fields=["owner", "review_by"],
                condition=Q(review_by__isnull=False),
                name="publication_reviews_of_one",
            ),
            # What waits at the desk is a handful beside a library.
            models.Index(
                fields=["status", "-updated_at"],
                condition=~Q(status=Status.PUBLISHED),
                name="unpublished_last_changed",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return path_to("publications:publication", self.slug)

    @property
    def is_public(self) -> bool:
        """Whether readers see the work now."""
        return self.is_public_at(timezone.now())

    def is_public_at(self, moment: datetime) -> bool:
        """Say whether readers see the work at a moment."""
        return (
            self.status == Status.PUBLISHED
            and self.published_at is not None
            and self.published_at <= moment
        )

    @property
    def is_scheduled(self) -> bool:
        """Whether the work is published as of a moment still to come."""
        return self.status == Status.PUBLISHED and not self.is_public

    @property
    def shows_full_text(self) -> bool:
        """Whether the rights let the whole text stand here today."""
        return self.rights == Rights.FULL or (
            self.full_text_from is not None and self.full_text_from <= timezone.localdate()
        )

    @cached_property
    def byline(self) -> list[Any]:
        """The contributions in order; `with_cards` and `with_detail` load them for many works."""
        return sorted(self.contributions.all(), key=lambda each: each.position)


class Correction(models.Model):
    """A dated public note on a work."""

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="corrections")
    date = models.DateField(_("date"), default=timezone.localdate)
    note = models.TextField(
        _("note"), help_text=_("What was wrong and what is right now, in a sentence or two.")
    )

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["-date", "-pk"]
        constraints = [
            models.CheckConstraint(condition=not_blank("note"), name="correction_has_a_note"),
        ]

    def __str__(self) -> str:
        return f"{self.date}: {self.note}"
