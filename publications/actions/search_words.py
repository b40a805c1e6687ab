"""What staff teach the search: synonyms, and what stands above the results."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from publications.models import BestBet, Synonym, SynonymKey
from publications.search.best_bets import LONGEST_KEY, bet_key
from publications.search.synonyms import keys, spellings, split_terms


@transaction.atomic
def save_synonym(synonym: Synonym) -> Synonym:
    """Write words that mean the same, and how a search is compared with each of them."""
    terms = split_terms(synonym.terms)
    ensure_searchable(terms)
    synonym.terms = "\n".join(terms)
    synonym.save()
    synonym.keys.all().delete()
    SynonymKey.objects.bulk_create(
        SynonymKey(synonym=synonym, key=key, first=key.split(" ")[0]) for key in keys(terms)
    )
    return synonym


def ensure_searchable(terms: list[str]) -> None:
    """Refuse what could never be found, and a word that means only itself."""
    for term in terms:
        names = keys([term])
        if not names or max(map(len, names)) > LONGEST_KEY:
            raise ValidationError(
                _("“%(term)s” cannot be searched for: it has no words, or too many."),
                code="no_word",
                params={"term": term},
            )
    if len({spellings(term) for term in terms}) < 2:
        raise ValidationError(_("Give at least two words or names, one a line."), code="one_term")


@transaction.atomic
def save_best_bet(bet: BestBet) -> BestBet:
    """Put a publication above the results of a search."""
    bet.key = bet_key(bet.query)
    if not bet.key:
        raise ValidationError(
            _("“%(query)s” has no word in it."), code="no_word", params={"query": bet.query}
        )
    bet.validate_constraints()
    bet.save()
    return bet
