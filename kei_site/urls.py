"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from kei_site.health import health

handler404 = "publications.views.errors.not_found"

urlpatterns = [
    path("health", health, name="health"),
    # The same page as `admin:login`, by the name that allauth knows.
    path("admin/login/", admin.site.login, name="account_login"),
    path("admin/account/", include("kei_site.accounts.urls")),
    path("admin/mail/", include("newsletter.views.mailbox")),
    path("admin/", admin.site.urls),
    path("newsletter/", include("newsletter.urls")),
    path("", include("publications.urls")),
]
