"""Synonyms and best bets."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from publications.actions.search_words import save_best_bet, save_synonym
from publications.admin.base import ActionAdmin
from publications.models import BestBet, Synonym


@admin.register(Synonym)
class SynonymAdmin(ActionAdmin):
    """Words and names that mean the same."""

    fields = ("terms", "note")
    list_display = ("__str__", "note")
    search_fields = ("terms", "note")

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        save_synonym(form.instance)


@admin.register(BestBet)
class BestBetAdmin(ActionAdmin):
    """Publications that stand above the results of a search."""

    fields = ("query", "publication", "position")
    autocomplete_fields = ("publication",)
    list_display = ("query", "publication", "position")
    list_select_related = ("publication",)
    search_fields = ("query", "publication__title")

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: Any) -> None:
        save_best_bet(form.instance)
