"""Mailing lists: the topics one can subscribe to."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from publications.models import Tag


class MailingListQuerySet(models.QuerySet["MailingList"]):
    """Which lists a visitor meets."""

    def on_offer(self) -> "MailingListQuerySet":
        """Keep the lists that visitors may choose."""
        return self.filter(is_public=True)

    def taken_by(self, subscriber_id: int) -> "MailingListQuerySet":
        """Keep the lists that a subscriber is on or has asked for."""
        return self.filter(
            subscriptions__subscriber=subscriber_id,
            subscriptions__status__in=["pending", "active"],
        )


class MailingList(models.Model):
    """A topic that one can subscribe to."""

    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(_("address"), max_length=100, unique=True, allow_unicode=True)
    description = models.TextField(
        _("description"), blank=True, help_text=_("What subscribers get and how often.")
    )
    tags = models.ManyToManyField(
        Tag,
        blank=True,
        related_name="+",
        verbose_name=_("topics"),
        help_text=_("What is new for this list: works with one of these tags. None: all works."),
    )
    is_default = models.BooleanField(
        _("preselected"), default=False, help_text=_("A sign-up without a choice is for this list.")
    )
    is_public = models.BooleanField(
        _("on offer"), default=True, help_text=_("Visitors may sign up for it.")
    )
    position = models.PositiveSmallIntegerField(_("order"), default=1)

    objects = MailingListQuerySet.as_manager()

    class Meta:
        verbose_name = _("mailing list")
        verbose_name_plural = _("mailing lists")
        ordering = ["position", "name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(name__regex=r"\S"), name="mailing_list_has_a_name"),
            models.CheckConstraint(
                condition=Q(is_default=False) | Q(is_public=True),
                name="mailing_list_default_is_on_offer",
                violation_error_message=_("A preselected list must be on offer."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
