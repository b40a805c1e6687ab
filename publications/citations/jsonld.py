"""schema.org data about a work as one linked graph: work, publisher, breadcrumbs.

What search engines ask for: Google’s “Article structured data” (authors one by
one with their pages, dates with the offset) and schema.org’s own definitions.
"""

from collections.abc import Sequence
from typing import Any

from publications.citations.record import CitationRecord, Name, Picture
from publications.models import Role
from publications.translations import Translation

Node = dict[str, Any]

# The property in which each role stands; schema.org has no word for a host.
ROLE_PROPERTIES = {
    Role.EDITOR: "editor",
    Role.TRANSLATOR: "translator",
    Role.GUEST: "contributor",
    Role.HOST: "contributor",
}


def jsonld(record: CitationRecord, family: Sequence[Translation] = ()) -> Node:
    """Return the graph of a work; `family` begins with the work itself."""
    work = _event(record) if record.schema_org == "Event" else _creative_work(record)
    return {
        "@context": "https://schema.org",
        "@graph": [
            _common(record) | work | _translations(family),
            _publisher(record),
            _breadcrumbs(record),
        ],
    }


def _common(record: CitationRecord) -> Node:
    return _filled(
        {
            "@type": record.schema_org,
            "@id": f"{record.url}#work",
            "url": record.url,
            "name": record.title,
            "description": record.description,
            "inLanguage": record.language,
            "keywords": list(record.keywords),
            "image": _image(record.image),
            "sameAs": record.outlet_url,
        }
    )


def _creative_work(record: CitationRecord) -> Node:
    node = {
        "mainEntityOfPage": record.url,
        "headline": record.title,
        "author": [_name(name) for name in record.creators],
        "publisher": {"@id": _publisher_id(record)},
        "isPartOf": _containers(record),
        "articleSection": record.kind_plural,
        "encoding": _pdf(record),
    }
    if record.published:
        node["datePublished"] = record.published.isoformat()
        node["dateModified"] = record.modified.isoformat()
    if record.schema_org == "VideoObject" and record.published:
        node["uploadDate"] = record.published.isoformat()
        node["thumbnailUrl"] = record.image.url if record.image else ""
    if record.schema_org == "Report":
        node["reportNumber"] = record.number
    return _filled(node | _other_roles(record))


def _translations(family: Sequence[Translation]) -> Node:
    """Say of what the work is a translation, or which there are of it."""
    others = [
        {"@id": f"{each.url}#work", "url": each.url, "inLanguage": each.language}
        for each in family[1:]
        if family[0].is_original or each.is_original
    ]
    name = "workTranslation" if family and family[0].is_original else "translationOfWork"
    return {name: others} if others else {}


def _event(record: CitationRecord) -> Node:
    """Return what an event has: it is no creative work, so it has no author and no publisher."""
    return _filled(
        {
            "organizer": {"@id": _publisher_id(record)},
            "performer": [_name(name) for name in record.names],
        }
    )


def _other_roles(record: CitationRecord) -> Node:
    """Return those of the byline who are not cited as its authors."""
    cited = set(record.creators)
    node: dict[str, list[Node]] = {}
    for name in record.names:
        if name not in cited:
            node.setdefault(ROLE_PROPERTIES[Role(name.role)], []).append(_name(name))
    return node


def _name(name: Name) -> Node:
    return _filled(
        {
            "@type": "Organization" if name.is_organization else "Person",
            "name": name.display,
            "givenName": name.given,
            "familyName": name.family,
            "url": name.url,
            "sameAs": name.orcid,
            "affiliation": {"@type": "Organization", "name": name.affiliation}
            if name.affiliation and not name.is_organization
            else None,
        }
    )


def _containers(record: CitationRecord) -> list[Node]:
    """Return what the work is part of: the outlet it ran in, the series it belongs to."""
    outlet = {
        "@type": "Newspaper" if record.csl == "article-newspaper" else "Periodical",
        "name": record.outlet,
        "url": record.outlet_home_page,
    }
    series = {
        "@type": "PodcastSeries" if record.schema_org == "PodcastEpisode" else "CreativeWorkSeries",
        "name": record.series,
        "url": record.series_url,
    }
    return [_filled(each) for each in (outlet, series) if each["name"]]


def _publisher_id(record: CitationRecord) -> str:
    return record.site.absolute("/#organization")


def _publisher(record: CitationRecord) -> Node:
    site = record.site
    logo = {"@type": "ImageObject", "url": site.logo_url} if site.logo_url else None
    return _filled(
        {
            "@type": "Organization",
            "@id": _publisher_id(record),
            "name": site.name,
            "url": site.absolute("/"),
            "logo": logo,
        }
    )


def _breadcrumbs(record: CitationRecord) -> Node:
    trail = [
        (record.site.name, record.site.absolute("/")),
        (record.kind_plural, record.kind_url),
        (record.title, record.url),
    ]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": url}
            for position, (name, url) in enumerate(trail, start=1)
        ],
    }


def _image(picture: Picture | None) -> Node | None:
    if picture is None:
        return None
    return {
        "@type": "ImageObject",
        "url": picture.url,
        "width": picture.width,
        "height": picture.height,
        "caption": picture.alt,
    }


def _pdf(record: CitationRecord) -> Node | None:
    if record.pdf is None:
        return None
    return {
        "@type": "MediaObject",
        "contentUrl": record.pdf.url,
        "encodingFormat": "application/pdf",
        "contentSize": str(record.pdf.size),
    }


def _filled(node: Node) -> Node:
    """Leave out what is not known."""
    return {key: value for key, value in node.items() if value not in ("", None, [])}
