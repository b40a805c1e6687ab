"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from kei_site.health import health

handler404 = "publications.views.errors.not_found"

urlpatterns = [
    path("health", health, name="health"),
    path("admin/", admin.site.urls),
    path("newsletter/", include("newsletter.urls")),
    path("", include("publications.urls")),
]
