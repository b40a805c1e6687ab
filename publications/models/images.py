"""Pictures, which always say what they show and whose they are."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from publications.models.lookups import not_blank


class Image(models.Model):
    """A picture that publications, authors and Spotlights share."""

    file = models.ImageField(
        _("file"), upload_to="images/%Y/%m", width_field="width", height_field="height"
    )
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
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name = _("image")
        verbose_name_plural = _("images")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=not_blank("alt"), name="image_alt_required"),
            models.CheckConstraint(condition=not_blank("credit"), name="image_credit_required"),
        ]

    def __str__(self) -> str:
        return self.alt

    def get_absolute_url(self) -> str:
        return reverse("publications:image", args=[self.pk, self.file_name])

    @property
    def file_name(self) -> str:
        """The last part of the stored file's name."""
        return str(self.file.name).rpartition("/")[2]
