"""Every address that readers use."""

from django.urls import include, path

from publications import feeds, sitemaps
from publications.views import citations, files, home, indexes, lists, reading, searching

app_name = "publications"

urlpatterns = [
    path("", home.home, name="home"),
    path("search/", searching.search, name="search"),
    path("publications/", lists.all_publications, name="publications"),
    path("publications/<str:slug>/", reading.publication, name="publication"),
    path("publications/<str:slug>/cite.bib", citations.bibtex_file, name="bibtex"),
    path("publications/<str:slug>/cite.ris", citations.ris_file, name="ris"),
    path("authors/", indexes.authors, name="authors"),
    path("authors/<str:slug>/", lists.author, name="author"),
    path("outlets/", indexes.outlets, name="outlets"),
    path("outlets/<str:slug>/", lists.outlet, name="outlet"),
    path("tags/", indexes.tags, name="tags"),
    path("tags/<str:slug>/", lists.tag, name="tag"),
    path("series/", indexes.series_index, name="series_index"),
    path("series/<str:slug>/", lists.series, name="series"),
    path("archive/", indexes.archive, name="archive"),
    path("archive/<int:year>/", lists.year, name="year"),
    path("files/<int:pk>/<str:name>", files.attachment, name="attachment"),
    path("images/<int:pk>/<str:name>", files.image, name="image"),
    path("logo/<str:name>", files.logo, name="logo"),
    path("theme.css", files.theme, name="theme"),
    path("feeds/", include(feeds.urlpatterns)),
    path("", include(sitemaps.urlpatterns)),
    # Last: kinds (/op-eds/) and simple pages (/about/) share the first level.
    path("<str:slug>/", lists.named, name="named"),
]
