"""What one fills in to sign in, and about oneself."""

import struct
from typing import Any

from allauth.account.forms import LoginForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from publications.models import User

LONGEST = 254


class SignInForm(LoginForm):  # type: ignore[misc]
    """A name or an e-mail address, and a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name, password = self.fields["login"], self.fields["password"]
        name.label, name.max_length = _("Username or e-mail"), LONGEST
        name.widget.attrs = {
            "autocomplete": "username webauthn", "autofocus": True, "maxlength": LONGEST,
        }  # fmt: skip
        password.max_length = 4096
        password.help_text = ""
        password.widget.attrs.pop("placeholder", None)


class OwnAccountForm(forms.ModelForm):  # type: ignore[type-arg]
    """What one says about oneself."""

    class Meta:
        model = User
        fields = ("first_name", "last_name", "email", "wants_review_mail")
        help_texts = {
            "email": _("You can sign in with it, too."),
            "wants_review_mail": _("When a work waits for you, or one of yours takes a step."),
        }


# What the libraries below raise over an answer that no passkey gives.
NO_PASSKEY = (
    AttributeError, InvalidSignature, LookupError, TypeError,
    UnsupportedAlgorithm, ValueError, struct.error,
)  # fmt: skip


class TotalPasskeyForm:
    """Takes any text for the answer of a passkey and refuses what is none."""

    def full_clean(self) -> None:
        """Refuse in words what would otherwise be an error of the site."""
        try:
            super().full_clean()  # type: ignore[misc]
        except NO_PASSKEY:
            refused = ValidationError(_("This is not the answer of a passkey of yours."))
            self.add_error(None, refused)  # type: ignore[attr-defined]


class AddPasskeyForm(TotalPasskeyForm, AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey, and whether it stands in for the password."""

    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=60,
        help_text=_("By which you know it again, such as “Phone”."),
    )
    passwordless = forms.BooleanField(
        label=_("Log in with it alone"),
        required=False,
        help_text=_("Without name and password. It then asks for your finger, face or PIN."),
    )


class PasskeyForm(TotalPasskeyForm, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey as the second step."""


class PasskeyAgainForm(TotalPasskeyForm, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey that shows who sits here."""


class PasskeySignInForm(TotalPasskeyForm, LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey instead of a password."""


class RenamePasskeyForm(EditWebAuthnForm):  # type: ignore[misc]
    """The name of a passkey."""

    name = forms.CharField(label=_("Name"), max_length=60)
