"""The sitemap for search engines, in files by ranges of ids, and robots.txt.

A range of ids never moves: a new work changes the last file only, and no file
costs more than another, however large the site grows.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings
from django.db.models import Count, Exists, F, IntegerField, Max, Min, OuterRef, QuerySet
from django.db.models.functions import ExtractYear
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, re_path, reverse

from publications.models import Author, Kind, Outlet, Page, Publication, Series, Tag

# The protocol allows 50,000 addresses and 50 MB a file (sitemaps.org).
PER_FILE = 10_000
XMLNS = "http://www.sitemaps.org/schemas/sitemap/0.9"
Entry = tuple[str, datetime | None]
