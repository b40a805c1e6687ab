"""Pictures, which always say what they show and whose they are."""

import hashlib
from collections.abc import Iterator

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kei_site.common.addresses import path_to
from publications.models.lookups import not_blank
from publications.models.stored_files import (
    FolderOfItsOwn,
    PictureFileField,
    PublicNameField,
    last_part,
)

CENTER = 50


class Rendering(models.TextChoices):
    """How far the smaller versions of a picture are."""

    WAITING = "waiting", _("being made")
    MADE = "made", _("made")
    AS_IT_IS = "as_is", _("shown as it is")
    BROKEN = "broken", _("broken")


class Image(models.Model):
    """A picture that publications, authors and Spotlights share."""

    file = PictureFileField(
        _("file"),
        upload_to=FolderOfItsOwn("images"),
        max_length=255,
        width_field="width",
        height_field="height",
    )
    public_name = PublicNameField()
    width = models.PositiveIntegerField(_("width in pixels"), editable=False)
    height = models.PositiveIntegerField(_("height in pixels"), editable=False)
    alt = models.CharField(
        _("alternative text"),
        max_length=300,
        help_text=_("What the picture shows, for readers who cannot see it."),
    )
    credit = models.CharField(
        _("credit"), max_length=200, help_text=_("Photographer, agency or licence.")
    )
    caption = models.CharField(_("caption"), max_length=500, blank=True)
    focus_x = models.PositiveSmallIntegerField(_("from the left, in percent"), default=CENTER)
    focus_y = models.PositiveSmallIntegerField(_("from the top, in percent"), default=CENTER)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    revision = models.PositiveIntegerField(_("revision"), default=0, editable=False)

    # Rows that wait are the queue of `manage.py make_renditions`.
    rendering = models.CharField(
        _("smaller versions"),
        max_length=8,
        choices=Rendering,
        default=Rendering.WAITING,
        editable=False,
    )
    # Names such as “960.webp”; empty as long as there is only the file itself.
    renditions = ArrayField(models.CharField(max_length=16), default=list, editable=False)

    class Meta:
        verbose_name = _("image")
        verbose_name_plural = _("images")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=not_blank("alt"), name="image_alt_required"),
            models.CheckConstraint(condition=not_blank("credit"), name="image_credit_required"),
            models.CheckConstraint(
                condition=Q(focus_x__lte=100, focus_y__lte=100),
                name="image_focus_in_percent",
                violation_error_message=_("The focal point is between 0 and 100 percent."),
            ),
            models.CheckConstraint(
                condition=Q(rendering__in=Rendering.values), name="image_rendering_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(rendering=Rendering.WAITING), name="images_to_render"
            ),
        ]

    def __str__(self) -> str:
        return self.alt

    def get_absolute_url(self) -> str:
        return path_to("publications:image", self.pk, self.public_name or self.file_name)

    @property
    def file_name(self) -> str:
        """The last part of the stored file's name."""
        return last_part(self.file.name)

    @property
    def rendition_key(self) -> str:
        """A name for the content of the file: that of another file never has it."""
        return hashlib.sha256(str(self.file.name).encode()).hexdigest()[:12]

    def rendition_url(self, name: str) -> str:
        """Return the address of one of the smaller versions."""
        return path_to("publications:rendition", self.pk, self.rendition_key, name)

    def rendition_path(self, name: str) -> str:
        """Return where one of the smaller versions is stored."""
        return f"renditions/{self.pk}/{self.rendition_key}/{name}"

    def widths(self, suffix: str) -> Iterator[tuple[int, str]]:
        """Yield the width and the name of every smaller version of a format, narrowest first."""
        names = [name for name in self.renditions if name.endswith(suffix)]
        yield from sorted((int(name.partition(".")[0]), name) for name in names)


class ImageUse(models.Model):
    """A picture inside a text; derived from the text whenever that is written."""

    image = models.ForeignKey(Image, models.CASCADE, related_name="uses")
    publication = models.ForeignKey("publications.Publication", models.CASCADE, null=True)
    # Readers see the first paragraph also where the rights keep the rest back.
    in_opening = models.BooleanField(default=False)
    page = models.ForeignKey("publications.Page", models.CASCADE, null=True)
    author = models.ForeignKey("publications.Author", models.CASCADE, null=True)
    series = models.ForeignKey("publications.Series", models.CASCADE, null=True)

    class Meta:
        verbose_name = _("use of an image")
        verbose_name_plural = _("uses of images")
        constraints = [
            models.UniqueConstraint(
                fields=["image", "publication", "page", "author", "series"],
                nulls_distinct=False,
                name="image_use_unique",
            ),
            models.CheckConstraint(
                condition=(
                    Q(publication__isnull=False, page=None, author=None, series=None)
                    | Q(publication=None, page__isnull=False, author=None, series=None)
                    | Q(publication=None, page=None, author__isnull=False, series=None)
                    | Q(publication=None, page=None, author=None, series__isnull=False)
                ),
                name="image_use_in_one_text",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.image_id}: {self.publication_id or self.page_id or self.author_id}"
