"""The search document: the words of a publication, weighted."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from publications.models.publication import Publication


class SearchDocument(models.Model):
    """A narrow row beside the publication, so that searching reads nothing else."""

    publication = models.OneToOneField(
        Publication, models.CASCADE, primary_key=True, related_name="search_document"
    )
    vector = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["vector"], name="search_document_vector", fastupdate=False)]

    def __str__(self) -> str:
        return f"words of {self.publication_id}"
