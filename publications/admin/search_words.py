"""Synonyms and best bets."""

from django.contrib import admin

from publications.admin.base import ActionAdmin
from publications.models import BestBet, Synonym


@admin.register(Synonym)
class SynonymAdmin(ActionAdmin):
    """Words and names that mean the same."""

    fields = ("terms", "note")
    list_display = ("__str__", "note")
    search_fields = ("terms", "note")


@admin.register(BestBet)
class BestBetAdmin(ActionAdmin):
    """Publications that stand above the results of a search."""

    fields = ("query", "publication", "position")
    autocomplete_fields = ("publication",)
    list_display = ("query", "publication", "position")
    list_select_related = ("publication",)
    search_fields = ("query", "publication__title")
