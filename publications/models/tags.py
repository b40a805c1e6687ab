"""Tags in four groups, and which publication carries which."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from taggit.models import ItemBase, TagBase

from kei_site.common.addresses import path_to


def split_tag_names(text: str) -> list[str]:
    """Read tag names apart at commas; “Trade policy” is one tag."""
    return sorted({name for part in text.split(",") if (name := part.strip())})


def join_tag_names(tags: Iterable[Any]) -> str:
    """Write tags so that `split_tag_names` reads them back."""
    return ", ".join(sorted(tag.name for tag in tags))


class TagGroup(models.TextChoices):
    """What a tag is about."""

    TOPIC = "topic", _("Topic")
    REGION = "region", _("Region")
    PERSON = "person", _("Person")
    PROGRAM = "program", _("Program")


class Tag(TagBase):  # type: ignore[misc]  # taggit has no types
    """A topic, region, person or program that publications are about."""

    group = models.CharField(_("group"), max_length=8, choices=TagGroup, default=TagGroup.TOPIC)
    description = models.TextField(_("description"), blank=True)
    revision = models.PositiveIntegerField(_("revision"), default=0, editable=False)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="tag_name_unique",
                violation_error_message=_("There is a tag of this name already."),
            ),
            models.CheckConstraint(
                condition=models.Q(name__regex=r"^[^,]*[^,\s][^,]*$"),
                name="tag_name_without_comma",
                violation_error_message=_("A tag needs a name, and the name has no comma in it."),
            ),
        ]

    def get_absolute_url(self) -> str:
        return path_to("publications:tag", self.slug)


class Tagging(ItemBase):  # type: ignore[misc]  # taggit has no types
    """One tag on one publication."""

    content_object = models.ForeignKey(
        "publications.Publication", models.CASCADE, related_name="taggings"
    )
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="taggings", verbose_name=_("tag"))

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["tag", "content_object"],
                name="tagging_unique",
                violation_error_message=_("The publication carries this tag already."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.tag)
