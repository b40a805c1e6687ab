"""What searching reads: documents, how often each term occurs, words, and what staff teach it."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from publications.models.attachments import Attachment, AttachmentPage
from publications.models.lookups import not_blank
from publications.models.publication import Publication


class SearchDocument(models.Model):
    """A narrow row beside the publication, so that searching reads nothing else.

    `vector` finds and verifies matches; it is stored out of the row. `terms` ranks: sorted
    integers, each a term's hash above eight bits that say how often it occurs, weighted.
    `facets` are 32-bit codes, one for each facet value. Drafts are here for the desk:
    `public_from` is empty for what is not published. At `whole_from` the rights let readers
    see more than the opening of the text, and the row is written anew.
    """

    publication = models.OneToOneField(
        Publication, models.CASCADE, primary_key=True, related_name="search_document"
    )
    public_from = models.DateTimeField(null=True)
    whole_from = models.DateTimeField(null=True)
    title_key = models.BigIntegerField()
    day = models.IntegerField()
    length = models.PositiveIntegerField()
    facets = models.BinaryField()
    terms = ArrayField(models.IntegerField())
    vector = SearchVectorField()

    class Meta:
        indexes = [
            GinIndex(fields=["vector"], name="search_document_vector", fastupdate=False),
            # What is scheduled is a handful; suggestions and corrections ask for it each time.
            models.Index(fields=["public_from"], name="search_document_public_from"),
            models.Index(
                fields=["whole_from"],
                condition=Q(whole_from__isnull=False),
                name="search_document_whole_from",
            ),
        ]

    def __str__(self) -> str:
        return f"words of {self.publication_id}"


class AttachmentText(models.Model):
    """The terms of a whole file, in the forms of `SearchDocument`, made when the file is read."""

    attachment = models.OneToOneField(
        Attachment, models.CASCADE, primary_key=True, related_name="search_text"
    )
    length = models.PositiveIntegerField()
    terms = ArrayField(models.IntegerField())
    vector = SearchVectorField()

    def __str__(self) -> str:
        return f"words of file {self.attachment_id}"


class PageText(models.Model):
    """The terms of one page of a file: a hit can say its page."""

    page = models.OneToOneField(
        AttachmentPage, models.CASCADE, primary_key=True, related_name="search_text"
    )
    vector = SearchVectorField()

    def __str__(self) -> str:
        return f"words of page {self.page_id}"


class SearchCount(models.Model):
    """In how many published documents a lexeme of `SearchDocument.vector` occurs."""

    lexeme = models.CharField(primary_key=True, max_length=255, db_collation="C")
    documents = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.lexeme}: {self.documents}"


class SearchWord(models.Model):
    """A word as published works spell it, and the lexeme that finds it."""

    word = models.CharField(primary_key=True, max_length=100, db_collation="C")
    lexeme = models.CharField(max_length=255, db_collation="C")

    def __str__(self) -> str:
        return self.word


class SearchSpelling(models.Model):
    """A word with at most one letter left out: two words that share one are a slip apart."""

    key = models.CharField(max_length=300, db_collation="C")
    word = models.CharField(max_length=100, db_collation="C")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "word"], name="search_spelling_unique")
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.word}"


class SearchChange(models.Model):
    """What a write changed, until `SearchCount` and `SearchWord` have taken it in."""

    publication_id = models.BigIntegerField(db_index=True)
    added = ArrayField(models.TextField())
    removed = ArrayField(models.TextField())
    length = models.BigIntegerField()
    words = models.JSONField()

    def __str__(self) -> str:
        return f"change of {self.publication_id}"


class SuggestionSource(models.TextChoices):
    """What can be suggested while somebody types."""

    TITLE = "title", _("Publications")
    AUTHOR = "author", _("People")
    TAG = "tag", _("Topics")
    OUTLET = "outlet", _("Outlets")
    SERIES = "series", _("Series")
    KIND = "kind", _("Kinds")


class SearchLabel(models.Model):
    """One word of a name or headline, for suggestions by its first letters."""

    source = models.CharField(max_length=6, choices=SuggestionSource)
    word = models.CharField(max_length=100, db_collation="C")
    # Seconds since 1970 for a publication, so that the newest come first; else 0.
    weight = models.BigIntegerField()
    object_id = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(
                fields=["source", "word", "-weight", "object_id"], name="search_label_by_word"
            ),
            models.Index(fields=["source", "object_id"], name="search_label_by_object"),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.word}"


class Synonym(models.Model):
    """Words and names that mean the same: who looks for one finds the others."""

    terms = models.TextField(
        _("words and names"),
        help_text=_("One a line, such as DPRK, North Korea and 북한: each finds all of them."),
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("synonym")
        verbose_name_plural = _("synonyms")
        ordering = ["terms"]
        constraints = [
            models.CheckConstraint(condition=not_blank("terms"), name="synonym_has_terms")
        ]

    def __str__(self) -> str:
        return " = ".join(self.terms.split("\n"))


class SynonymKey(models.Model):
    """One way of writing a synonym, as the query parser reads it."""

    synonym = models.ForeignKey(Synonym, models.CASCADE, related_name="keys")
    # The lexemes, a space between two.
    key = models.CharField(max_length=300, db_collation="C")
    # The first of them: a query looks up the synonyms that could start at each of its words.
    first = models.CharField(max_length=255, db_collation="C", db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["synonym", "key"], name="synonym_key_unique")
        ]

    def __str__(self) -> str:
        return self.key


class BestBet(models.Model):
    """A publication that staff put above the results of a search."""

    query = models.CharField(
        _("search"), max_length=200, help_text=_("What a reader types, such as thaad.")
    )
    # How the query parser reads it: capitals, accents and hyphens make no difference.
    key = models.CharField(max_length=300, db_collation="C", db_index=True, editable=False)
    publication = models.ForeignKey(
        Publication, models.CASCADE, related_name="best_bets", verbose_name=_("publication")
    )
    position = models.PositiveSmallIntegerField(_("order"), default=1)

    class Meta:
        verbose_name = _("best bet")
        verbose_name_plural = _("best bets")
        ordering = ["query", "position", "pk"]
        constraints = [
            models.CheckConstraint(condition=not_blank("query"), name="best_bet_has_a_query"),
            models.UniqueConstraint(
                fields=["key", "publication"],
                name="best_bet_once",
                violation_error_message=_("This search shows this publication already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.query}: {self.publication}"


class SearchTally(models.Model):
    """How often something was searched on a day; nothing about who did."""

    day = models.DateField(_("day"))
    query = models.CharField(_("search"), max_length=200)
    searches = models.PositiveIntegerField(_("searches"), default=0)
    # Without any result, and with one that was opened.
    empty = models.PositiveIntegerField(_("found nothing"), default=0)
    opened = models.PositiveIntegerField(_("opened a result"), default=0)

    class Meta:
        verbose_name = _("searches of a day")
        verbose_name_plural = _("what readers search")
        ordering = ["-day", "-searches"]
        constraints = [
            models.UniqueConstraint("day", Lower("query"), name="search_tally_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.query}: {self.searches}"
