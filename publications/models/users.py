"""Staff accounts. Authors need none: see `people`."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A member of staff who signs in to the admin."""

    wants_review_mail = models.BooleanField(
        _("mail about reviews"),
        default=True,
        help_text=_("When a work waits for this person, or one of theirs takes a step."),
    )

    class Meta:
        verbose_name = _("staff account")
        verbose_name_plural = _("staff accounts")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=~Q(email=""),
                name="user_email_unique",
                violation_error_message=_("Another account uses this e-mail address."),
            ),
        ]
