"""Staff accounts, as Django manages them."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin

from publications.models import User

admin.site.register(User, UserAdmin)
