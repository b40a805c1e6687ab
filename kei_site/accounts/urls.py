"""Addresses under /admin/account/: of allauth's, only what staff need."""

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from django.urls import path
from django.utils.translation import gettext_lazy as _

from kei_site.accounts import pages
from kei_site.accounts.desk import at_the_desk, for_staff

own_account = for_staff(pages.account, _("Your account"))
again = _("Is it you?")

urlpatterns = [
    path("", own_account, name="account"),
    # Where allauth leads to when a second factor has been added or removed.
    path("", own_account, name="mfa_index"),
    path("sessions/end/", for_staff(pages.end, _("Your account")), name="account_end_sessions"),
    path("cancel/", at_the_desk(account.logout, _("Log out")), name="account_logout"),
    path("confirm/", at_the_desk(factors.authenticate, _("Second step")), name="mfa_authenticate"),
    path("again/", for_staff(account.reauthenticate, again), name="account_reauthenticate"),
    path("again/code/", for_staff(factors.reauthenticate, again), name="mfa_reauthenticate"),
    path(
        "again/passkey/",
        for_staff(passkeys.reauthenticate_webauthn, again),
        name="mfa_reauthenticate_webauthn",
    ),
    path("app/", for_staff(app.activate_totp, _("Add an app")), name="mfa_activate_totp"),
    path(
        "app/remove/",
        for_staff(app.deactivate_totp, _("Remove the app")),
        name="mfa_deactivate_totp",
    ),
    path(
        "recovery-codes/",
        for_staff(pages.recovery_codes, _("Recovery codes")),
        name="mfa_view_recovery_codes",
    ),
    path(
        "recovery-codes/new/",
        for_staff(codes.generate_recovery_codes, _("New recovery codes")),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "recovery-codes/file/",
        for_staff(codes.download_recovery_codes, _("Recovery codes")),
        name="mfa_download_recovery_codes",
    ),
    path("passkeys/", for_staff(pages.passkeys, _("Passkeys")), name="mfa_list_webauthn"),
    path(
        "passkeys/add/",
        for_staff(passkeys.add_webauthn, _("Add a passkey")),
        name="mfa_add_webauthn",
    ),
    path(
        "passkeys/<int:pk>/remove/",
        for_staff(passkeys.remove_webauthn, _("Remove a passkey")),
        name="mfa_remove_webauthn",
    ),
    path(
        "passkeys/<int:pk>/name/",
        for_staff(passkeys.edit_webauthn, _("Name a passkey")),
        name="mfa_edit_webauthn",
    ),
    path(
        "passkeys/sign-in/",
        at_the_desk(passkeys.login_webauthn, _("Log in")),
        name="mfa_login_webauthn",
    ),
]
