"""Every address of the newsletter."""

from django.urls import path, re_path

from newsletter.feeds import archive_feed
from newsletter.views import (
    archive,
    clicking,
    moving,
    preferences,
    privacy,
    subscribing,
    unsubscribing,
    webhooks,
)

app_name = "newsletter"
urlpatterns = [
    path("", subscribing.subscribe, name="subscribe"),
    path("check-your-mail/", subscribing.check_mail, name="check_mail"),
    path("confirm/<str:token>/", subscribing.confirm, name="confirm"),
    path("unsubscribe/<str:signed>/", unsubscribing.unsubscribe, name="unsubscribe"),
    path("preferences/<str:signed>/", preferences.show_preferences, name="preferences"),
    path("address/<str:token>/", moving.confirm, name="confirm_move"),
    path("privacy/<str:signed>/", privacy.show_privacy, name="privacy"),
    path("privacy/<str:signed>/data/", privacy.download, name="download"),
    path("archive/", archive.archive, name="archive"),
    path("archive/<int:pk>/", archive.issue, name="issue"),
    re_path(r"^archive/(?P<extension>rss|atom)/$", archive_feed, name="archive_feed"),
    path("go/<str:signed>/", clicking.go, name="go"),
    path("webhooks/<slug:provider>/tracking/", webhooks.tracking, name="provider_event"),
]
