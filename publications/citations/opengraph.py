"""Open Graph tags, which social networks and messengers make a preview from (ogp.me)."""

from publications.citations.record import CitationRecord


def opengraph(record: CitationRecord) -> list[tuple[str, str]]:
    """Return the tags of a work; without a picture of its own the logo stands for it."""
    tags = [
        ("og:type", "article"),
        ("og:title", record.headline),
        ("og:url", record.url),
        ("og:site_name", record.site.name),
    ]
    if record.description:
        tags.append(("og:description", record.description))
    tags.extend(_image(record))
    if record.published:
        tags.append(("article:published_time", record.published.isoformat()))
        tags.append(("article:modified_time", record.modified.isoformat()))
    tags.extend(("article:author", name.url) for name in record.creators)
    tags.append(("article:section", record.kind_plural))
    tags.extend(("article:tag", keyword) for keyword in record.keywords)
    return tags


def _image(record: CitationRecord) -> list[tuple[str, str]]:
    if record.image:
        return [
            ("og:image", record.image.url),
            ("og:image:width", str(record.image.width)),
            ("og:image:height", str(record.image.height)),
            ("og:image:alt", record.image.alt),
        ]
    return [("og:image", record.site.logo_url)] if record.site.logo_url else []
