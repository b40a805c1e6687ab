"""Authors: people and corporate bodies credited on publications."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Concat, Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kei_site.common.addresses import path_to
from publications.models.fields import RichTextField
from publications.models.images import Image
from publications.models.lookups import not_blank


class AuthorType(models.TextChoices):
    """Who is credited: somebody or a body."""

    PERSON = "person", _("Person")
    ORGANIZATION = "organization", _("Organization")


class Author(models.Model):
    """A person or corporate body in a byline; no login needed."""

    type = models.CharField(_("type"), max_length=12, choices=AuthorType, default=AuthorType.PERSON)
    display_name = models.CharField(
        _("display name"), max_length=200, help_text=_("As it stands in a byline.")
    )
    given_name = models.CharField(_("given name"), max_length=100, blank=True)
    family_name = models.CharField(_("family name"), max_length=100, blank=True)
    native_name = models.CharField(
        _("name in native script"), max_length=100, blank=True, help_text=_("Such as 홍길동.")
    )
    slug = models.SlugField(_("address"), max_length=200, unique=True, allow_unicode=True)
    affiliation = models.CharField(_("affiliation"), max_length=200, blank=True)
    position = models.CharField(
        _("position"), max_length=200, blank=True, help_text=_("Such as Senior Fellow.")
    )
    left_on = models.DateField(
        _("left on"),
        null=True,
        blank=True,
        help_text=_("For former staff: the page then says “former” before the position."),
    )
    biography = RichTextField(_("biography"), blank=True)
    portrait = models.ForeignKey(
        Image, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("portrait")
    )
    orcid = models.CharField(
        _("ORCID"), max_length=19, blank=True, help_text=_("Sixteen digits: 0000-0002-1825-0097.")
    )
    sort_name = models.GeneratedField(
        expression=Upper(
            Case(
                When(
                    ~Q(family_name="") & ~Q(given_name=""),
                    then=Concat(F("family_name"), Value(", "), F("given_name")),
                ),
                When(~Q(family_name=""), then=F("family_name")),
                default=F("display_name"),
            )
        ),
        output_field=models.CharField(max_length=202),
        db_persist=True,
    )
    revision = models.PositiveIntegerField(_("revision"), default=0, editable=False)

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        ordering = ["sort_name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=not_blank("display_name"), name="author_has_a_display_name"
            ),
            models.CheckConstraint(
                condition=Q(orcid="") | Q(orcid__regex=r"^\d{4}-\d{4}-\d{4}-\d{3}[\dX]$"),
                name="author_orcid_form",
                violation_error_message=_(
                    "An ORCID has sixteen digits in groups of four, such as 0000-0002-1825-0097."
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["sort_name", "id"], name="author_sort_name"),
            GinIndex(
                OpClass(Upper("display_name"), name="gin_trgm_ops"), name="author_name_trigrams"
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    def get_absolute_url(self) -> str:
        return path_to("publications:author", self.slug)

    @property
    def is_former(self) -> bool:
        """Whether the person has left the position."""
        return self.left_on is not None and self.left_on <= timezone.localdate()


class Role(models.TextChoices):
    """What somebody did for a work."""

    AUTHOR = "author", _("Author")
    EDITOR = "editor", _("Editor")
    TRANSLATOR = "translator", _("Translator")
    HOST = "host", _("Host")
    GUEST = "guest", _("Guest")


class Contribution(models.Model):
    """One name in one byline: who, in what role, at which place."""

    publication = models.ForeignKey(
        "publications.Publication", models.CASCADE, related_name="contributions"
    )
    author = models.ForeignKey(
        Author, models.PROTECT, related_name="contributions", verbose_name=_("author")
    )
    position = models.PositiveSmallIntegerField(_("order"), default=1)
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.AUTHOR)
    affiliation = models.CharField(
        _("affiliation then"),
        max_length=200,
        blank=True,
        help_text=_("When it differs from the author’s page."),
    )

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("byline")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "position"],
                name="contribution_position_unique",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message=_("Two names stand at the same place in the byline."),
            ),
            models.UniqueConstraint(
                fields=["publication", "author", "role"],
                name="contribution_author_once_per_role",
                violation_error_message=_("This author is in the byline already."),
            ),
            models.CheckConstraint(
                condition=Q(position__gte=1), name="contribution_position_from_one"
            ),
        ]

    def __str__(self) -> str:
        return str(self.author)
