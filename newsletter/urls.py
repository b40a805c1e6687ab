"""Every address of the newsletter."""

from django.urls import path

from newsletter.views import subscribing, unsubscribing

app_name = "newsletter"
urlpatterns = [
    path("", subscribing.subscribe, name="subscribe"),
    path("check-your-mail/", subscribing.check_mail, name="check_mail"),
    path("confirm/<str:token>/", subscribing.confirm, name="confirm"),
    path("unsubscribe/<str:signed>/", unsubscribing.unsubscribe, name="unsubscribe"),
]
