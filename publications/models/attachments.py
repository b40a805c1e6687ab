"""Files that belong to a publication, and the text of their pages."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kei_site.common.addresses import path_to
from publications.models.publication import Publication
from publications.models.stored_files import FolderOfItsOwn, PublicNameField, last_part


class Attachment(models.Model):
    """A file, mostly PDF, that readers download from a publication's page."""

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="attachments")
    title = models.CharField(
        _("title"), max_length=200, blank=True, help_text=_("Empty for “Download”.")
    )
    file = models.FileField(_("file"), upload_to=FolderOfItsOwn("attachments"), max_length=255)
    public_name = PublicNameField()
    size = models.PositiveBigIntegerField(_("size in bytes"), editable=False, default=0)
    page_count = models.PositiveIntegerField(_("pages"), editable=False, null=True)
    # How many of the pages hold text that can be searched and read aloud.
    text_pages = models.PositiveIntegerField(_("pages with text"), editable=False, null=True)
    position = models.PositiveSmallIntegerField(_("order"), default=1)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.title or self.public_name or self.file_name

    def get_absolute_url(self) -> str:
        return path_to("publications:attachment", self.pk, self.public_name or self.file_name)

    @property
    def file_name(self) -> str:
        """The last part of the stored file's name."""
        return last_part(self.file.name)

    @property
    def is_pdf(self) -> bool:
        """Whether the name says PDF."""
        return str(self.file.name).lower().endswith(".pdf")

    @property
    def is_unreadable(self) -> bool:
        """Whether it is a PDF whose pages could not be read."""
        return self.is_pdf and self.page_count is None

    @property
    def has_no_text(self) -> bool:
        """Whether its pages are pictures of text: nobody finds a word in them or hears them."""
        return bool(self.page_count) and self.text_pages == 0


class AttachmentPage(models.Model):
    """The text of one page of a PDF."""

    attachment = models.ForeignKey(Attachment, models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField(_("page"))
    text = models.TextField(_("text"))

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["attachment", "number"], name="attachment_page_unique"),
            models.CheckConstraint(condition=Q(number__gte=1), name="attachment_page_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.attachment} p. {self.number}"
