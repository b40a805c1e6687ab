"""Every address that readers use."""

from django.urls import include, path, register_converter
from django.urls.converters import StringConverter

from publications import feeds, sitemaps
from publications.views import (
    citations,
    files,
    home,
    indexes,
    lists,
    reading,
    search_files,
    searching,
    sharing,
    suggesting,
)


class TextConverter(StringConverter):
    """Any text but a slash; NUL, which PostgreSQL cannot compare, is no address."""

    regex = r"[^/\x00]+"


register_converter(TextConverter, "text")

app_name = "publications"

urlpatterns = [
    path("", home.home, name="home"),
    path("search/", searching.search, name="search"),
    path("search/results.atom", search_files.atom_feed, name="search_atom"),
    path("search/results.json", search_files.json_file, name="search_json"),
    path("search/results.ris", search_files.ris_file, name="search_ris"),
    path("search/results.bib", search_files.bibtex_file, name="search_bib"),
    path("search/suggest/", suggesting.suggestions, name="suggest"),
    path("opensearch.xml", suggesting.opensearch, name="opensearch"),
    path("publications/", lists.all_publications, name="publications"),
    path("publications/<text:slug>/", reading.publication, name="publication"),
    path("work/<int:pk>/", reading.by_number, name="by_number"),
    path("publications/<text:slug>/cite.bib", citations.bibtex_file, name="bibtex"),
    path("publications/<text:slug>/cite.ris", citations.ris_file, name="ris"),
    path("authors/", indexes.authors, name="authors"),
    path("authors/<text:slug>/", lists.author, name="author"),
    path("outlets/", indexes.outlets, name="outlets"),
    path("outlets/<text:slug>/", lists.outlet, name="outlet"),
    path("tags/", indexes.tags, name="tags"),
    path("tags/<text:slug>/", lists.tag, name="tag"),
    path("series/", indexes.series_index, name="series_index"),
    path("series/<text:slug>/", lists.series, name="series"),
    path("archive/", indexes.archive, name="archive"),
    path("archive/<int:year>/", lists.year, name="year"),
    path("files/<int:pk>/<text:name>", files.attachment, name="attachment"),
    path("images/<int:pk>/<text:name>", files.image, name="image"),
    path("images/<int:pk>/<text:key>/<text:name>", files.rendition, name="rendition"),
    path("preview/<text:token>/", sharing.shared, name="shared"),
    path("preview/<text:token>/<path:address>", sharing.shared_file, name="shared_file"),
    path("logo/<text:name>", files.logo, name="logo"),
    path("theme.css", files.theme, name="theme"),
    path("feeds/", include(feeds.urlpatterns)),
    path("", include(sitemaps.urlpatterns)),
    # Last: kinds (/op-eds/) and simple pages (/about/) share the first level.
    path("<text:slug>/", lists.named, name="named"),
]
